"""Entering matters, duty items and calendar days; starting, stopping and pausing clocks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update

from cogov.duties.events import CalendarChanged, ClockPaused, ClockResumed, DutyEntered, MatterEntered
from cogov.duties.models import CalendarDay, ClockPause, DutyItem, Matter, RunningClock
from cogov.duties.queries import calendar_for, pauses_of
from cogov.duties.rules.clock import Limit, due
from cogov.duties.rules.duty import ListKind, MatterKey
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Code
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id


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
    row = session().scalars(
        for_change(
            select(Matter).where(Matter.standard == key.standard, Matter.kind == key.kind, Matter.code == key.code)
        )
    ).one_or_none()
    if row is None:
        row = Matter(standard=key.standard, kind=key.kind, code=key.code)
        session().add(row)
    row.name, row.lane, row.rules, row.reason, row.radius_m = name, lane, rules, reason, radius_m
    row.limit_amount, row.limit_unit = (limit.amount, limit.unit) if limit else (None, None)
    row.basis, row.close_condition, row.confidence = basis, close_condition, confidence
    session().flush()
    record(MatterEntered(row.id, Code(key.code)), by, subject=("matter", row.id))
    return row


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
    row = session().scalars(
        for_change(select(CalendarDay).where(CalendarDay.scope == scope, CalendarDay.day == day))
    ).one_or_none()
    if row is None:
        row = CalendarDay(scope=scope, day=day, working=working)
        session().add(row)
    row.working, row.name = working, name
    record(CalendarChanged(day, working), by)
    return row


@verb
def start_clock(
    purpose: Purpose,
    subject_id: int,
    *,
    place_id: int,
    problem_id: int | None,
    promise: Limit | datetime,
    organization_id: int | None = None,
    person_id: int | None = None,
    basis: str = "",
) -> RunningClock:
    """Start the clock of a subject, by a limit in the place's calendar or until a moment; one before it is stopped."""
    stop_clock(purpose, subject_id)
    started = now()
    limit = promise if isinstance(promise, Limit) else None
    due_at = due(started, promise, calendar_for(place_by_id(place_id).code)) if isinstance(promise, Limit) else promise
    clock = RunningClock(
        purpose=purpose,
        subject_id=subject_id,
        place_id=place_id,
        problem_id=problem_id,
        organization_id=organization_id,
        person_id=person_id,
        limit_amount=limit.amount if limit else None,
        limit_unit=limit.unit if limit else None,
        basis=basis,
        started_at=started,
        due_at=due_at,
    )
    session().add(clock)
    session().flush()
    return clock


@verb
def stop_clock(purpose: Purpose, subject_id: int) -> None:
    """Stop the clock of a subject, if one runs."""
    session().execute(
        update(RunningClock)
        .where(
            RunningClock.purpose == purpose, RunningClock.subject_id == subject_id, RunningClock.stopped_at.is_(None)
        )
        .values(stopped_at=now())
    )


@verb
def mark_handled(clock_id: int) -> RunningClock | None:
    """Lock a clock that has run out and mark it handled; None when it was stopped or handled meanwhile."""
    clock = session().scalars(
        select(RunningClock)
        .where(
            RunningClock.id == clock_id,
            RunningClock.stopped_at.is_(None),
            RunningClock.handled_at.is_(None),
            RunningClock.due_at <= now(),
        )
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if clock is not None:
        clock.handled_at = now()
    return clock


@verb
def pause_clock(by: Actor, clock_id: int, *, reason: str) -> None:
    """Pause a clock in public; the deadline moves when it runs again."""
    clock = _locked(clock_id)
    paused = session().scalar(
        select(ClockPause.id).where(ClockPause.clock_id == clock_id, ClockPause.ended_at.is_(None))
    )
    insist(None if paused is None else Refusal("clock_paused", say("时钟已经暂停。")))
    insist(None if clock.limit_amount else Refusal("clock_fixed", say("这个期限是定死的时刻，不能暂停。")))
    session().add(ClockPause(clock_id=clock_id, reason=reason, began_at=now()))
    record(ClockPaused(clock.id, clock.purpose), by, place_id=clock.place_id, problem_id=clock.problem_id)


@verb
def resume_clock(by: Actor, clock_id: int) -> None:
    """Let a paused clock run again and move its deadline by the pause."""
    clock = _locked(clock_id)
    pause = session().scalars(
        select(ClockPause).where(ClockPause.clock_id == clock_id, ClockPause.ended_at.is_(None))
    ).one_or_none()
    insist(None if pause is not None else Refusal("clock_runs", say("时钟没有暂停。")))
    found(pause).ended_at = now()
    session().flush()
    limit = Limit(found(clock.limit_amount), found(clock.limit_unit))
    calendar = calendar_for(place_by_id(clock.place_id).code)
    clock.due_at = due(clock.started_at, limit, calendar, pauses_of([clock.id])[clock.id])
    record(ClockResumed(clock.id, clock.purpose), by, place_id=clock.place_id, problem_id=clock.problem_id)


def _locked(clock_id: int) -> RunningClock:
    query = select(RunningClock).where(RunningClock.id == clock_id, RunningClock.stopped_at.is_(None))
    return found(session().scalars(for_change(query)).one_or_none())
