"""Where somebody most likely means: the building they live in."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.db import session
from cogov.people.rules import Actor
from cogov.places.models import Building, Unit
from cogov.places.queries import household_of


def own_building(by: Actor, community_id: int) -> Building | None:
    """Return the building of somebody's home in a community, or of what they own there."""
    unit_id = household_of(by.person_id, community_id) if by.person_id is not None else None
    if unit_id is None:
        return None
    query = select(Building).join(Unit, Unit.building_id == Building.id).where(Unit.id == unit_id)
    return session().scalars(query).one()
