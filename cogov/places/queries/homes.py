"""The homes of a person, as they and their programs see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from cogov.ground.db import found, session
from cogov.ground.words import say
from cogov.people.queries import Home
from cogov.people.rules import Actor
from cogov.places.models import Building, Owner, Ownership, Place, Residence, Unit
from cogov.places.rules import ResidenceKind
from cogov.places.rules.roll import door_words, living_words


def homes_of(person_id: int) -> list[Home]:
    """Return where a person lives and what they own, for themselves, in two queries."""
    where = (Building.name, Unit.staircase, Unit.door, Place.name)
    lives = (
        select(*where, Residence.kind, Residence.verified_at, Residence.verified_by, Residence.id)
        .join(Unit, Residence.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .join(Place, Unit.community_id == Place.id)
        .where(Residence.person_id == person_id, Residence.ended_at.is_(None))
        .order_by(Residence.id)
    )
    owns = (
        select(*where, Ownership.since, Owner.verified_by)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .join(Unit, Ownership.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .join(Place, Unit.community_id == Place.id)
        .where(Owner.person_id == person_id, Ownership.until.is_(None))
        .order_by(Ownership.id)
    )
    return [
        Home(door_words(building, staircase, door), place, living_words(kind), at.date(), by is not None, id_)
        for building, staircase, door, place, kind, at, by, id_ in session().execute(lives)
    ] + [
        Home(door_words(building, staircase, door), place, say("产权在您名下"), since, by is not None)
        for building, staircase, door, place, since, by in session().execute(owns)
    ]


@dataclass(frozen=True)
class HomeShown:
    """A home as its resident's programs see it."""

    id: int
    place: str
    building: str
    staircase: str
    door: str
    kind: ResidenceKind
    since: datetime
    ended_at: datetime | None


def lived_in(by: Actor) -> list[HomeShown]:
    """Return the homes that a person lives in."""
    return _homes(Residence.person_id == by.person_id, Residence.ended_at.is_(None))


def home_shown(row: Residence) -> HomeShown:
    """Return one home, also one that has ended."""
    return found(next(iter(_homes(Residence.id == row.id)), None))


def _homes(*which: ColumnElement[bool]) -> list[HomeShown]:
    query = (
        select(Residence, Place.code, Building.name, Unit.staircase, Unit.door)
        .join(Unit, Residence.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .join(Place, Unit.community_id == Place.id)
        .where(*which)
        .order_by(Residence.id)
    )
    return [
        HomeShown(row.id, code, building, staircase, door, row.kind, row.verified_at, row.ended_at)
        for row, code, building, staircase, door in session().execute(query)
    ]
