"""The doors of heads, as they are written beside papers, notices and ballots."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cogov.decisions.models import (
    ElectorateHead,
    ElectorateUnit,
)
from cogov.decisions.queries.parts import owner_numbers
from cogov.ground.db import session
from cogov.places.models import Building, Unit


def doors_of(head_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the doors of heads as they are written; of a co-owner's share with their number on the roll."""
    query = (
        select(ElectorateUnit.head_id, Building.name, Unit.staircase, Unit.door, ElectorateHead.key)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .join(Unit, ElectorateUnit.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .where(ElectorateUnit.head_id.in_(head_ids))
        .order_by(ElectorateUnit.unit_id)
    )
    doors: dict[int, list[str]] = {}
    rows = session().execute(query).all()
    numbers = owner_numbers({row.key for row in rows})
    for head_id, building, staircase, door, key in rows:
        owner = f"（{numbers[key]}）" if key in numbers else ""
        written = "-".join(part for part in (staircase, door) if part)
        doors.setdefault(head_id, []).append(f"{building} {written}{owner}")
    return doors
