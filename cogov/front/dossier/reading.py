"""What every part of a dossier is made from, read once."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.cases import queries as cases
from cogov.decisions import queries as decisions
from cogov.front.acts import Reading
from cogov.front.counts import Counts, counts_of
from cogov.ground.clock import now
from cogov.ground.pages import actor
from cogov.places.queries import place_by_id
from cogov.problems import queries as problems
from cogov.problems.models import Problem


@dataclass(frozen=True)
class Dossier:
    """What every part of the page is made from, read once."""

    reading: Reading
    code: str
    inside: bool
    """Whether the reader is of the place; others learn places by grid and residents' times by day."""

    @property
    def problem(self) -> Problem:
        """The problem itself."""
        return self.reading.problem

    @property
    def counts(self) -> Counts:
        """How much hangs on it."""
        return self.reading.counts


def read(number: str) -> Dossier:
    """Read a problem that the reader may see."""
    by, at = actor(), now()
    problem = problems.problem_for(by, number)
    code = place_by_id(problem.community_id).code
    counts = counts_of(problem.id)
    latest = decisions.latest(problem.id) if counts.decisions else None
    owed = decisions.ballots_owed(by, latest.id) if latest and by.person_id else 0
    reading = Reading(
        by=by,
        problem=problem,
        head=problems.panel(by, problem),
        counts=counts,
        latest=latest,
        ballots_owed=owed,
        case=cases.panel(by, problem) if counts.cases else cases.Panel(None, ()),
        at=at,
    )
    return Dossier(reading, code, by.inside(code))
