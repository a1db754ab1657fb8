"""The desk: what waits for the organizations an official acts for, by deadline, and what waits for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, tuple_

from cogov.cases.models import Call, Case, Stamp, Step
from cogov.cases.rules import CallState, CaseState, StampKind
from cogov.cases.rules.phrases import STATE
from cogov.duties.models import RunningClock
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by

DESK_ROLES = frozenset({Role.OFFICIAL, Role.DISPATCHER, Role.INSPECTOR, Role.CLOSER, Role.STREET_OFFICE})
PAGE = 30
NEEDS = 20


class DeskFilter(StrEnum):
    """Which part of a desk is looked at."""

    MINE = "mine"
    TODAY = "today"
    LATE = "late"
    OTHERS = "others"


@dataclass(frozen=True)
class DeskRow:
    """One thing that waits: a case with whoever is accountable for it, or a call with the body called."""

    clock_id: int
    due_at: datetime
    late: bool
    paused: bool
    case_id: int
    call_id: int | None
    number: str
    problem_number: str
    title: str
    state: CaseState
    round: int
    reworks: int
    emergency: bool
    unjoined: bool = False
    """Whether it waits for the dispatcher to say if other bodies are needed."""

    @property
    def line(self) -> Words:
        """Say in one line what is to be done."""
        if self.call_id is not None:
            return say("被吹哨，等答复")
        if self.unjoined:
            return say("缺联动章，等您写明要不要联动")
        if self.state is CaseState.HANDLING and self.reworks:
            return say("返工第 {n} 次", n=self.reworks)
        if self.state is CaseState.DISPATCHED and self.round > 1:
            return say("没有修好，重开第 {n} 轮，待签收", n=self.round)
        return STATE[self.state]


@dataclass(frozen=True)
class DeskCounts:
    """How much lies in each part of a desk."""

    mine: int
    today: int
    late: int
    others: int


@dataclass(frozen=True)
class DeskPage:
    """One page of a desk; ``after`` leads to the next."""

    rows: tuple[DeskRow, ...]
    after: tuple[datetime, int] | None


def desks_of(by: Actor) -> frozenset[int]:
    """Return the organizations at whose desk this actor sits."""
    return frozenset(
        held.organization_id for held in by.standings if held.role in DESK_ROLES and held.organization_id is not None
    )


@dataclass(frozen=True)
class _Desk:
    organizations: frozenset[int]
    command: frozenset[int]
    """Command centres one dispatches for."""
    street: frozenset[str]
    """Where one's street office is told of what is late."""


def _desk_of(by: Actor) -> _Desk:
    return _Desk(
        desks_of(by),
        frozenset(
            held.organization_id for held in by.standings if held.role is Role.DISPATCHER and held.organization_id
        ),
        frozenset(held.scope for held in by.standings if held.role is Role.STREET_OFFICE and held.organization_id),
    )


def desk(
    by: Actor,
    part: DeskFilter = DeskFilter.MINE,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> DeskPage:
    """Return what waits, by deadline; ``after`` is the (deadline, clock) of the last row seen."""
    mine = _desk_of(by)
    if not mine.organizations:
        return DeskPage((), None)
    at = now()
    query = _rows(_unjoined(mine, at)).where(_part(part, mine, at))
    if after is not None:
        query = query.where(tuple_(RunningClock.due_at, RunningClock.id) > after)
    rows = _read(query.order_by(RunningClock.due_at, RunningClock.id).limit(limit + 1), at)
    shown = tuple(rows[:limit])
    return DeskPage(shown, (shown[-1].due_at, shown[-1].clock_id) if len(rows) > limit else None)


def counts(by: Actor) -> DeskCounts:
    """Return how much lies in each part, in one query."""
    mine = _desk_of(by)
    if not mine.organizations:
        return DeskCounts(0, 0, 0, 0)
    at = now()
    sums = [func.coalesce(func.sum(case((_part(part, mine, at), 1), else_=0)), 0) for part in DeskFilter]
    row = session().execute(_waiting(*sums)).one()
    return DeskCounts(*(int(value) for value in row))


def _rows(unjoined: ColumnElement[bool] | None = None) -> Select[Any]:
    return _waiting(
        RunningClock.id,
        RunningClock.due_at,
        RunningClock.paused_at,
        Case.id,
        Call.id,
        Case.number,
        Problem.number,
        Problem.title,
        Case.state,
        Case.round,
        Case.reworks,
        Case.emergency,
        false() if unjoined is None else unjoined,
    )


def _read(query: Select[Any], at: datetime) -> list[DeskRow]:
    return [
        DeskRow(clock, due_at, paused is None and due_at <= at, paused is not None, *rest)
        for clock, due_at, paused, *rest in session().execute(query)
    ]


def _waiting(*columns: Any) -> Select[Any]:
    """Select from the clocks that run for cases and calls, with their cases and problems."""
    return (
        select(*columns)
        .select_from(RunningClock)
        .outerjoin(Call, and_(RunningClock.purpose == Purpose.CALL, Call.id == RunningClock.subject_id))
        .join(
            Case,
            or_(
                and_(RunningClock.purpose == Purpose.CASE, Case.id == RunningClock.subject_id),
                and_(RunningClock.purpose == Purpose.CALL, Case.id == Call.case_id),
            ),
        )
        .join(Problem, Problem.id == Case.problem_id)
        .where(RunningClock.stopped_at.is_(None), RunningClock.purpose.in_((Purpose.CASE, Purpose.CALL)))
    )


def _unjoined(mine: _Desk, at: datetime) -> ColumnElement[bool]:
    """From its acknowledgement a case without calls is the dispatcher's too, until the joint stamp is on it."""

    def stamped(kind: StampKind) -> ColumnElement[bool]:
        return and_(Stamp.case_id == Case.id, Stamp.round == Case.round, Stamp.kind == kind)

    in_time = exists().where(
        Call.case_id == Case.id, Call.round == Case.round, Call.state == CallState.CALLED, Call.due_at > at
    )
    return and_(
        RunningClock.purpose == Purpose.CASE,
        Case.state == CaseState.HANDLING,
        exists().where(stamped(StampKind.COMMAND), Stamp.organization_id.in_(mine.command)),
        ~exists().where(stamped(StampKind.JOINT)),
        ~in_time.correlate(Case),
    )


def _told_late(mine: _Desk, at: datetime) -> ColumnElement[bool]:
    """A street office is told of what runs out in its area; it stays in view until it is done."""
    if not mine.street:
        return false()
    here = select(Place.id).where(
        or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(mine.street)))
    )
    return and_(
        func.coalesce(Problem.grid_id, Problem.community_id).in_(here),
        RunningClock.due_at <= at,
        RunningClock.paused_at.is_(None),
        or_(
            and_(RunningClock.purpose == Purpose.CASE, Case.overdue_clock_id == RunningClock.id),
            and_(RunningClock.purpose == Purpose.CALL, Call.overdue_at.is_not(None)),
        ),
    )


def _part(part: DeskFilter, mine: _Desk, at: datetime) -> ColumnElement[bool]:
    held = RunningClock.organization_id.in_(mine.organizations)
    ours = or_(held, _unjoined(mine, at), _told_late(mine, at))
    if part is DeskFilter.LATE:
        return and_(or_(held, _told_late(mine, at)), RunningClock.due_at <= at, RunningClock.paused_at.is_(None))
    if part is DeskFilter.TODAY:
        today = and_(RunningClock.due_at > at, RunningClock.due_at <= _end_of_day(at))
        return and_(held, today, RunningClock.paused_at.is_(None))
    if part is DeskFilter.OTHERS:
        own = mine.organizations
        had = exists().where(Step.case_id == Case.id, or_(Step.organization_id.in_(own), Step.to_id.in_(own)))
        return and_(RunningClock.organization_id.not_in(own), ~_unjoined(mine, at), ~_told_late(mine, at), had)
    return ours


def _end_of_day(at: datetime) -> datetime:
    calendar = WorkingCalendar()
    return calendar.midnight(calendar.local_day(at) + timedelta(days=1))


def needs(by: Actor) -> list[Need]:
    """Return what waits for this actor in the official loop, the earliest deadline first."""
    found = [*desk(by, limit=NEEDS).rows, *_to_verify(by)]
    return [_need(row) for row in sorted(found, key=lambda row: (row.due_at, row.clock_id))[:NEEDS]]


def _to_verify(by: Actor) -> list[DeskRow]:
    """Return the reports a grid worker can look at on the spot; the centre remains accountable for them."""
    scopes = {held.scope for held in by.standings if held.role is Role.GRID_WORKER}
    if not scopes or desks_of(by):
        return []
    here = select(Place.id).where(or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(scopes))))
    query = _rows().where(
        Case.state == CaseState.REPORTED,
        func.coalesce(Problem.grid_id, Problem.community_id).in_(here),
        seen_by(by),
    )
    return _read(query.order_by(RunningClock.due_at, RunningClock.id).limit(NEEDS), now())


def _need(row: DeskRow) -> Need:
    return Need(
        kind="body",
        pill=say("联动") if row.call_id else say("案件"),
        icon="speakerphone" if row.call_id else "building-bank",
        title=row.title,
        line=row.line,
        action=say("去答复") if row.call_id else say("去办理"),
        endpoint="cases.show",
        values={"case_id": row.case_id},
        due_at=None if row.paused else row.due_at,
    )
