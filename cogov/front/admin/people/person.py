"""One person: their roles and suspensions in one's area, and a look at how they are reached."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.front.admin.parts import bp, suspenders
from cogov.front.admin.people.roles import RoleForm, role_card, roles_table
from cogov.front.admin.people.suspensions import SuspensionForm, suspension_card, suspensions_table
from cogov.front.admin.second import LookForm, look_card
from cogov.ground.db import found, session
from cogov.ground.pages import actor, page, powerful
from cogov.ground.words import say
from cogov.people.commands import Seen, look_at_contact
from cogov.people.models import Identity, Person
from cogov.people.rules import Role
from cogov.people.rules.contacts import masked
from cogov.people.rules.looking import masked_name


@bp.get("/people/<id:person_id>")
@suspenders
def person(person_id: int) -> Response:
    """Show the roles of a person in one's area, with the forms to grant one and to suspend."""
    return person_page(person_id, 200)


def person_page(
    person_id: int,
    status: int,
    *,
    role: RoleForm | None = None,
    suspension: SuspensionForm | None = None,
    look: LookForm | None = None,
    seen: Seen | None = None,
) -> Response:
    """Show a person; a form that was refused comes back as it was filled in."""
    row, identity = person_for(person_id)
    own, keeps = actor().person_id == person_id, _may_keep()
    cards = []
    if keeps and not own:
        cards.append(role_card(person_id, role or RoleForm(formdata=None)))
    if not own:
        cards.append(suspension_card(person_id, suspension or SuspensionForm(formdata=None)))
        cards.append(look_card(person_id, look or LookForm(formdata=None)))
    return page(
        "front/admin/page.html",
        status,
        title=row.pseudonym,
        back={
            "url": url_for("admin.people" if keeps else "admin.index"),
            "text": gettext("人和身份") if keeps else gettext("管理"),
        },
        lead=_reached(identity, seen, keeps=keeps),
        warnings=[gettext("这是您自己。登记自己的事，要由另一位管理员来办。")] if own else [],
        tables=[roles_table(person_id, keeps=keeps), suspensions_table(person_id)],
        cards=cards,
    )


def person_for(person_id: int) -> tuple[Person, Identity | None]:
    """Return a person; anybody registered may be given a role, so whoever keeps a register may open them."""
    person = found(session().get(Person, person_id))
    return person, session().get(Identity, person_id)


def _may_keep() -> bool:
    return any(held.role is Role.ADMINISTRATOR for held in actor().standings)


def _reached(identity: Identity | None, seen: Seen | None, *, keeps: bool) -> str:
    """Return how a person is called and reached: whole for whoever has just said why, else so that one tells them."""
    if seen is not None:
        return " · ".join(each for each in (seen.name, seen.phone, seen.email) if each)
    if identity is None:
        return ""
    contacts = [masked(each) for each in (identity.phone, identity.email) if each]
    return " · ".join(each for each in (masked_name(identity.name) if keeps else "", *contacts) if each)


@bp.post("/people/<id:person_id>/look")
@suspenders
@powerful(say("看一个人的姓名和联系方式"))
def look(person_id: int) -> Answer:
    """Show name and contacts of a person, once, for a reason that the person can read."""
    form = LookForm()
    person_for(person_id)
    token = form.token
    look_card(person_id, form)
    if not form.validate_on_submit():
        return person_page(person_id, 422, look=form)
    seen = look_at_contact(actor(), person_id, reason=form.reason.data, once=token)
    return person_page(person_id, 200, seen=seen)
