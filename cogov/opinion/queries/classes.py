"""Where those who answer live, by the roll: only ever as tables of ten or more (`rules.classing`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from cogov.ground.db import session
from cogov.opinion.models import Participant
from cogov.opinion.rules.classing import Home, Tenure, classes_of, floor_of
from cogov.places.models import Building, Owner, Ownership, Residence, Unit
from cogov.places.rules import ResidenceKind, UnitUse


def class_tables_of(
    conversation_id: int, community_id: int, votes: Iterable[tuple[int, int, int]]
) -> list[dict[str, Any]]:
    """Return who took part and how they answer, by class, as far as it may be published.

    Nothing for a conversation that was imported: who answered there is on no roll of this place.
    """
    living = _living(conversation_id, community_id)
    if not living:
        return []
    answers: dict[str, dict[str, int]] = defaultdict(dict)
    for who, what, value in votes:
        answers[str(who)][str(what)] = value
    return classes_of(_homes(community_id), {who: home for who, home in living.items() if who in answers}, answers)


def _homes(community_id: int) -> dict[int, Home]:
    """Return the dwellings of a community; where a tenant is verified, a home is rented."""
    rented = set(
        session().scalars(
            select(Residence.unit_id)
            .join(Unit, Residence.unit_id == Unit.id)
            .where(
                Unit.community_id == community_id,
                Residence.ended_at.is_(None),
                Residence.kind == ResidenceKind.TENANT,
            )
        )
    )
    query = select(Unit.id, Unit.building_id, Unit.door).where(
        Unit.community_id == community_id, Unit.use == UnitUse.DWELLING
    )
    return {
        unit: Home(str(building), floor_of(door), Tenure.RENTED if unit in rented else Tenure.OWNED)
        for unit, building, door in session().execute(query)
    }


def _living(conversation_id: int, community_id: int) -> dict[str, int]:
    """Return the home of each participant: where they live, else what they own, the one entered first."""
    here = (Participant.conversation_id == conversation_id, Unit.community_id == community_id)
    owned = (
        select(Participant.id, Ownership.unit_id)
        .join(Owner, Owner.person_id == Participant.person_id)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .join(Unit, Ownership.unit_id == Unit.id)
        .where(*here, Ownership.until.is_(None))
        .order_by(Ownership.id.desc())
    )
    lived_in = (
        select(Participant.id, Residence.unit_id)
        .join(Residence, Residence.person_id == Participant.person_id)
        .join(Unit, Residence.unit_id == Unit.id)
        .where(*here, Residence.ended_at.is_(None))
        .order_by(Residence.id.desc())
    )
    return {str(who): unit for query in (owned, lived_in) for who, unit in session().execute(query)}


def building_names(community_id: int) -> dict[str, str]:
    """Return the names of a community's buildings by number."""
    query = select(Building.id, Building.name).where(Building.community_id == community_id)
    return {str(number): name for number, name in session().execute(query)}
