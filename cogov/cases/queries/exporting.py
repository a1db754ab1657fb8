"""What is kept about one person in this room, for their own copy."""

from __future__ import annotations

from cogov.cases.models import Call, Case, Stamp, Step
from cogov.ground.copies import Copies, copies

ABOUT = (
    Stamp.person_id,
    Step.person_id,
)
"""Columns that say whose a row is."""

DONE = (
    Call.called_by,
    Call.answered_by,
    Case.handled_by,
    Case.inspected_by,
    Case.closed_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
