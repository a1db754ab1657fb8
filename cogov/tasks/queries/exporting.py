"""What is kept about one person in this room, for their own copy."""

from __future__ import annotations

from cogov.ground.copies import Copies, copies
from cogov.tasks.models import Claim, HandIn, Task

ABOUT = (
    Claim.person_id,
    HandIn.person_id,
    Task.opened_by,
)
"""Columns that say whose a row is."""

DONE = (
    HandIn.judged_by,
    Task.cancelled_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
