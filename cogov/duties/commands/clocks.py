"""Starting, stopping and pausing clocks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from cogov.duties.events import ClockPaused, ClockResumed
from cogov.duties.models import ClockPause, RunningClock
from cogov.duties.queries import calendar_for, pauses_of
from cogov.duties.rules.clock import Limit, due
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import record, verb
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_id


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
def hand_clock(clock_id: int, organization_id: int) -> None:
    """Let another organization answer for a clock that runs on; what it promises stays as it is."""
    session().execute(
        update(RunningClock)
        .where(RunningClock.id == clock_id, RunningClock.stopped_at.is_(None))
        .values(organization_id=organization_id)
    )


@verb
def mark_handled(clock_id: int) -> RunningClock | None:
    """Lock a clock that has run out and mark it handled; None when it was stopped or handled meanwhile."""
    clock = (
        session()
        .scalars(
            select(RunningClock)
            .where(
                RunningClock.id == clock_id,
                RunningClock.stopped_at.is_(None),
                RunningClock.handled_at.is_(None),
                RunningClock.paused_at.is_(None),
                RunningClock.due_at <= now(),
            )
            .with_for_update(skip_locked=True)
        )
        .one_or_none()
    )
    if clock is not None:
        clock.handled_at = now()
    return clock


@verb
def pause_clock(by: Actor, clock_id: int, *, reason: str) -> None:
    """Pause a clock in public; the deadline moves when it runs again.

    Whoever owes the work stops no clock on it: the command centre or the street office of the place does.
    """
    clock = _locked(clock_id)
    by = _who_pauses(by, clock)
    insist(None if clock.paused_at is None else Refusal("clock_paused", say("时钟已经暂停。")))
    insist(None if clock.limit_amount else Refusal("clock_fixed", say("这个期限是定死的时刻，不能暂停。")))
    clock.paused_at = now()
    pause = ClockPause(clock_id=clock_id, reason=reason, salt=salt(), began_at=clock.paused_at)
    session().add(pause)
    session().flush()
    said = ClockPaused(clock.id, clock.purpose, pause.id, commit_to(pause.salt, reason))
    record(said, by, place_id=clock.place_id, problem_id=clock.problem_id)


@verb
def resume_clock(by: Actor, clock_id: int) -> None:
    """Let a paused clock run again and move its deadline by the pause; who may pause it may do this."""
    clock = _locked(clock_id)
    by = _who_pauses(by, clock)
    pause = (
        session()
        .scalars(select(ClockPause).where(ClockPause.clock_id == clock_id, ClockPause.ended_at.is_(None)))
        .one_or_none()
    )
    insist(None if pause is not None else Refusal("clock_runs", say("时钟没有暂停。")))
    found(pause).ended_at = now()
    clock.paused_at = None
    session().flush()
    limit = Limit(found(clock.limit_amount), found(clock.limit_unit))
    calendar = calendar_for(place_by_id(clock.place_id).code)
    clock.due_at = due(clock.started_at, limit, calendar, pauses_of([clock.id])[clock.id])
    record(ClockResumed(clock.id, clock.purpose), by, place_id=clock.place_id, problem_id=clock.problem_id)


def _who_pauses(by: Actor, clock: RunningClock) -> Actor:
    if by.is_clock:
        return by
    standing = by.standing(place_by_id(clock.place_id).code, Role.DISPATCHER, Role.STREET_OFFICE)
    insist(
        None
        if standing is not None
        else Refusal(
            "not_who_pauses",
            say("时钟只能由指挥中心或街道暂停，欠着这件事的单位不能自己停。"),
            what_next=say("请写明原因，请指挥中心或街道暂停。"),
            status=403,
        )
    )
    return by.under(standing)


def _locked(clock_id: int) -> RunningClock:
    query = select(RunningClock).where(RunningClock.id == clock_id, RunningClock.stopped_at.is_(None))
    return found(session().scalars(for_change(query)).one_or_none())
