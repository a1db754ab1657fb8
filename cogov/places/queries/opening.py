"""Whether a community is open yet."""

from __future__ import annotations

from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.places.models import Place, SetUp
from cogov.places.rules.opening import why_not_open_yet


def set_up_of(community_id: int) -> SetUp | None:
    """Return the set-up of a community; None where it came complete, and so is open."""
    return session().get(SetUp, community_id)


def why_not_open_here(community: Place) -> Refusal | None:
    """Say that a community is still being set up, and when it opens."""
    row = set_up_of(community.id)
    closed = row is not None and row.opened_at is None
    return why_not_open_yet(community.name, closed=closed, planned_on=row.planned_on if row else None)
