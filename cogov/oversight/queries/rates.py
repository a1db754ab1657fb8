"""The three rates of a place with their sums and with what they leave out, and who kept which promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, extract, func, or_, select

from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.duties.models import ClockPause, RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.oversight.queries.scope import cases_in, clocks_in, count_if, during, problems_in
from cogov.oversight.rules import DAY, Share, Span, in_tenths
from cogov.people.models import Organization
from cogov.places.models import Place
from cogov.problems.models import Confirmation, Problem
from cogov.problems.rules.stages import ConfirmationAnswer, Ending

PROMISES = (Purpose.CASE, Purpose.CALL, Purpose.RESOLUTION_ANSWER)
"""The clocks of the official side: a step of a case, a call to help, an answer to a resolution."""

NOT_ASKED = (Ending.REFERRED, Ending.MEDIATED, Ending.MERGED, Ending.WITHHELD)
"""Endings at which nobody asks the raisers whether it is fixed."""


@dataclass(frozen=True)
class Punctuality:
    """Promises that fell due in a span: how many were kept; those paused then are counted apart and in no rate."""

    kept: Share
    paused: int


@dataclass(frozen=True)
class Answers:
    """What raisers said in a span; those who did not answer are neither, and some problems end without asking."""

    fixed: Share
    unconfirmed: int
    not_asked: Mapping[Ending, int]

    @property
    def not_fixed(self) -> int:
        """Return how often somebody said that it is not fixed."""
        return self.fixed.whole - self.fixed.part


@dataclass(frozen=True)
class Rates:
    """The three rates of a span."""

    punctual: Punctuality
    answers: Answers
    rework: Share


@dataclass(frozen=True)
class Unit:
    """An organization and its promises: those that fell due, those kept, those late now, its reworks and pauses."""

    id: int
    name: str
    kept: Share
    late_now: int
    reworks: int
    pauses: int
    paused_seconds: int

    @property
    def paused_days(self) -> str:
        """Return for how many days its clocks stood still."""
        return in_tenths(self.paused_seconds, DAY)


def rates(place: Place, span: Span) -> Rates:
    """Return the three rates of a place in a span."""
    return Rates(_punctuality(place, span), _answers(place, span), _rework(place, span))


def fell_due(place: Place, span: Span) -> ColumnElement[bool]:
    """Say that a promise of the official side fell due in a place in a span, its clock running or stopped."""
    return and_(clocks_in(place), RunningClock.purpose.in_(PROMISES), during(RunningClock.due_at, span))


KEPT = and_(RunningClock.stopped_at.is_not(None), RunningClock.stopped_at <= RunningClock.due_at)
STANDS_STILL = and_(RunningClock.stopped_at.is_(None), RunningClock.paused_at.is_not(None))


def _punctuality(place: Place, span: Span) -> Punctuality:
    query = select(func.count(), count_if(KEPT), count_if(STANDS_STILL)).where(fell_due(place, span))
    due, kept, paused = session().execute(query).one()
    return Punctuality(Share(kept, due - paused), paused)


def _answers(place: Place, span: Span) -> Answers:
    said = (
        select(func.count(), count_if(Confirmation.answer == ConfirmationAnswer.FIXED))
        .join(Problem, Confirmation.problem_id == Problem.id)
        .where(problems_in(place), during(Confirmation.at, span))
    )
    answered, fixed = session().execute(said).one()
    ended = (
        select(Problem.ending, func.count())
        .where(problems_in(place), Problem.ending.in_(tuple(Ending)), during(Problem.ended_at, span))
        .group_by(Problem.ending)
    )
    endings = dict(session().execute(ended).all())
    return Answers(
        Share(fixed, answered),
        endings.get(Ending.UNCONFIRMED, 0),
        {ending: endings[ending] for ending in NOT_ASKED if ending in endings},
    )


SENT_BACK = or_(Case.reworks > 0, Case.round > 1)


def _closed(place: Place, span: Span) -> ColumnElement[bool]:
    return and_(cases_in(place), Case.state == CaseState.CLOSED, during(Case.closed_at, span))


def _rework(place: Place, span: Span) -> Share:
    closed, reworked = session().execute(select(func.count(), count_if(SENT_BACK)).where(_closed(place, span))).one()
    return Share(reworked, closed)


def units(place: Place, span: Span) -> list[Unit]:
    """Return the organizations that owed something in a span, those with the most promises first."""
    late = and_(RunningClock.stopped_at.is_(None), RunningClock.paused_at.is_(None))
    query = (
        select(
            Organization.id,
            Organization.name,
            count_if(KEPT),
            count_if(~STANDS_STILL),
            count_if(late),
        )
        .join(RunningClock, RunningClock.organization_id == Organization.id)
        .where(fell_due(place, span))
        .group_by(Organization.id, Organization.name)
    )
    reworks, pauses = _reworks_of(place, span), _pauses_of(place, span)
    found = [
        Unit(id_, name, Share(kept, due), late_now, reworks.get(id_, 0), *pauses.get(id_, (0, 0)))
        for id_, name, kept, due, late_now in session().execute(query)
    ]
    return sorted(found, key=lambda unit: (-unit.kept.whole, unit.id))


def _reworks_of(place: Place, span: Span) -> dict[int, int]:
    query = select(Case.body_id, count_if(SENT_BACK)).where(_closed(place, span))
    return {id_: count for id_, count in session().execute(query.group_by(Case.body_id)) if id_ is not None}


def _pauses_of(place: Place, span: Span) -> dict[int, tuple[int, int]]:
    """Pauses of the clocks that fell due, and their length; one that still lasts is counted up to the span's end."""
    ended = func.coalesce(ClockPause.ended_at, span.until)
    seconds = extract("epoch", ended) - extract("epoch", ClockPause.began_at)
    query = (
        select(RunningClock.organization_id, func.count(), func.sum(seconds))
        .join(ClockPause, ClockPause.clock_id == RunningClock.id)
        .where(fell_due(place, span))
        .group_by(RunningClock.organization_id)
    )
    return {id_: (count, int(total)) for id_, count, total in session().execute(query) if id_ is not None}
