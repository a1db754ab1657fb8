"""The roles of one person: the table of them, and the form that grants one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from cogov.front.admin.parts import NEEDED, PAGE, KeepForm, button, day, offer, text, two, within
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import words
from cogov.people.models import Organization, RoleHeld
from cogov.people.queries import place_names
from cogov.people.rules import Role, kind_words, role_words
from cogov.people.rules.sheets import BY_ROLL

BY_HAND = tuple(role for role in Role if role not in BY_ROLL)


class RoleForm(KeepForm):
    """A role, where, for whom, on which paper, from when until when."""

    role = SelectField(lazy_gettext("身份"), [InputRequired(NEEDED)])
    organization = SelectField(
        lazy_gettext("代表的单位"), [Optional()], description=lazy_gettext("个人的身份（居民、审计员、管理员）不选。")
    )
    scope = text(
        lazy_gettext("管到哪里"), 32, needed=False, description=lazy_gettext("地域代码；不填就是单位管辖的地方。")
    )
    public_name = text(
        lazy_gettext("公开的姓名"), 80, needed=False, description=lazy_gettext("代表单位办事时大家看到的名字。")
    )
    document = text(
        lazy_gettext("授权文件"),
        120,
        needed=False,
        description=lazy_gettext("文号或会议日期，例如：街办〔2026〕12 号。"),
    )
    since = DateField(lazy_gettext("从哪天起"), [Optional()], description=lazy_gettext("不填就是现在。"))
    until = DateField(
        lazy_gettext("到哪天为止"), [Optional()], description=lazy_gettext("这一天还算；不填就是收回为止。")
    )


def role_card(person_id: int, form: RoleForm) -> dict[str, Any]:
    """Return the card that grants a role."""
    offer(form.role, ((role.value, words(role_words(role))) for role in BY_HAND), empty=gettext("请选择"))
    offer(form.organization, _organizations(), empty=gettext("请选择"))
    return {
        "title": gettext("授予身份"),
        "line": gettext("业主和租户按名册核对给出，不在这里授予。"),
        "form": form.freshened(),
        "action": url_for("admin.grant", person_id=person_id),
        "submit": gettext("授予"),
        "id": "role",
    }


def _organizations() -> Iterable[tuple[str, str]]:
    query = select(Organization).where(Organization.ended_at.is_(None), within(Organization.scope))
    rows: Sequence[Organization] = (
        session().scalars(query.order_by(Organization.kind, Organization.id).limit(500)).all()
    )
    return [(str(row.id), f"{row.name}（{words(kind_words(row.kind))}）") for row in rows]


def roles_table(person_id: int, *, keeps: bool) -> dict[str, Any]:
    """Return the roles of a person in one's area, also those that have ended."""
    query = (
        select(RoleHeld, Organization.name)
        .outerjoin(Organization, Organization.id == RoleHeld.organization_id)
        .where(RoleHeld.person_id == person_id, within(RoleHeld.scope, Role.STREET_OFFICE))
        .order_by(RoleHeld.ended_at.is_not(None), RoleHeld.id.desc())
        .limit(PAGE)
    )
    rows = session().execute(query).all()
    names = place_names(held.scope for held, _ in rows)
    at = now()
    return {
        "caption": gettext("在您管的地方的身份"),
        "head": [gettext("身份"), gettext("单位和文件"), gettext("在哪里"), gettext("期限"), gettext("状态")],
        "rows": [
            [
                words(role_words(held.role)),
                two(" · ".join(part for part in (body, held.public_name) if part), held.document),
                names.get(held.scope, held.scope),
                f"{day(held.since)} – {day(held.until, last=True)}",
                _state(held, at, keeps=keeps),
            ]
            for held, body in rows
        ],
        "empty": gettext("还没有身份。"),
    }


def _state(held: RoleHeld, at: datetime, *, keeps: bool) -> Any:
    if held.ended_at is not None or (held.until is not None and held.until <= at):
        return gettext("已结束")
    if not keeps:
        return gettext("有效")
    return button(url_for("admin.dismiss_role", role_id=held.id), gettext("结束"))
