"""The owners' roll as it stands on a day, and who lives where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import and_, or_, select

from cogov.ground.db import session
from cogov.places.models import Owner, Ownership, Residence, Unit
from cogov.places.rules import OwnerKind, UnitUse


@dataclass(frozen=True)
class RollRow:
    """One line of the owners' roll: a unit and one of its owners (owner fields are None where none is known)."""

    unit_id: int
    building_id: int
    staircase: str
    area: int | None
    use: UnitUse
    unsold: bool
    owner_id: int | None
    owner_kind: OwnerKind | None
    person_id: int | None
    share_part: int | None
    share_of: int | None

    @property
    def share(self) -> Fraction | None:
        """Return the share of the unit that is registered for this owner."""
        return None if self.share_part is None or self.share_of is None else Fraction(self.share_part, self.share_of)


def roll(community_id: int, on: date, building_id: int | None = None, staircase: str = "") -> list[RollRow]:
    """Return the owners' roll of a community, a building or a staircase as it stands on a day.

    What changes hands on that day belongs to the new owner; a sale entered ahead changes nothing before its day.
    """
    held = and_(
        Ownership.unit_id == Unit.id,
        Ownership.since <= on,
        or_(Ownership.until.is_(None), Ownership.until > on),
    )
    query = (
        select(
            Unit.id,
            Unit.building_id,
            Unit.staircase,
            Unit.area,
            Unit.use,
            Unit.unsold,
            Owner.id,
            Owner.kind,
            Owner.person_id,
            Ownership.share_part,
            Ownership.share_of,
        )
        .outerjoin(Ownership, held)
        .outerjoin(Owner, Ownership.owner_id == Owner.id)
        .where(Unit.community_id == community_id)
        .order_by(Unit.id, Owner.id)
    )
    if building_id is not None:
        query = query.where(Unit.building_id == building_id)
    if staircase:
        query = query.where(Unit.staircase == staircase)
    return [RollRow(*row) for row in session().execute(query)]


def residents(community_id: int, building_id: int | None = None) -> list[tuple[int, int, int]]:
    """Return (unit, building, person) of everyone verified as living in a community or a building."""
    query = (
        select(Unit.id, Unit.building_id, Residence.person_id)
        .join(Residence, Residence.unit_id == Unit.id)
        .where(Unit.community_id == community_id, Residence.ended_at.is_(None))
        .order_by(Unit.id, Residence.id)
    )
    if building_id is not None:
        query = query.where(Unit.building_id == building_id)
    return [(unit, building, person) for unit, building, person in session().execute(query)]
