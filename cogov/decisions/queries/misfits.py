"""Shares on the roll that cannot be counted, with the doors that a reader may know, and who may mend them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cogov.decisions.rules.parts import Misfit
from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.rules import Actor
from cogov.people.rules.keeping import VERIFIERS, why_not_keep
from cogov.places.models import Building, Owner, Ownership, Unit
from cogov.places.rules.roll import door_words

MOST_DOORS = 50


@dataclass(frozen=True)
class Door:
    """A unit by its door, and whether the reader may write its shares."""

    unit_id: int
    words: Words
    may_mend: bool


@dataclass(frozen=True)
class MisfitShown:
    """Units whose shares cannot be counted: why, how many, and the doors of those that the reader may know."""

    refusal: Refusal
    units: int
    doors: tuple[Door, ...]
    hidden: int
    """How many doors are not told: others' doors to whom the roll is no duty, and what is too many for a page."""


def misfits_for(by: Actor, code: str, misfits: Sequence[Misfit]) -> tuple[MisfitShown, ...]:
    """Return misfits as a reader sees them: every door to who checks owners there, to others those of their own."""
    concerned = {unit_id for misfit in misfits for unit_id in misfit.unit_ids}
    if not concerned:
        return ()
    may_mend = why_not_keep(by, code) is None
    known = concerned if may_mend or by.holds(code, *VERIFIERS) else _own(by, concerned)
    doors = _doors(known, may_mend=may_mend)
    return tuple(_shown(misfit, doors) for misfit in misfits)


def _shown(misfit: Misfit, doors: Iterable[Door]) -> MisfitShown:
    told = tuple(door for door in doors if door.unit_id in misfit.unit_ids)[:MOST_DOORS]
    return MisfitShown(misfit.refusal, len(misfit.unit_ids), told, len(misfit.unit_ids) - len(told))


def _own(by: Actor, unit_ids: Collection[int]) -> set[int]:
    if by.person_id is None:
        return set()  # an owner on the roll who has not joined is nobody's account, least of all a stranger's
    query = (
        select(Ownership.unit_id)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Owner.person_id == by.person_id, Ownership.unit_id.in_(unit_ids), Ownership.until.is_(None))
    )
    return set(session().scalars(query))


def _doors(unit_ids: Collection[int], *, may_mend: bool) -> list[Door]:
    query = (
        select(Unit.id, Building.name, Unit.staircase, Unit.door)
        .join(Building, Unit.building_id == Building.id)
        .where(Unit.id.in_(unit_ids))
        .order_by(Building.code, Unit.staircase, Unit.door, Unit.id)
    )
    return [
        Door(unit_id, door_words(building, staircase, door), may_mend)
        for unit_id, building, staircase, door in session().execute(query)
    ]
