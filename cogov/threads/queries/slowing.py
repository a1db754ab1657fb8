"""Whether a thread is slow now, and how often threads of a place were slowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.kept import kept
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.threads.models import SlowMode


@dataclass(frozen=True)
class Slowed:
    """That each person may write one message in so many minutes here, why, and until when."""

    minutes: int
    reason: str
    until: datetime


def slowed(problem_id: int) -> Slowed | None:
    """Return whether a thread is slow now; the same for every reader, and a minute old at most."""
    return kept(("slow mode", problem_id), lambda: _slowed(problem_id), of=problem_id)


def _slowed(problem_id: int) -> Slowed | None:
    query = select(SlowMode).where(
        SlowMode.problem_id == problem_id, SlowMode.ended_at.is_(None), SlowMode.until > now()
    )
    slow = session().scalars(query.order_by(SlowMode.id.desc()).limit(1)).one_or_none()
    return None if slow is None else Slowed(slow.minutes, slow.reason, slow.until)


def times_slowed(place: Place, since: datetime) -> int:
    """Return how often threads of a place and all under it were slowed since a moment."""
    query = (
        select(func.count())
        .select_from(SlowMode)
        .join(Problem, Problem.id == SlowMode.problem_id)
        .join(Place, Place.id == Problem.community_id)
        .where(Place.code.startswith(place.code, autoescape=True), SlowMode.at >= since)
    )
    return session().scalar(query) or 0
