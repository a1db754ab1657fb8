"""Lists narrowed and ordered as a reader wants them, with how many each further step would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from cogov.duties.models import Matter, RunningClock
from cogov.ground.db import MAX_ID, Id, Moment, connection, session
from cogov.journal.kept import kept
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.problems.models import Confirmation, Problem, Raiser
from cogov.problems.queries.following import followed_of
from cogov.problems.queries.lists import ProblemRow, row_columns
from cogov.problems.queries.loading import Person, Sight, seen_by, seen_with, sight_of
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage
from cogov.problems.rules.wanted import PERSONAL, Mark, Order, Wanted

Condition = Callable[[int], ColumnElement[bool]]
"""Narrows the problems of a community, named by its id."""

Instant = datetime | BindParameter[datetime]

_from_above: dict[Mark, Condition] = {}


def mark_with(mark: Mark, condition: Condition) -> None:
    """Register what a mark means that only a room above can tell; called while the application is put together."""
    _from_above[mark] = condition


def condition(by: Actor, wanted: Wanted, at: datetime) -> ColumnElement[bool]:
    """Return the one condition of a list: what this actor may see, narrowed."""
    return and_(seen_by(by), _narrowed(wanted, at, by.person_id))


def _narrowed(wanted: Wanted, at: Instant, me: Person | None) -> ColumnElement[bool]:
    exact = {
        Problem.stage: wanted.stage,
        Problem.ending: wanted.ending,
        Problem.lane: wanted.lane,
        Problem.grid_id: wanted.grid_id,
        Problem.matter_id: wanted.matter_id,
        Problem.accountable_id: wanted.holder_id,
    }
    parts = [Problem.community_id == wanted.community_id]
    parts += [column == value for column, value in exact.items() if value is not None]
    if wanted.ended is not None:
        # The index of what is open says it in these words.
        parts.append(Problem.ending.is_not(None) if wanted.ended else Problem.ending.is_(None))
    return and_(*parts, *(_marked(mark, wanted.community_id, at, me) for mark in sorted(wanted.marks)))


def _marked(mark: Mark, community_id: int, at: Instant, me: Person | None) -> ColumnElement[bool]:
    """Return the condition of a mark, which begins with the few things that make it and not with every problem."""
    if mark in PERSONAL:
        return false() if me is None else _personal(mark, me)
    if mark is Mark.LATE:
        return Problem.id.in_(_late(community_id, at))
    return _from_above[mark](community_id) if mark in _from_above else false()


def _late(community_id: int, at: Instant) -> Select[int | None]:
    return select(RunningClock.problem_id).where(
        RunningClock.place_id == community_id,
        _running(),
        RunningClock.due_at < at,
        RunningClock.problem_id.is_not(None),
    )


def _personal(mark: Mark, me: Person) -> ColumnElement[bool]:
    if mark is Mark.MINE:
        return Problem.id.in_(select(Raiser.problem_id).where(Raiser.person_id == me))
    return followed_of(me)


def _running() -> ColumnElement[bool]:
    return RunningClock.stopped_at.is_(None) & RunningClock.paused_at.is_(None)


# Rows ----------------------------------------------------------------------------------------------------------------


def find_problems(
    by: Actor, wanted: Wanted, at: datetime, *, order: Order = Order.NEWEST, after: str = "", limit: int = 20
) -> list[ProblemRow]:
    """Return the rows of a list that follow a key (`key_of` its last row), in an order that an index keeps."""
    key = _parsed(after)
    if wanted.marks & PERSONAL:
        return _rows(condition(by, wanted, at), order, key, limit)
    sight = sight_of(by)
    found = kept(
        ("problems", sight, wanted, order, key, limit),
        lambda: _rows(and_(seen_with(sight), _narrowed(wanted, at, None)), order, key, limit),
    )
    return list(found)


def _rows(which: ColumnElement[bool], order: Order, key: tuple[int, int] | None, limit: int) -> list[ProblemRow]:
    query = row_columns().where(which).limit(limit)
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
    """Count a list along stage, lane, grid and marks; each is counted within the other steps taken.

    What is personal is asked anew each time, as following somebody's problem leaves no trace in the journal.
    """
    marks = tuple(marks)
    if wanted.marks & PERSONAL:
        return _counted(seen_by(by), wanted, at, marks, by.person_id)
    sight, shared = sight_of(by), tuple(mark for mark in marks if mark not in PERSONAL)
    counts = kept(("counts", sight, wanted, shared), lambda: _counted(seen_with(sight), wanted, at, shared, None))
    own = _own_counts(by, sight, wanted, at, tuple(mark for mark in marks if mark in PERSONAL))
    return replace(counts, marks={mark: own.get(mark, counts.marks.get(mark, 0)) for mark in marks})


def _counted(
    seen: ColumnElement[bool], wanted: Wanted, at: datetime, marks: tuple[Mark, ...], me: int | None
) -> Counts:
    wide = Wanted(wanted.community_id, matter_id=wanted.matter_id, holder_id=wanted.holder_id, marks=wanted.marks)
    which, steps = and_(seen, _narrowed(wide, at, me)), (Problem.stage, Problem.lane, Problem.grid_id)

    def grouped(of: str, *marked: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        return select(literal(of), *steps, func.count()).where(which, *marked).group_by(*steps)

    # One for each mark, in one query: each begins with what is marked, and only the first goes over all problems.
    parts = [grouped(mark, _marked(mark, wanted.community_id, at, me)) for mark in marks]
    return _folded(wanted, marks, [tuple(row) for row in session().execute(union_all(grouped(""), *parts))])


def _own_counts(by: Actor, sight: Sight, wanted: Wanted, at: datetime, marks: tuple[Mark, ...]) -> dict[Mark, int]:
    if by.person_id is None or not marks:
        return dict.fromkeys(marks, 0)
    row = connection().execute(_own_counting(sight, wanted, marks), {"me": by.person_id, "at": at}).one()
    return dict(zip(marks, row, strict=True))


@lru_cache(maxsize=200)
def _own_counting(sight: Sight, wanted: Wanted, marks: tuple[Mark, ...]) -> Select[Any]:
    """Return the query of one's own in a list, built once for everybody of a sight."""
    me, at = bindparam("me", type_=Id), bindparam("at", type_=Moment)
    which = and_(seen_with(sight), _narrowed(wanted, at, None))
    return select(
        *(select(func.count(Problem.id)).where(which, _personal(mark, me)).scalar_subquery() for mark in marks)
    )


def _folded(wanted: Wanted, marks: tuple[Mark, ...], rows: list[tuple[Any, ...]]) -> Counts:
    counts, total = Counts(marks=dict.fromkeys(marks, 0)), 0
    for mark, stage, lane, grid_id, number in rows:
        fits = (_stage_fits(wanted, stage), wanted.lane in (None, lane), wanted.grid_id in (None, grid_id))
        if mark:
            counts.marks[Mark(mark)] += number if all(fits) else 0
            continue
        _add(counts, (stage, lane, grid_id), fits, number)
        total += number if all(fits) else 0
    return replace(counts, total=total)


def _add(counts: Counts, of: tuple[Any, Any, Any], fits: tuple[bool, bool, bool], number: int) -> None:
    """Count a group along each step, within the other two."""
    along: tuple[dict[Any, int], ...] = (counts.stages, counts.lanes, counts.grids)
    for nth, by_value in enumerate(along):
        if all(fit for other, fit in enumerate(fits) if other != nth):
            by_value[of[nth]] = by_value.get(of[nth], 0) + number


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
    sight = sight_of(by)
    return list(kept(("just done", sight, community_id, limit), lambda: _just_done(sight, community_id, limit)))


def _just_done(sight: Sight, community_id: int, limit: int) -> list[Done]:
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
        .where(Problem.community_id == community_id, Problem.ending == Ending.FIXED, seen_with(sight))
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
    sight = sight_of(by)
    return kept(("choices", sight, community_id), lambda: _choices(sight, community_id))


def _choices(sight: Sight, community_id: int) -> Choices:
    here = Problem.community_id == community_id, seen_with(sight)
    # One problem is enough for each matter and each holder: how many there are is not asked.
    matters = _named("matter", Matter, exists().where(Problem.matter_id == Matter.id, *here))
    holders = _named("holder", Organization, exists().where(Problem.accountable_id == Organization.id, *here))
    rows = session().execute(union_all(matters, holders).order_by("name", "id")).all()
    found = {kind: tuple((id_, name) for of, id_, name in rows if of == kind) for kind in ("matter", "holder")}
    return Choices(found["matter"], found["holder"])


def _named(kind: str, named: type[Any], used: ColumnElement[bool]) -> Select[Any]:
    return select(literal(kind).label("kind"), named.id.label("id"), named.name.label("name")).where(used)
