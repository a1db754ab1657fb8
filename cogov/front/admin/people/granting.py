"""Granting a role and ending it."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.front.admin.parts import attempt, bp, done, keepers
from cogov.front.admin.people.person import person_page
from cogov.front.admin.people.roles import RoleForm, role_card
from cogov.ground.db import session
from cogov.ground.pages import actor, powerful, words
from cogov.ground.words import say
from cogov.people.commands import appoint, dismiss
from cogov.people.models import Countersign, Organization
from cogov.people.rules import MANDATE_KINDS, Role, role_words
from cogov.people.rules.sheets import since_start_of, until_end_of


@bp.post("/people/<id:person_id>/roles")
@keepers
@powerful(say("授予身份"))
def grant(person_id: int) -> Answer:
    """Give somebody a role."""
    form = RoleForm()
    role_card(person_id, form)
    token = request.form.get("once", "")[:64] or None
    if form.validate_on_submit():
        role, body = Role(form.role.data), _chosen(form.organization.data)
        if role in MANDATE_KINDS and body is None:
            form.complain("organization", gettext("“%(role)s”代表单位办事，要选单位。", role=words(role_words(role))))
            return person_page(person_id, 422, role=form)
        scope = form.scope.data or (body.scope if body else "")
        if not scope:
            form.complain("scope", gettext("个人的身份要写管到哪里。"))
            return person_page(person_id, 422, role=form)
        granted = attempt(
            form,
            {
                "name_needed": "public_name",
                "role_held": "role",
                "role_is_personal": "organization",
                "wrong_organization": "organization",
                "until_past": "until",
                "until_before_since": "until",
                "beyond_organization": "scope",
                "not_who_keeps": "scope",
            },
            "scope",
            lambda: appoint(
                actor(),
                person_id=person_id,
                role=role,
                scope=scope,
                organization_id=body.id if body else None,
                public_name=form.public_name.data or "",
                since=since_start_of(form.since.data),
                until=until_end_of(form.until.data),
                document=form.document.data or "",
                once=token,
            ),
        )
        if isinstance(granted, Countersign):
            flash(gettext("已提出，等另一位管理员确认后生效。"), "done")
            return done(url_for("admin.person", person_id=person_id))
        if granted is not None:
            flash(gettext("已授予%(role)s，对方下一次操作起生效。", role=words(role_words(role))), "done")
            return done(url_for("admin.person", person_id=person_id))
    return person_page(person_id, 422, role=form)


def _chosen(value: str | None) -> Organization | None:
    return session().get(Organization, int(value)) if value else None


@bp.post("/roles/<id:role_id>/end")
@keepers
@powerful(say("结束一个人的身份"))
def dismiss_role(role_id: int) -> Answer:
    """End a role."""
    row = dismiss(actor(), role_id, once=request.form.get("once"))
    if isinstance(row, Countersign):
        flash(gettext("已提出，等另一位管理员确认后生效。"), "done")
        return done(url_for("admin.person", person_id=row.person_id))
    flash(gettext("已结束%(role)s，对方下一次操作起生效。", role=words(role_words(row.role))), "done")
    return done(url_for("admin.person", person_id=row.person_id))
