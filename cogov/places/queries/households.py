"""The household of a person: the unit that is counted, and the grid and building it lies in."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from cogov.ground.db import Id, session
from cogov.ground.prepared import Prepared
from cogov.journal.kept import Of, kept
from cogov.places.models import Building, Owner, Ownership, Place, Residence, Unit


def household_of(person_id: int, community_id: int) -> int | None:
    """Return the unit a person lives in, or owns, in a community: the household that is counted."""
    asked = {"person": person_id, "community": community_id}
    session().flush()
    unit_id = _LIVES_IN.one_or_none(asked)
    return unit_id if unit_id is not None else _OWNS_IN.one_or_none(asked)


_PERSON, _COMMUNITY = bindparam("person", type_=Id), bindparam("community", type_=Id)
_LIVES_IN = Prepared(
    select(Residence.unit_id)
    .join(Unit, Residence.unit_id == Unit.id)
    .where(Residence.person_id == _PERSON, Unit.community_id == _COMMUNITY, Residence.ended_at.is_(None))
    .order_by(Residence.id)
    .limit(1),
    int,
)
_OWNS_IN = Prepared(
    select(Ownership.unit_id)
    .join(Owner, Ownership.owner_id == Owner.id)
    .where(Owner.person_id == _PERSON, Owner.community_id == _COMMUNITY, Ownership.until.is_(None))
    .order_by(Ownership.id)
    .limit(1),
    int,
)
"""Asked with each second."""


def grid_of(person_id: int, community_id: int) -> int | None:
    """Return the grid of the building that a person's household lies in."""
    return kept(("grid of", person_id, community_id), lambda: _grid_of(person_id, community_id), of=Of.REGISTERS)


def _grid_of(person_id: int, community_id: int) -> int | None:
    unit_id = household_of(person_id, community_id)
    if unit_id is None:
        return None
    query = select(Building.grid_id).join(Unit, Unit.building_id == Building.id).where(Unit.id == unit_id)
    return session().scalar(query)


def lives_at(person_id: int, community_id: int) -> tuple[str, str] | None:
    """Return the names of the grid and the building in which a person lives."""
    row = kept(("lives at", person_id, community_id), lambda: _lives_at(person_id, community_id), of=Of.REGISTERS)
    return None if row is None else (row[0] or "", row[1])


def _lives_at(person_id: int, community_id: int) -> tuple[str | None, str] | None:
    query = (
        select(Place.name, Building.name)
        .select_from(Residence)
        .join(Unit, Residence.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .outerjoin(Place, Building.grid_id == Place.id)
        .where(Residence.person_id == person_id, Unit.community_id == community_id, Residence.ended_at.is_(None))
        .order_by(Residence.id)
        .limit(1)
    )
    row = session().execute(query).first()
    return None if row is None else (row[0], row[1])
