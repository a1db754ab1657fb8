"""What stands in the way of a vote whose announced hour has come."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cogov.decisions.rules.opening import why_not_open
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.refusals import Refusal
from cogov.threads.queries.concerns import open_concerns_before


class Announced(Protocol):
    """A vote as far as its opening goes."""

    @property
    def problem_id(self) -> int:
        """The problem it is about."""

    @property
    def state(self) -> DecisionState:
        """How far it is."""

    @property
    def opens_at(self) -> datetime:
        """From when ballots are taken."""

    @property
    def announced_for(self) -> datetime | None:
        """When the notice said it would open, if it was held back."""


def concerns_in_the_way(decision: Announced) -> int:
    """Return how many concerns that were raised before the hour of the notice have no answer."""
    return open_concerns_before(decision.problem_id, decision.announced_for or decision.opens_at)


def why_not_begun(decision: Announced, at: datetime) -> Refusal | None:
    """Say why no ballot is taken though the hour of the notice has come: asked until the vote is said to be open."""
    if decision.state is not DecisionState.NOTICED or at < (decision.announced_for or decision.opens_at):
        return None
    return why_not_open(concerns_in_the_way(decision))
