"""What everybody may know of a vote while it runs: met or not, and figures in batches."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from cogov.decisions.models import (
    Decision,
)
from cogov.decisions.queries.counting import counted_so_far, progress
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.outcome import Missing
from cogov.decisions.rules.shortage import Row
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import session
from cogov.journal.kept import Of, kept
from cogov.places.models import Building


@dataclass(frozen=True)
class BuildingRow:
    """A building or staircase of the shortage board; ``row.voted`` is None where no figure may be shown."""

    name: str
    floors: int
    row: Row


@dataclass(frozen=True)
class Running:
    """What everybody may know before the close: met or not, and for ten heads or more the figures of full batches."""

    met: bool | None
    ballots: int
    turnout: Turnout | None
    missing: Missing | None
    rows: tuple[BuildingRow, ...]


def running_of(decision: Decision, rule: DecisionRule) -> Running:
    """Return what everybody may know of a running vote."""
    last = counted_so_far(decision)
    return kept(("running", decision.id, last), lambda: _running(decision, rule, last), of=Of.REGISTERS)


def _running(decision: Decision, rule: DecisionRule, last: int) -> Running:
    known = progress(decision, rule, last)
    buildings = {
        building.id: building
        for building in session().scalars(
            select(Building).where(Building.id.in_({row.building_id for row in known.board.rows}))
        )
    }
    rows = tuple(
        BuildingRow(buildings[row.building_id].name, buildings[row.building_id].floors, row) for row in known.board.rows
    )
    return Running(known.board.met, known.ballots, known.board.turnout, known.board.missing, rows)
