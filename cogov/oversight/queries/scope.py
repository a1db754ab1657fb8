"""What belongs to a place: for a grid its problems, for a community or anything above it the communities' rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.cases.models import Case
from cogov.duties.models import RunningClock
from cogov.journal.models import JournalEntry
from cogov.oversight.rules import Span
from cogov.places.models import Place
from cogov.places.rules import PlaceKind
from cogov.problems.models import Problem


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many rows of a group meet a condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def during(moment: InstrumentedAttribute[Any], span: Span) -> ColumnElement[bool]:
    """Say that a moment lies in a span, whose first instant belongs to it and whose last does not."""
    return and_(moment >= span.since, moment < span.until)


def in_community(column: InstrumentedAttribute[Any], place: Place) -> ColumnElement[bool]:
    """Say that a column names a community that is this place or lies in it."""
    if place.kind is PlaceKind.COMMUNITY:
        return column == place.id
    below = Place.code.startswith(place.code, autoescape=True)
    return column.in_(select(Place.id).where(Place.kind == PlaceKind.COMMUNITY, below))


def problems_in(place: Place) -> ColumnElement[bool]:
    """Say that a problem belongs to a place."""
    return Problem.grid_id == place.id if place.kind is PlaceKind.GRID else in_community(Problem.community_id, place)


def of_problems_in(
    problem: InstrumentedAttribute[Any], community: InstrumentedAttribute[Any], place: Place
) -> ColumnElement[bool]:
    """Say that a row, which knows its problem and its community, belongs to a place."""
    if place.kind is PlaceKind.GRID:
        return problem.in_(select(Problem.id).where(Problem.grid_id == place.id))
    return in_community(community, place)


def clocks_in(place: Place) -> ColumnElement[bool]:
    """Say that a public clock belongs to a place."""
    return of_problems_in(RunningClock.problem_id, RunningClock.place_id, place)


def cases_in(place: Place) -> ColumnElement[bool]:
    """Say that a case belongs to a place."""
    return of_problems_in(Case.problem_id, Case.community_id, place)


def entries_in(place: Place) -> ColumnElement[bool]:
    """Say that an entry of the journal is about a problem of a place."""
    about = JournalEntry.problem_id.is_not(None)
    return and_(about, of_problems_in(JournalEntry.problem_id, JournalEntry.place_id, place))
