"""The desk: what waits for those one acts for, by deadline — cases, calls, concerns, resolutions — and for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, tuple_

from cogov.cases.models import Call, Case, Stamp, Step
from cogov.cases.rules import CallState, CaseState, StampKind
from cogov.cases.rules.phrases import STATE
from cogov.decisions.models import Decision, Resolution
from cogov.duties.models import RunningClock
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import Words, say
from cogov.journal.kept import kept
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.problems.rules.stages import Stage
from cogov.threads.models import Concern
from cogov.threads.queries import asked_to_answer
from cogov.threads.rules.concerns import ConcernState

DESK_ROLES = frozenset({Role.OFFICIAL, Role.DISPATCHER, Role.INSPECTOR, Role.CLOSER, Role.STREET_OFFICE})
PAGE = 30
NEEDS = 20


class DeskFilter(StrEnum):
    """Which part of a desk is looked at."""

    MINE = "mine"
    TODAY = "today"
    LATE = "late"
    OTHERS = "others"


class DeskKind(StrEnum):
    """What waits at a desk."""

    CASE = "case"
    CALL = "call"
    CONCERN = "concern"
    RESOLUTION = "resolution"


PURPOSES = {
    DeskKind.CASE: Purpose.CASE,
    DeskKind.CALL: Purpose.CALL,
    DeskKind.CONCERN: Purpose.CONCERN,
    DeskKind.RESOLUTION: Purpose.RESOLUTION_ANSWER,
}
KINDS = {purpose: kind for kind, purpose in PURPOSES.items()}


@dataclass(frozen=True)
class DeskSearch:
    """What is left of a part: one kind only, words of a title or a number, urgent things, what came back."""

    kind: DeskKind | None = None
    words: str = ""
    urgent: bool = False
    again: bool = False


EVERYTHING = DeskSearch()


@dataclass(frozen=True)
class DeskRow:
    """One thing that waits, with the clock of whoever is to do it."""

    clock_id: int
    due_at: datetime
    late: bool
    paused: bool
    kind: DeskKind
    subject_id: int
    problem_number: str
    title: str
    case_id: int | None
    number: str
    state: CaseState | None
    round: int
    reworks: int
    returns: int
    emergency: bool
    concern_number: int
    holder_id: int | None
    unjoined: bool = False
    """Whether it waits for the dispatcher to say if other bodies are needed."""

    @property
    def call_id(self) -> int | None:
        """The call that waits, if it is one."""
        return self.subject_id if self.kind is DeskKind.CALL else None

    @property
    def line(self) -> Words:
        """Say in one line what is to be done."""
        if self.kind is not DeskKind.CASE or self.state is None:
            return _LINE.get(self.kind, say("等您办"))
        if self.unjoined:
            return say("缺联动章，等您写明要不要联动")
        return _again(self) or STATE[self.state]


_LINE = {
    DeskKind.CALL: say("被吹哨，等答复"),
    DeskKind.CONCERN: say("顾虑待答复"),
    DeskKind.RESOLUTION: say("决议待答复"),
}


def _again(row: DeskRow) -> Words | None:
    """Say that it is not the first time, where it is not."""
    if row.state is CaseState.HANDLING and row.reworks:
        return say("返工第 {n} 次", n=row.reworks)
    if row.state is CaseState.DISPATCHED and row.round > 1:
        return say("没有修好，重开第 {n} 轮，待签收", n=row.round)
    return say("派遣被退回，待派遣") if row.state is CaseState.FILED and row.returns else None


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


_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def desk_mark(after: tuple[datetime, int] | None) -> str:
    """Return where the next page begins as an address carries it, to the microsecond; empty at the end."""
    return "" if after is None else f"{(after[0] - _EPOCH) // _MICROSECOND}.{after[1]}"


def desk_place(mark: str) -> tuple[datetime, int] | None:
    """Return the place that a mark stands for; None for what nobody was given."""
    micros, _, clock_id = mark.partition(".")
    plain = mark.isascii() and micros.isdigit() and clock_id.isdigit()
    if not (plain and len(micros) < 18 and len(clock_id) < 19):
        return None
    return _EPOCH + int(micros) * _MICROSECOND, int(clock_id)


def desks_of(by: Actor) -> frozenset[int]:
    """Return the organizations at whose desk this actor sits."""
    return frozenset(
        held.organization_id for held in by.standings if held.role in DESK_ROLES and held.organization_id is not None
    )


@dataclass(frozen=True)
class _Desk:
    by: Actor
    organizations: frozenset[int]
    command: frozenset[int]
    """Command centres one dispatches for."""
    street: frozenset[str]
    """Where one's street office is told of what is late."""


def _desk_of(by: Actor) -> _Desk:
    return _Desk(
        by,
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
    search: DeskSearch = EVERYTHING,
) -> DeskPage:
    """Return what waits, by deadline; ``after`` is the (deadline, clock) of the last row seen."""
    mine = _desk_of(by)
    if not mine.organizations:
        return DeskPage((), None)
    return kept(("desk", by, part, after, limit, search), lambda: _desk_page(mine, part, after, limit, search))


def _desk_page(
    mine: _Desk, part: DeskFilter, after: tuple[datetime, int] | None, limit: int, search: DeskSearch
) -> DeskPage:
    at = now()
    query = rows_waiting(_unjoined(mine, at)).where(_part(part, mine, at), *_searched(search))
    if after is not None:
        query = query.where(tuple_(RunningClock.due_at, RunningClock.id) > after)
    rows = read_rows(query.order_by(RunningClock.due_at, RunningClock.id).limit(limit + 1), at)
    shown = tuple(rows[:limit])
    return DeskPage(shown, (shown[-1].due_at, shown[-1].clock_id) if len(rows) > limit else None)


def counts(by: Actor) -> DeskCounts:
    """Return how much lies in each part, in one query."""
    mine = _desk_of(by)
    if not mine.organizations:
        return DeskCounts(0, 0, 0, 0)
    return kept(("desk counts", by), lambda: _counted(mine))


def _counted(mine: _Desk) -> DeskCounts:
    at = now()
    sums = [func.coalesce(func.sum(case((_part(part, mine, at), 1), else_=0)), 0) for part in DeskFilter]
    row = session().execute(waiting(*sums)).one()
    return DeskCounts(*(int(value) for value in row))


def rows_waiting(unjoined: ColumnElement[bool] | None = None) -> Select[Any]:
    """Select rows of desks."""
    return waiting(
        RunningClock.id,
        RunningClock.due_at,
        RunningClock.paused_at,
        RunningClock.purpose,
        RunningClock.subject_id,
        Problem.number,
        case(
            (RunningClock.purpose == Purpose.CONCERN, Concern.harm),
            (RunningClock.purpose == Purpose.RESOLUTION_ANSWER, Decision.question),
            else_=Problem.title,
        ),
        Case.id,
        func.coalesce(Case.number, ""),
        Case.state,
        func.coalesce(Case.round, 1),
        func.coalesce(Case.reworks, 0),
        func.coalesce(Case.returns, 0),
        func.coalesce(Case.emergency, Problem.emergency),
        func.coalesce(Concern.number, 0),
        RunningClock.organization_id,
        false() if unjoined is None else unjoined,
    )


def read_rows(query: Select[Any], at: datetime) -> list[DeskRow]:
    """Read rows of desks."""
    return [
        DeskRow(clock, due_at, paused is None and due_at <= at, paused is not None, KINDS[purpose], *rest)
        for clock, due_at, paused, purpose, *rest in session().execute(query)
    ]


def waiting(*columns: Any) -> Select[Any]:
    """Select from the clocks that run for what lies on desks, with the problem and the place of each."""
    return (
        select(*columns)
        .select_from(RunningClock)
        .join(Problem, Problem.id == RunningClock.problem_id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .outerjoin(Call, and_(RunningClock.purpose == Purpose.CALL, Call.id == RunningClock.subject_id))
        .outerjoin(
            Case,
            or_(
                and_(RunningClock.purpose == Purpose.CASE, Case.id == RunningClock.subject_id),
                and_(RunningClock.purpose == Purpose.CALL, Case.id == Call.case_id),
            ),
        )
        .outerjoin(Concern, and_(RunningClock.purpose == Purpose.CONCERN, Concern.id == RunningClock.subject_id))
        .outerjoin(
            Resolution,
            and_(RunningClock.purpose == Purpose.RESOLUTION_ANSWER, Resolution.id == RunningClock.subject_id),
        )
        .outerjoin(Decision, Decision.id == Resolution.decision_id)
        .where(RunningClock.stopped_at.is_(None), RunningClock.purpose.in_(KINDS))
    )


def _searched(search: DeskSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.kind is not None:
        found.append(RunningClock.purpose == PURPOSES[search.kind])
    if words := search.words.strip():
        columns = (Problem.title, Problem.number, Case.number, Concern.harm, Decision.question)
        found.append(or_(*(column.contains(words, autoescape=True) for column in columns)))
    if search.urgent:
        found.append(func.coalesce(Case.emergency, Problem.emergency))
    if search.again:
        found.append(or_(Case.reworks > 0, Case.returns > 0, Case.round > 1))
    return found


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
    return and_(
        within(mine.street),
        RunningClock.due_at <= at,
        RunningClock.paused_at.is_(None),
        or_(
            and_(RunningClock.purpose == Purpose.CASE, Case.overdue_clock_id == RunningClock.id),
            and_(RunningClock.purpose == Purpose.CALL, Call.overdue_at.is_not(None)),
        ),
    )


def within(scopes: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition that a problem lies in one of these places."""
    return or_(*(Place.code.startswith(scope, autoescape=True) for scope in sorted(scopes)))


def _held(mine: _Desk) -> ColumnElement[bool]:
    """What those one acts for have promised: their own clocks, and the concerns they are asked to answer now."""
    own = and_(
        RunningClock.organization_id.in_(mine.organizations), RunningClock.purpose.in_(set(KINDS) - {Purpose.CONCERN})
    )
    asked = [
        condition
        for held in mine.by.standings
        if held.role in DESK_ROLES and (condition := asked_to_answer(held)) is not None
    ]
    concern = and_(
        RunningClock.purpose == Purpose.CONCERN,
        Concern.state == ConcernState.OPEN,
        Concern.person_id != mine.by.person_id,
        Problem.stage != Stage.ENDED,
        ~Problem.hidden,
        or_(*asked) if asked else literal(False),
    )
    return or_(own, concern)


def _part(part: DeskFilter, mine: _Desk, at: datetime) -> ColumnElement[bool]:
    held = _held(mine)
    if part is DeskFilter.LATE:
        return and_(or_(held, _told_late(mine, at)), RunningClock.due_at <= at, RunningClock.paused_at.is_(None))
    if part is DeskFilter.TODAY:
        today = and_(RunningClock.due_at > at, RunningClock.due_at <= end_of_day(at))
        return and_(held, today, RunningClock.paused_at.is_(None))
    if part is DeskFilter.OTHERS:
        own = mine.organizations
        had = exists().where(Step.case_id == Case.id, or_(Step.organization_id.in_(own), Step.to_id.in_(own)))
        return and_(RunningClock.organization_id.not_in(own), ~_unjoined(mine, at), ~_told_late(mine, at), had)
    return or_(held, _unjoined(mine, at), _told_late(mine, at))


def end_of_day(at: datetime) -> datetime:
    """Return the midnight that ends a moment's day here."""
    calendar = WorkingCalendar()
    return calendar.midnight(calendar.local_day(at) + timedelta(days=1))


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what waits for this actor in the official loop, the earliest deadline first."""
    # Concerns and resolutions are told by their own rooms.
    found = [*_of_cases(by, most), *_to_verify(by, most)]
    return [_need(row) for row in sorted(found, key=lambda row: (row.due_at, row.clock_id))[:most]]


def _of_cases(by: Actor, most: int) -> list[DeskRow]:
    mine = _desk_of(by)
    if not mine.organizations:
        return []
    at = now()
    query = rows_waiting(_unjoined(mine, at)).where(_part(DeskFilter.MINE, mine, at), Case.id.is_not(None))
    return read_rows(query.order_by(RunningClock.due_at, RunningClock.id).limit(most), at)


def _to_verify(by: Actor, most: int) -> list[DeskRow]:
    """Return the reports a grid worker can look at on the spot; the centre remains accountable for them."""
    scopes = frozenset(held.scope for held in by.standings if held.role is Role.GRID_WORKER)
    if not scopes or desks_of(by):
        return []
    query = rows_waiting().where(Case.state == CaseState.REPORTED, within(scopes), seen_by(by))
    return read_rows(query.order_by(RunningClock.due_at, RunningClock.id).limit(most), now())


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
