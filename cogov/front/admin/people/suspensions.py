"""Who is kept from speaking: the table for one person with its form, and the list of all."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    areas,
    bp,
    button,
    cut,
    day,
    link,
    offer,
    pill,
    suspenders,
    within,
)
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import actor, id_arg, page, words
from cogov.people.models import Person, RoleHeld, Suspension
from cogov.people.queries import place_names
from cogov.people.rules.keeping import SUSPENDERS
from cogov.people.rules.suspension import SuspensionReason, suspension_words


class SuspensionForm(KeepForm):
    """For what reason, where and how long somebody may not speak."""

    reason = SelectField(lazy_gettext("原因"), [InputRequired(NEEDED)])
    scope = SelectField(lazy_gettext("在哪里"), [InputRequired(NEEDED)])
    since = DateField(lazy_gettext("从哪天起"), [Optional()], description=lazy_gettext("不填就是现在。"))
    until = DateField(lazy_gettext("到哪天为止"), [InputRequired(NEEDED)])


def suspension_card(person_id: int, form: SuspensionForm) -> dict[str, Any]:
    """Return the card that keeps a person from speaking."""
    reasons = ((reason.value, words(suspension_words(reason))) for reason in SuspensionReason)
    offer(form.reason, reasons, empty=gettext("请选择"))
    codes = areas(*SUSPENDERS)
    names = place_names(codes)
    below = _communities_of(person_id)
    offered = {**below, **{code: names.get(code, code) for code in codes}}
    offer(form.scope, offered.items())
    return {
        "title": gettext("停用发言"),
        "line": gettext(
            "停用期间不能提出、附议、发言和认领，照样能看、能投票。"
            "超过 30 天要由另一个人同意。到期自动恢复，本人看得到原因和申诉的去处。"
        ),
        "form": form.freshened(),
        "action": url_for("admin.suspend", person_id=person_id),
        "submit": gettext("停用"),
        "danger": True,
        "id": "suspension",
    }


def _communities_of(person_id: int) -> dict[str, str]:
    """Return the communities in one's area where a person has a role."""
    query = select(RoleHeld.scope).where(
        RoleHeld.person_id == person_id,
        RoleHeld.ended_at.is_(None),
        within(RoleHeld.scope, *SUSPENDERS),
        func.length(RoleHeld.scope) >= 12,
    )
    codes = sorted({code[:12] for code in session().scalars(query)})
    names = place_names(codes)
    return {code: names.get(code, code) for code in codes}


def suspensions_table(person_id: int) -> dict[str, Any]:
    """Return the suspensions of a person in one's area, the latest first."""
    query = select(Suspension).where(Suspension.person_id == person_id, within(Suspension.scope, *SUSPENDERS))
    rows = session().scalars(query.order_by(Suspension.id.desc()).limit(PAGE)).all()
    names = place_names(row.scope for row in rows)
    return {
        "caption": gettext("停用发言的记录"),
        "head": [gettext("原因"), gettext("在哪里"), gettext("期限"), gettext("状态")],
        "rows": [_suspension_row(row, names) for row in rows],
        "empty": gettext("没有停用过。"),
    }


@bp.get("/suspensions")
@suspenders
def suspensions() -> Response:
    """List who is kept from speaking, and what waits for a second person."""
    after = id_arg("after")
    query = (
        select(Suspension, Person.pseudonym)
        .join(Person, Person.id == Suspension.person_id)
        .where(within(Suspension.scope, *SUSPENDERS), Suspension.lifted_at.is_(None), Suspension.until > now())
        .order_by(Suspension.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(Suspension.id < after)
    rows, more = cut(session().execute(query).all())
    names = place_names(row.scope for row, _ in rows)
    head = [gettext("人"), gettext("原因"), gettext("在哪里"), gettext("期限"), gettext("状态")]
    return page(
        "front/admin/page.html",
        title=gettext("停用发言"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("要停用一个人，先在“人和身份”里找到他。停用从不影响看和投票。"),
        tables=[
            {
                "caption": gettext("停用中和等人同意的"),
                "head": head,
                "rows": [
                    [link(url_for("admin.person", person_id=row.person_id), name), *_suspension_row(row, names)]
                    for row, name in rows
                ],
                "empty": gettext("现在没有人被停用。"),
            }
        ],
        next_url=url_for("admin.suspensions", after=rows[-1][0].id) if more else "",
    )


def _suspension_row(row: Suspension, names: dict[str, str]) -> list[Any]:
    return [
        words(suspension_words(row.reason)),
        names.get(row.scope, row.scope),
        f"{day(row.since)} – {day(row.until, last=True)}",
        _suspension_state(row),
    ]


def _suspension_state(row: Suspension) -> Any:
    lift = button(url_for("admin.lift", suspension_id=row.id), gettext("撤回"))
    if row.lifted_at is not None:
        return gettext("%(day)s 撤回", day=day(row.lifted_at))
    if row.until <= now():
        return gettext("到期恢复")
    if row.agreed_at is not None:
        return pill("late", "ban", gettext("停用中")) + lift
    agree = button(url_for("admin.agree", suspension_id=row.id), gettext("同意停用"))
    own = row.asked_by == actor().person_id
    return pill("time", "hourglass", gettext("等另一个人同意")) + (lift if own else agree + lift)
