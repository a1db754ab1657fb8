"""Entering a person who was not here yet, and inviting them."""

from __future__ import annotations

import secrets

from flask import flash, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.front.admin.parts import attempt, bp, done, keepers
from cogov.front.admin.people.finding import PersonForm, people_page
from cogov.front.admin.sending import invite
from cogov.ground.db import found
from cogov.ground.pages import actor
from cogov.people.commands import register_person
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.entering import pseudonym_from


@bp.post("/people")
@keepers
def register() -> Answer:
    """Enter a person and invite them."""
    form = PersonForm()
    if form.validate_on_submit():
        contact = found(contact_from(form.contact.data or ""))
        name, chosen = form.name.data or "", pseudonym_from(form.pseudonym.data or "")
        person = attempt(
            form,
            {"contact_taken": "contact"},
            "pseudonym",
            lambda: register_person(
                actor(), contact=contact, name=name, pseudonym=chosen or any_pseudonym(), once=form.token
            ),
        )
        if person is not None:
            invite(contact)
            flash(
                gettext("已登记。对方在登录页填 %(contact)s，选用验证码登录。", contact=masked(contact.value)), "done"
            )
            return done(url_for("admin.person", person_id=person.id))
    return people_page(form, 422)


def any_pseudonym() -> str:
    """Return a pseudonym for somebody who has not chosen one yet."""
    return f"新成员{secrets.token_hex(4)}"
