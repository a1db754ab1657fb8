"""Lists narrowed and ordered as a reader wants them, with how many each further step would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from cogov.duties.models import Matter, RunningClock
from cogov.ground.db import MAX_ID, session
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.problems.models import Confirmation, Problem, Raiser
from cogov.problems.queries.following import followed_by
from cogov.problems.queries.lists import ProblemRow, row_columns
from cogov.problems.queries.loading import seen_by
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage
from cogov.problems.rules.wanted import Mark, Order, Wanted

Condition = Callable[[], ColumnElement[bool]]

_from_above: dict[Mark, Condition] = {}


def mark_with(mark: Mark, condition: Condition) -> None:
    """Register what a mark means that only a room above can tell; called while the application is put together."""
    _from_above[mark] = condition


def condition(by: Actor, wanted: Wanted, at: datetime) -> ColumnElement[bool]:
    """Return the one condition of a list: what this actor may see, narrowed."""
    exact = {
        Problem.stage: wanted.stage,
        Problem.ending: wanted.ending,
        Problem.lane: wanted.lane,
        Problem.grid_id: wanted.grid_id,
        Problem.matter_id: wanted.matter_id,
        Problem.accountable_id: wanted.holder_id,
    }
    parts = [Problem.community_id == wanted.community_id, seen_by(by)]
    parts += [column == value for column, value in exact.items() if value is not None]
    if wanted.ended is not None:
        parts.append(Problem.stage == Stage.ENDED if wanted.ended else Problem.stage != Stage.ENDED)
    return and_(*parts, *(_marked(by, mark, at) for mark in sorted(wanted.marks)))


def _marked(by: Actor, mark: Mark, at: datetime) -> ColumnElement[bool]:
    if mark is Mark.MINE:
        return Problem.id.in_(select(Raiser.problem_id).where(Raiser.person_id == by.person_id))
    if mark is Mark.FOLLOWED:
        return followed_by(by)
    if mark is Mark.LATE:
        return exists().where(RunningClock.problem_id == Problem.id, _running(), RunningClock.due_at < at)
    return _from_above.get(mark, false)()


def _running() -> ColumnElement[bool]:
    return RunningClock.stopped_at.is_(None) & RunningClock.paused_at.is_(None)


# Rows ----------------------------------------------------------------------------------------------------------------


def find_problems(
    by: Actor, wanted: Wanted, at: datetime, *, order: Order = Order.NEWEST, after: str = "", limit: int = 20
) -> list[ProblemRow]:
    """Return the rows of a list that follow a key (`key_of` its last row), in an order that an index keeps."""
    query = row_columns().where(condition(by, wanted, at)).limit(limit)
    key = _parsed(after)
    ordered = {Order.NEWEST: _newest, Order.MET: _met, Order.DUE: _due}[order](query, key)
    return [ProblemRow(*row) for row in session().execute(ordered)]


def _newest(query: Select[Any], key: tuple[int, int] | None) -> Select[Any]:
    if key is not None:
        query = query.where(Problem.id < key[1])
    return query.order_by(Problem.id.desc())


def _met(query: Select[Any], key: tuple[int, int] | None) -> Select[Any]:
    if key is not None:
        query = query.where(tuple_(Problem.households, Problem.id) < tuple_(*key))
    return query.order_by(Problem.households.desc(), Problem.id.desc())


def _due(query: Select[Any], key: tuple[int, int] | None) -> Select[Any]:
    """Order by the next clock of each problem; one without a clock that runs has no place in this order."""
    earlier = aliased(RunningClock)
    first = ~exists().where(
        earlier.problem_id == RunningClock.problem_id,
        earlier.stopped_at.is_(None),
        earlier.paused_at.is_(None),
        or_(
            earlier.due_at < RunningClock.due_at,
            (earlier.due_at == RunningClock.due_at) & (earlier.id < RunningClock.id),
        ),
    )
    # The clock's place is the problem's community: said twice, so that the index of clocks gives the order.
    query = query.join(
        RunningClock, (RunningClock.problem_id == Problem.id) & (RunningClock.place_id == Problem.community_id)
    ).where(_running(), first)
    if key is not None:
        due_at = _EPOCH + timedelta(microseconds=key[0])
        query = query.where(tuple_(RunningClock.due_at, RunningClock.problem_id) > tuple_(due_at, key[1]))
    return query.order_by(RunningClock.due_at, RunningClock.problem_id)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_of(row: ProblemRow, order: Order) -> str:
    """Return where a list goes on after this row."""
    if order is Order.MET:
        return f"{row.households}-{row.id}"
    if order is Order.DUE and row.due_at is not None:
        return f"{(row.due_at - _EPOCH) // timedelta(microseconds=1)}-{row.id}"
    return f"0-{row.id}"


def _parsed(after: str) -> tuple[int, int] | None:
    value, _, id_ = after.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (value, id_)):
        return None
    return min(int(value), _MOST_MICROSECONDS), min(int(id_), MAX_ID)


_MOST_MICROSECONDS = 8 * 10**15  # in the year 2223


# Counts --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """How many problems a list has, and would have with one more step, by what the step is about."""

    total: int = 0
    stages: dict[Stage, int] = field(default_factory=dict)
    lanes: dict[Lane | None, int] = field(default_factory=dict)
    grids: dict[int | None, int] = field(default_factory=dict)
    marks: dict[Mark, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many have not ended."""
        return self.everything - self.stages.get(Stage.ENDED, 0)

    @property
    def everything(self) -> int:
        """How many there are at whatever stage."""
        return sum(self.stages.values())


def count_problems(by: Actor, wanted: Wanted, at: datetime, marks: Iterable[Mark] = Mark) -> Counts:
    """Count a list along stage, lane, grid and marks in one query; each is counted within the other steps taken."""
    marks = tuple(marks)
    wide = Wanted(wanted.community_id, matter_id=wanted.matter_id, holder_id=wanted.holder_id, marks=wanted.marks)
    sums = [func.sum(case((_marked(by, mark, at), 1), else_=0)) for mark in marks]
    query = (
        select(Problem.stage, Problem.lane, Problem.grid_id, func.count(), *sums)
        .where(condition(by, wide, at))
        .group_by(Problem.stage, Problem.lane, Problem.grid_id)
    )
    return _folded(wanted, marks, [tuple(row) for row in session().execute(query)])


def _folded(wanted: Wanted, marks: tuple[Mark, ...], rows: list[tuple[Any, ...]]) -> Counts:
    counts = Counts()
    total = 0
    for stage, lane, grid_id, number, *sums in rows:
        fits = (_stage_fits(wanted, stage), wanted.lane in (None, lane), wanted.grid_id in (None, grid_id))
        if fits[1] and fits[2]:
            counts.stages[stage] = counts.stages.get(stage, 0) + number
        if fits[0] and fits[2]:
            counts.lanes[lane] = counts.lanes.get(lane, 0) + number
        if fits[0] and fits[1]:
            counts.grids[grid_id] = counts.grids.get(grid_id, 0) + number
        if all(fits):
            total += number
            for mark, part in zip(marks, sums, strict=True):
                counts.marks[mark] = counts.marks.get(mark, 0) + int(part or 0)
    return Counts(total, counts.stages, counts.lanes, counts.grids, counts.marks)


def _stage_fits(wanted: Wanted, stage: Stage) -> bool:
    if wanted.stage is not None:
        return stage is wanted.stage
    return wanted.ended is None or wanted.ended is (stage is Stage.ENDED)


# What came of it -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """A problem that is fixed: how long it took, and what those who raised it said of that."""

    number: str
    title: str
    raised_at: datetime
    ended_at: datetime
    by_body: bool
    asked: int
    fixed: int


def just_done(by: Actor, community_id: int, limit: int = 3) -> list[Done]:
    """Return what was fixed last in a community, with the answers of its last round, in one query."""
    asked = select(func.count()).where(Raiser.problem_id == Problem.id).scalar_subquery()
    fixed = (
        select(func.count())
        .where(
            Confirmation.problem_id == Problem.id,
            Confirmation.round == Problem.round,
            Confirmation.answer == ConfirmationAnswer.FIXED,
        )
        .scalar_subquery()
    )
    query = (
        select(Problem.number, Problem.title, Problem.raised_at, Problem.ended_at, Problem.official, asked, fixed)
        .where(Problem.community_id == community_id, Problem.ending == Ending.FIXED, seen_by(by))
        .order_by(Problem.ended_at.desc(), Problem.id.desc())
        .limit(limit)
    )
    return [
        Done(number, title, raised_at, ended_at or raised_at, official is Official.CLOSED, asked, fixed)
        for number, title, raised_at, ended_at, official, asked, fixed in session().execute(query)
    ]


# What a form offers --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """To what a list can be narrowed: the matters its problems have, and with whom they lie, by id and name."""

    matters: tuple[tuple[int, str], ...]
    holders: tuple[tuple[int, str], ...]


def choices_of(by: Actor, community_id: int) -> Choices:
    """Return to what the problems of a community that this reader may see can be narrowed."""
    seen = (Problem.community_id == community_id, seen_by(by))
    matters = _named("matter", Matter, select(Problem.matter_id).where(*seen))
    holders = _named("holder", Organization, select(Problem.accountable_id).where(*seen))
    rows = session().execute(union_all(matters, holders).order_by("name", "id")).all()
    found = {kind: tuple((id_, name) for of, id_, name in rows if of == kind) for kind in ("matter", "holder")}
    return Choices(found["matter"], found["holder"])


def _named(kind: str, named: type[Any], used: Select[Any]) -> Select[Any]:
    return select(literal(kind).label("kind"), named.id.label("id"), named.name.label("name")).where(named.id.in_(used))
