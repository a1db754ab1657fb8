"""The desk: what waits for the organizations an official acts for, by deadline, and what waits for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_

from cogov.cases.models import Call, Case, Step
from cogov.cases.rules import CaseState
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

DESK_ROLES = frozenset({Role.OFFICIAL, Role.DISPATCHER, Role.INSPECTOR, Role.CLOSER})
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

    @property
    def line(self) -> Words:
        """Say in one line what is to be done."""
        if self.call_id is not None:
            return say("被吹哨，等答复")
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


def desk(
    by: Actor,
    part: DeskFilter = DeskFilter.MINE,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> DeskPage:
    """Return what waits, by deadline; ``after`` is the (deadline, clock) of the last row seen."""
    mine = desks_of(by)
    if not mine:
        return DeskPage((), None)
    at = now()
    query = _rows().where(_part(part, mine, at))
    if after is not None:
        query = query.where(tuple_(RunningClock.due_at, RunningClock.id) > after)
    rows = _read(query.order_by(RunningClock.due_at, RunningClock.id).limit(limit + 1), at)
    shown = tuple(rows[:limit])
    return DeskPage(shown, (shown[-1].due_at, shown[-1].clock_id) if len(rows) > limit else None)


def counts(by: Actor) -> DeskCounts:
    """Return how much lies in each part, in one query."""
    mine = desks_of(by)
    if not mine:
        return DeskCounts(0, 0, 0, 0)
    at = now()
    sums = [func.coalesce(func.sum(case((_part(part, mine, at), 1), else_=0)), 0) for part in DeskFilter]
    row = session().execute(_waiting(*sums)).one()
    return DeskCounts(*(int(value) for value in row))


def _rows() -> Select[Any]:
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


def _part(part: DeskFilter, mine: frozenset[int], at: datetime) -> ColumnElement[bool]:
    ours = RunningClock.organization_id.in_(mine)
    if part is DeskFilter.LATE:
        return and_(ours, RunningClock.due_at <= at, RunningClock.paused_at.is_(None))
    if part is DeskFilter.TODAY:
        today = and_(RunningClock.due_at > at, RunningClock.due_at <= _end_of_day(at))
        return and_(ours, today, RunningClock.paused_at.is_(None))
    if part is DeskFilter.OTHERS:
        had = exists().where(Step.case_id == Case.id, or_(Step.organization_id.in_(mine), Step.to_id.in_(mine)))
        return and_(RunningClock.organization_id.not_in(mine), had)
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
