"""Grids and communities beside each other, where things lie now, and what deserves attention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from cogov.duties.models import Matter, RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.oversight.queries.scope import clocks_in, during, in_community, problems_in
from cogov.oversight.rules import REPEATED, Area, Share, Span
from cogov.people.models import Organization
from cogov.places.models import Building, Place, Unit
from cogov.places.rules import PlaceKind, UnitUse
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, seen_with
from cogov.problems.rules.stages import Stage

SHOWN = 6

Key = TypeVar("Key")


@dataclass(frozen=True)
class Overdue:
    """A problem whose public clock has run out, and who holds it."""

    number: str
    title: str
    holder: str
    due_at: datetime


@dataclass(frozen=True)
class Repeated:
    """A matter that was raised again and again in one grid."""

    matter: str
    grid: str
    times: int


@dataclass(frozen=True)
class Attention:
    """What is late now, how much of it there is, and what keeps coming back."""

    overdue: tuple[Overdue, ...]
    late_now: int
    repeated: tuple[Repeated, ...]


# Beside each other --------------------------------------------------------------------------------------------------


def areas(place: Place, span: Span, standing: Standing) -> list[Area]:
    """Return the grids of a community, or the communities of a place above it, with what was raised and is open."""
    if place.kind is PlaceKind.GRID:
        return []
    by_grid = place.kind is PlaceKind.COMMUNITY
    households = _households(place, by_grid=by_grid)
    raised = _raised(place, span, Problem.grid_id if by_grid else Problem.community_id)
    still_open = standing.open_by(lambda pile: pile.grid_id if by_grid else pile.community_id)
    kind = PlaceKind.GRID if by_grid else PlaceKind.COMMUNITY
    below = Place.code.startswith(place.code, autoescape=True)
    rows = session().execute(
        select(Place.id, Place.name, Place.code).where(Place.kind == kind, below).order_by(Place.code)
    )
    return [Area(*row, households.get(row[0], 0), raised.get(row[0], 0), still_open.get(row[0], 0)) for row in rows]


def _households(place: Place, *, by_grid: bool) -> dict[int, int]:
    key: InstrumentedAttribute[int | None] | InstrumentedAttribute[int] = (
        Building.grid_id if by_grid else Building.community_id
    )
    query = (
        select(key, func.count(Unit.id))
        .join(Unit, Unit.building_id == Building.id)
        .where(in_community(Building.community_id, place), Unit.use == UnitUse.DWELLING)
        .group_by(key)
    )
    return {id_: count for id_, count in session().execute(query) if id_ is not None}


def _raised(
    place: Place, span: Span, key: InstrumentedAttribute[int | None] | InstrumentedAttribute[int]
) -> dict[int, int]:
    query = select(key, func.count()).where(problems_in(place), during(Problem.raised_at, span)).group_by(key)
    return {id_: raised for id_, raised in session().execute(query) if id_ is not None}


# Now ----------------------------------------------------------------------------------------------------------------


class Pile(NamedTuple):
    """How many problems stand at the same stage in the same grid, with the same organization accountable."""

    stage: Stage
    community_id: int
    grid_id: int | None
    accountable_id: int
    number: int


@dataclass(frozen=True)
class Standing:
    """Where the problems of a place stand now, counted in one go."""

    piles: tuple[Pile, ...]

    def by_stage(self) -> dict[Stage, int]:
        """Return how many are at each stage."""
        return _summed((pile.stage, pile.number) for pile in self.piles)

    def open_by(self, key: Callable[[Pile], Key]) -> dict[Key, int]:
        """Return how many have not ended, by something of theirs."""
        return _summed((key(pile), pile.number) for pile in self.piles if pile.stage is not Stage.ENDED)


def _summed(counts: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    total: dict[Key, int] = {}
    for key, number in counts:
        total[key] = total.get(key, 0) + number
    return total


def standing_in(place: Place) -> Standing:
    """Return where the problems of a place stand now, from an index that holds all that is asked."""
    along = Problem.stage, Problem.community_id, Problem.grid_id, Problem.accountable_id
    # Grouped as that index is ordered, so that nothing is sorted.
    order = Problem.community_id, Problem.stage, Problem.lane, Problem.grid_id, Problem.hidden, Problem.accountable_id
    query = select(*along, func.count()).where(problems_in(place)).group_by(*order)
    return Standing(tuple(Pile(*row) for row in session().execute(query)))


def waiting(standing: Standing) -> list[tuple[str, int]]:
    """Return with whom open problems lie now: every one of them has exactly one accountable organization."""
    counts = standing.open_by(lambda pile: pile.accountable_id)
    rows = session().execute(select(Organization.id, Organization.name).where(Organization.id.in_(counts)))
    return sorted(((name, counts[id_]) for id_, name in rows), key=lambda row: (-row[1], row[0]))


# What deserves attention --------------------------------------------------------------------------------------------

_HELD = tuple(set(Purpose) - {Purpose.DECISION_OPEN, Purpose.DECISION_CLOSE, Purpose.CLAIM})


def attention(sight: Sight, place: Place, span: Span) -> Attention:
    """Return what is late now, the longest first, and the matters that were raised again and again."""
    late_now, overdue = _overdue(sight, place, span.until)
    return Attention(overdue, late_now, _repeated(place, span))


def _overdue(sight: Sight, place: Place, at: datetime) -> tuple[int, tuple[Overdue, ...]]:
    late: Select[int] = select(RunningClock.id).where(
        clocks_in(place),
        RunningClock.purpose.in_(_HELD),
        RunningClock.stopped_at.is_(None),
        RunningClock.paused_at.is_(None),
        RunningClock.due_at < at,
        RunningClock.organization_id.is_not(None),
    )
    count = session().scalar(select(func.count()).select_from(late.subquery())) or 0
    query = (
        select(Problem.number, Problem.title, Organization.name, RunningClock.due_at)
        .join(Problem, RunningClock.problem_id == Problem.id)
        .join(Organization, RunningClock.organization_id == Organization.id)
        .where(RunningClock.id.in_(late), seen_with(sight))
        .order_by(RunningClock.due_at, RunningClock.id)
        .limit(SHOWN * 3)
    )
    # Several clocks of one problem may have run out: the one that has been late longest stands for all of them.
    longest: dict[str, Overdue] = {}
    for row in session().execute(query):
        longest.setdefault(row[0], Overdue(*row))
    return count, tuple(longest.values())[:SHOWN]


def _repeated(place: Place, span: Span) -> tuple[Repeated, ...]:
    query = (
        select(Matter.name, Place.name, func.count())
        .select_from(Problem)
        .join(Matter, Problem.matter_id == Matter.id)
        .join(Place, Problem.grid_id == Place.id)
        .where(problems_in(place), during(Problem.raised_at, span), Problem.hidden.is_(False))
        .group_by(Matter.id, Matter.name, Place.id, Place.name)
        .having(func.count() >= REPEATED)
        .order_by(func.count().desc(), Matter.name, Place.name)
        .limit(SHOWN)
    )
    return tuple(Repeated(*row) for row in session().execute(query))


def repeat_share(place: Place, span: Span) -> Share:
    """Return how many problems of a span came after another of the same matter in the same grid, as long ago at most.

    Those whose matter or grid nobody knows can repeat nothing, and are no part of the whole.
    """
    earlier = aliased(Problem)
    again = exists().where(
        earlier.grid_id == Problem.grid_id,
        earlier.matter_id == Problem.matter_id,
        earlier.raised_at >= span.before.since,
        earlier.raised_at < Problem.raised_at,
    )
    query = select(func.count(), func.coalesce(func.sum(case((again, 1), else_=0)), 0)).where(
        problems_in(place),
        during(Problem.raised_at, span),
        Problem.matter_id.is_not(None),
        Problem.grid_id.is_not(None),
    )
    whole, part = session().execute(query).one()
    return Share(part, whole)
