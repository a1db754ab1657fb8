"""Entering matters, duty items and calendar days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cogov.duties.events import CalendarChanged, DutyEntered, MatterEntered
from cogov.duties.models import CalendarDay, DutyItem, Matter
from cogov.duties.rules.clock import Limit
from cogov.duties.rules.duty import ListKind, MatterKey
from cogov.ground.db import for_change, session, unless_taken
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.journal.batches import Effect, effect_on
from cogov.journal.event import Code
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor


@verb
def enter_matter(
    by: Actor,
    *,
    key: MatterKey,
    name: str,
    lane: str = "",
    rules: str = "",
    reason: str = "",
    radius_m: int = 250,
    limit: Limit | None = None,
    basis: str = "",
    close_condition: str = "",
    confidence: str = "L",
) -> Matter:
    """Enter a matter of the catalogue; entering it again corrects it."""
    return put_matter(
        by,
        key,
        name=name,
        lane=lane,
        rules=rules,
        reason=reason,
        radius_m=radius_m,
        limit=limit,
        basis=basis,
        close_condition=close_condition,
        confidence=confidence,
    )[0]


def put_matter(by: Actor, key: MatterKey, *, limit: Limit | None, **values: object) -> tuple[Matter, Effect]:
    """Enter or correct a matter inside a transaction."""
    row = (
        session()
        .scalars(
            for_change(
                select(Matter).where(Matter.standard == key.standard, Matter.kind == key.kind, Matter.code == key.code)
            )
        )
        .one_or_none()
    )
    if row is None:
        row = Matter(standard=key.standard, kind=key.kind, code=key.code)
    for name, value in values.items():
        setattr(row, name, value)
    row.limit_amount, row.limit_unit = (limit.amount, limit.unit) if limit else (None, None)
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        session().add(row)
        session().flush()
        record(MatterEntered(row.id, Code(key.code)), by, subject=("matter", row.id))
    return row, effect


@verb
def enter_duty(
    by: Actor,
    *,
    scope: str,
    number: str,
    matter_id: int,
    organization_id: int,
    list_kind: ListKind,
    limit: Limit,
    basis: str,
    condition: str = "",
    valid_from: date,
    valid_to: date | None = None,
    version: int = 1,
) -> DutyItem:
    """Enter an item of a duty list: which body answers for a matter at a place, in what limit, on what basis."""
    row = DutyItem(
        scope=scope,
        number=number,
        version=version,
        matter_id=matter_id,
        organization_id=organization_id,
        list_kind=list_kind,
        limit_amount=limit.amount,
        limit_unit=limit.unit,
        basis=basis,
        condition=condition,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    with unless_taken(Refusal("duty_exists", say("清单里已经有这个编号的这一版。"), status=422)):
        session().add(row)
    record(DutyEntered(row.id, matter_id, organization_id), by, subject=("duty_item", row.id))
    return row


@verb
def change_calendar(by: Actor, *, scope: str, day: date, working: bool, name: str = "") -> CalendarDay:
    """Declare a day worked or off at a place and everything under it (empty scope: everywhere)."""
    return put_day(by, scope=scope, day=day, working=working, name=name)[0]


def put_day(by: Actor, *, scope: str, day: date, working: bool, name: str) -> tuple[CalendarDay, Effect]:
    """Declare or correct a day inside a transaction."""
    row = session().scalars(
        for_change(select(CalendarDay).where(CalendarDay.scope == scope, CalendarDay.day == day))
    ).one_or_none() or CalendarDay(scope=scope, day=day)
    row.working, row.name = working, name
    effect = effect_on(row)
    if effect is not Effect.UNCHANGED:
        session().add(row)
        record(CalendarChanged(day, working), by)
    return row, effect
