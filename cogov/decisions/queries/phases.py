"""Where a decision stands at a moment."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from cogov.decisions.rules.stages import DecisionState


class Phase(StrEnum):
    """Where a decision stands at this moment, by its announced hours."""

    COMING = "coming"
    OPEN = "open"
    COUNTING = "counting"
    CLOSED = "closed"


def phase_of(state: DecisionState, opens_at: datetime, closes_at: datetime, at: datetime) -> Phase:
    """Return the phase: the hours announced decide, not whether the clock has been run already."""
    if state is DecisionState.CLOSED:
        return Phase.CLOSED
    if at >= closes_at:
        return Phase.COUNTING
    return Phase.OPEN if at >= opens_at else Phase.COMING
