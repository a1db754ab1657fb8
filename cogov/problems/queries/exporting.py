"""What is kept about one person in this room, for their own copy."""

from __future__ import annotations

from cogov.ground.copies import Copies, copies
from cogov.problems.models import (
    Conclusion,
    Confirmation,
    DossierName,
    Following,
    Leeway,
    Mediation,
    Phase,
    Problem,
    Raiser,
    Second,
    Triage,
    TriageAppeal,
)

ABOUT = (
    Problem.raiser_id,
    Raiser.person_id,
    Second.person_id,
    DossierName.person_id,
    Following.person_id,
    Confirmation.person_id,
    TriageAppeal.person_id,
    Conclusion.by,
    Mediation.by,
    Leeway.person_id,
    Phase.person_id,
)
"""Columns that say whose a row is."""

DONE = (
    Problem.recorded_by,
    Triage.confirmed_by,
    TriageAppeal.answered_by,
    Phase.cancelled_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
