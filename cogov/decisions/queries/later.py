"""Who has come to the roll since it was frozen for a vote: what changes on it meanwhile changes nothing there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from cogov.decisions.rules.law import Body
from cogov.duties.queries import calendar_for
from cogov.ground.db import session
from cogov.places.models import Owner, Ownership, Residence, Unit
from cogov.places.queries import place_by_id


def noticed_before(person_id: int | None, community_id: int, body: Body, noticed_at: datetime) -> datetime | None:
    """Return when the roll was frozen, for somebody who lives or owns there only since; None for all others."""
    if person_id is None or body in (Body.MEMBERS, Body.ORGANIZATIONS):
        return None
    day = calendar_for(place_by_id(community_id).code).local_day(noticed_at)
    owns = (
        select(Owner.id)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(
            Owner.person_id == person_id,
            Owner.community_id == community_id,
            Ownership.until.is_(None),
            or_(Ownership.since > day, Owner.verified_at > noticed_at),
        )
    )
    lives = (
        select(Residence.id)
        .join(Unit, Residence.unit_id == Unit.id)
        .where(
            Residence.person_id == person_id,
            Unit.community_id == community_id,
            Residence.ended_at.is_(None),
            Residence.verified_at > noticed_at,
        )
    )
    late = session().scalar((owns if body is Body.OWNERS else lives).limit(1)) is not None
    return noticed_at if late else None
