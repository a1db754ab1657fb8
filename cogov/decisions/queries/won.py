"""Which solution a resolution carries out."""

from __future__ import annotations

from sqlalchemy import select

from cogov.decisions.models import Decision, Motion, Resolution
from cogov.ground.db import session


def solution_of(resolution_id: int) -> int | None:
    """Return the version of a solution that a resolution carries out, None where its motion named none."""
    query = (
        select(Motion.solution_version_id)
        .join(Decision, Decision.motion_id == Motion.id)
        .join(Resolution, Resolution.decision_id == Decision.id)
        .where(Resolution.id == resolution_id)
    )
    return session().scalar(query)
