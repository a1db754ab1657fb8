"""The shares of a unit's co-owners: how they stand on the roll, and writing them as the land register has them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from cogov.front.admin.parts import TOO_LONG, KeepForm, attempt, bp, done, form_status, keepers, link
from cogov.ground.db import found, session
from cogov.ground.pages import actor, page, words
from cogov.ground.refusals import Refused, insist
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands import set_shares
from cogov.places.models import Building, Owner, Ownership, Unit
from cogov.places.queries import place_by_id
from cogov.places.rules.roll import door_words
from cogov.places.rules.roll_sheet import share_of

CoOwner = tuple[str, Ownership]
"""The number of an owner on the roll, and what they hold."""


class SharesForm(KeepForm):
    """A line for each co-owner; the fields are named when it is known who they are."""


def _check_share(_form: Any, field: Any) -> None:
    try:
        share_of(field.data or "")
    except Refused as error:
        raise ValidationError(f"{words(error.refusal.message)}{words(error.refusal.what_next)}") from error


def _form_for(owners: Sequence[CoOwner]) -> SharesForm:
    named = {
        _field_of(held): StringField(
            lazy_gettext("业主 %(number)s 的份额", number=number),
            [Length(max=20, message=TOO_LONG), _check_share],
            filters=[lambda value: (value or "").strip()],
            default=_written(held),
            render_kw={"maxlength": 20},
        )
        for number, held in owners
    }
    form: SharesForm = type("SharesOf", (SharesForm,), named)()
    return form


def _field_of(held: Ownership) -> str:
    """Return the name of a line: of the ownership itself, so that none can be taken for another's."""
    return f"share_{held.id}"


def _written(held: Ownership) -> str:
    return f"{held.share_part}/{held.share_of}" if held.share_of is not None else ""


def owners_cells(unit_ids: Sequence[int]) -> dict[int, Markup | str]:
    """Return for each unit how many own it now; of several, a link to their shares."""
    query = (
        select(Ownership.unit_id, Ownership.share_part, Ownership.share_of)
        .where(Ownership.unit_id.in_(unit_ids), Ownership.until.is_(None))
        .order_by(Ownership.id)
    )
    held: dict[int, list[Fraction]] = {unit_id: [] for unit_id in unit_ids}
    for unit_id, part, whole in session().execute(query):
        held[unit_id].append(Fraction(part or 0, whole or 1))
    return {unit_id: _owners_cell(unit_id, shares) for unit_id, shares in held.items()}


def _owners_cell(unit_id: int, shares: Sequence[Fraction]) -> Markup | str:
    if len(shares) < 2:
        return gettext("1 位") if shares else gettext("不知道")
    return link(url_for("admin.shares", unit_id=unit_id), gettext("%(n)s 位共有", n=len(shares)), _missing(shares))


def _missing(shares: Sequence[Fraction]) -> str:
    """Say what is still to be registered of the shares of a unit; 0 stands for one that is not."""
    without, rest = shares.count(Fraction(0)), 1 - sum(shares, Fraction(0))
    if without == len(shares):
        return gettext("没有登记份额")
    if without:
        return gettext("%(n)s 位没有登记", n=without)
    return gettext("还差 %(rest)s", rest=f"{rest.numerator}/{rest.denominator}") if rest else gettext("份额齐了")


@bp.route("/units/<id:unit_id>/shares", methods=["GET", "POST"])
@keepers
def shares(unit_id: int) -> Answer:
    """Show what share each co-owner of a unit has, and write it."""
    unit = found(session().get(Unit, unit_id))
    insist(why_not_keep(actor(), place_by_id(unit.community_id).code))
    owners = _owners(unit_id)
    form = _form_for(owners)
    if form.is_submitted() and not _is_for(owners):
        form.validate()
        return _shares(
            unit,
            owners,
            form,
            422,
            [gettext("这套房的业主刚刚有变动，没有保存。您填的还在，请对照现在的业主核对后再保存。")],
        )
    if form.validate_on_submit() and _saved(unit_id, owners, form):
        flash(gettext("份额已保存；已经公告的表决仍按公告时的份额。"), "done")
        return done(url_for("admin.shares", unit_id=unit_id))
    return _shares(unit, owners, form, form_status())


def _is_for(owners: Sequence[CoOwner]) -> bool:
    """Say whether what was sent is about those who own the unit now: about all of them, and about nobody else."""
    sent = {name for name in request.form if name.startswith("share_")}
    return bool(owners) and sent == {_field_of(held) for _, held in owners}


def _owners(unit_id: int) -> list[CoOwner]:
    query = (
        select(Owner.reference, Ownership)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id == unit_id, Ownership.until.is_(None))
        .order_by(Owner.reference)
    )
    return [(number, held) for number, held in session().execute(query)]


def _saved(unit_id: int, owners: Sequence[CoOwner], form: SharesForm) -> bool:
    # An empty line says that no share is registered: the form shows all that are.
    told = {number: share_of(form[_field_of(held)].data) or Fraction(0) for number, held in owners}
    token, first = form.token, _field_of(owners[0][1])
    saved = attempt(form, {}, first, lambda: set_shares(actor(), unit_id=unit_id, shares=told, once=token))
    return saved is not None


def _shares(
    unit: Unit, owners: Sequence[CoOwner], form: SharesForm, status: int, warnings: Sequence[str] = ()
) -> Response:
    building = found(session().get(Building, unit.building_id))
    written = [Fraction(held.share_part or 0, held.share_of or 1) for _, held in owners]
    summed = sum(written, Fraction(0))
    return page(
        "front/admin/page.html",
        status,
        title=gettext("共有份额：%(door)s", door=words(door_words(building.name, unit.staircase, unit.door))),
        back={"url": url_for("admin.building", building_id=building.id), "text": building.name},
        lead=gettext(
            "规则写明“共有人各投各的份额”的表决，按这里的份额分面积。有一位没有登记，这一套就全体投得一致才算投；加起来不满一整套的，余下的面积没有人投，仍算在总数里。"
        ),
        warnings=warnings,
        tables=[
            {
                "caption": gettext("现在的业主"),
                "head": [gettext("业主编号"), {"label": gettext("份额"), "number": True}],
                "rows": [[number, _written(held) or gettext("没有登记")] for number, held in owners]
                + ([[gettext("合计"), f"{summed.numerator}/{summed.denominator}"]] if summed else []),
                "empty": gettext("名册上没有这套房现在的业主。"),
            }
        ],
        cards=[
            {
                "title": gettext("登记或更正份额"),
                "line": gettext("写成 1/3、50%，除不尽的写分数；共同共有、没有份额的留空。"),
                "form": form.freshened(),
                "action": url_for("admin.shares", unit_id=unit.id),
                "submit": gettext("保存份额"),
            }
        ]
        if owners
        else [],
    )
