"""Places, settings, grids, households and the roll, as other rooms read them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased

from cogov.ground.copies import Copies, copies
from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Prepared
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.journal.kept import Of, kept, kept_each
from cogov.people.models import RoleHeld
from cogov.people.queries import Home
from cogov.people.rules import Actor, Role
from cogov.places.models import (
    Building,
    GridHolder,
    GridShape,
    Owner,
    Ownership,
    Place,
    PlaceSetting,
    Residence,
    SetUp,
    Unit,
)
from cogov.places.rules import (
    DEFAULTS,
    Drawing,
    Field,
    OwnerKind,
    PlaceKind,
    ResidenceKind,
    Ring,
    Setting,
    Spot,
    UnitUse,
    draw,
    home_of,
    prefixes,
)
from cogov.places.rules.codes import CODE_LENGTH
from cogov.places.rules.opening import why_not_open_yet
from cogov.places.rules.roll import door_words, living_words


def place_by_id(place_id: int) -> Place:
    """Return a place."""
    return found(kept(("place", place_id), lambda: session().get(Place, place_id), of=Of.REGISTERS))


def places_by_id(place_ids: Iterable[int]) -> dict[int, Place]:
    """Return places by id."""
    return kept_each("place", place_ids, _places, of=Of.REGISTERS)


def _places(place_ids: Collection[int]) -> dict[int, Place]:
    return {place.id: place for place in session().scalars(select(Place).where(Place.id.in_(place_ids)))}


def place_by_code(code: str) -> Place:
    """Return a place by its code."""
    return found(_place_of(code))


def _place_of(code: str) -> Place | None:
    return kept(("place of", code), lambda: _place_with(code), of=Of.REGISTERS)


def _place_with(code: str) -> Place | None:
    return session().scalars(select(Place).where(Place.code == code)).one_or_none()


def community_by_code(code: str) -> Place | None:
    """Return the community with this code, if there is one."""
    place = _place_of(code[:32])
    return place if place is not None and place.kind is PlaceKind.COMMUNITY else None


def communities(limit: int = 200) -> list[Place]:
    """Return the open communities that have units on their roll or were opened through the pages, in order of code."""
    return list(kept(("communities", limit), lambda: _communities(limit), of=Of.REGISTERS))


def _communities(limit: int) -> list[Place]:
    with_units = select(Unit.community_id).distinct()
    opened = select(SetUp.place_id).where(SetUp.opened_at.is_not(None))
    closed = select(SetUp.place_id).where(SetUp.opened_at.is_(None))
    query = select(Place).where(
        Place.kind == PlaceKind.COMMUNITY,
        or_(Place.id.in_(with_units), Place.id.in_(opened)),
        Place.id.not_in(closed),
    )
    return list(session().scalars(query.order_by(Place.code).limit(limit)))


def set_up_of(community_id: int) -> SetUp | None:
    """Return the set-up of a community; None where it came complete, and so is open."""
    return session().get(SetUp, community_id)


def why_not_open_here(community: Place) -> Refusal | None:
    """Say that a community is still being set up, and when it opens."""
    row = set_up_of(community.id)
    closed = row is not None and row.opened_at is None
    return why_not_open_yet(community.name, closed=closed, planned_on=row.planned_on if row else None)


def is_drawn(community_id: int) -> bool:
    """Say whether any grid of a community has a shape, so that a pin can decide."""
    query = select(GridShape.grid_id).where(GridShape.community_id == community_id)
    return session().scalar(query.limit(1)) is not None


def home_community(actor: Actor) -> Place | None:
    """Return the community that a person's first standing belongs to."""
    for standing in sorted(actor.standings, key=lambda held: -len(held.scope)):
        community = community_by_code(standing.scope[:12])
        if community is not None:
            return community
    return None


def chain(code: str) -> list[Place]:
    """Return a place and those above it, the widest first."""
    return list(kept(("chain", code), lambda: _chain(code), of=Of.REGISTERS))


def _chain(code: str) -> Sequence[Place]:
    query = select(Place).where(Place.code.in_(prefixes(code))).order_by(func.length(Place.code))
    return session().scalars(query).all()


def grids_of(community_id: int) -> list[Place]:
    """Return the grids of a community in order of code."""
    return list(kept(("grids", community_id), lambda: _grids(community_id), of=Of.REGISTERS))


def _grids(community_id: int) -> Sequence[Place]:
    query = select(Place).where(Place.parent_id == community_id, Place.kind == PlaceKind.GRID).order_by(Place.code)
    return session().scalars(query).all()


def buildings_of(community_id: int) -> list[Building]:
    """Return the buildings of a community in order of code."""
    return list(
        session().scalars(select(Building).where(Building.community_id == community_id).order_by(Building.code))
    )


def setting(code: str, name: Setting) -> int:
    """Return a threshold or limit as the nearest place above has set it."""
    return kept(("setting", code, name), lambda: _setting(code, name), of=Of.REGISTERS)


def _setting(code: str, name: Setting) -> int:
    found = _SETTING.all({**above(code), "name": name.value})
    return found[0] if found else DEFAULTS[name]


_ABOVE = tuple(f"code_{index}" for index in range(len(CODE_LENGTH)))


def above(code: str) -> dict[str, str | None]:
    """Return what has to be given to a query with ``setting_column``, for a place."""
    return {**dict.fromkeys(_ABOVE), **dict(zip(_ABOVE, prefixes(code), strict=False))}


def _set_above(name: ColumnElement[str]) -> Select[int]:
    return (
        select(PlaceSetting.value)
        .join(Place, PlaceSetting.place_id == Place.id)
        .where(
            Place.code.in_([bindparam(each, type_=Place.code.type) for each in _ABOVE]),
            PlaceSetting.name == name,
        )
        .order_by(func.length(Place.code).desc())
        .limit(1)
    )


def setting_column(name: Setting) -> ColumnElement[int]:
    """Return a threshold as a column of a query that is asked anyway; see ``above`` for what it is given."""
    return func.coalesce(_set_above(literal(name.value, PlaceSetting.name.type)).scalar_subquery(), DEFAULTS[name])


_SETTING = Prepared(_set_above(bindparam("name", type_=PlaceSetting.name.type)), int)


def second_factor_asked(scopes: Iterable[str]) -> bool:
    """Say whether one of some places asks those who serve there for a second factor."""
    return any(setting(scope, Setting.SECOND_FACTOR_ASKED) for scope in scopes)


def ring_of(shape: GridShape) -> Ring:
    """Return the stored ring of a grid."""
    return _ring(shape.ring)


def grid_at(community_id: int, longitude: int, latitude: int) -> int | None:
    """Return the one grid that a point in 1e-6 degrees belongs to, also on the outermost edge."""
    candidates = session().scalars(
        select(GridShape)
        .where(
            GridShape.community_id == community_id,
            GridShape.west <= longitude,
            GridShape.east >= longitude,
            GridShape.south <= latitude,
            GridShape.north >= latitude,
        )
        .order_by(GridShape.grid_id)
    )
    return home_of(longitude, latitude, ((shape.grid_id, ring_of(shape)) for shape in candidates))


def shapes_of(community_id: int) -> list[GridShape]:
    """Return the shapes of a community's grids."""
    return list(session().scalars(select(GridShape).where(GridShape.community_id == community_id)))


def fields_of(community_id: int) -> list[Field]:
    """Return the grids of a community that have a shape, in order of code, as the drawing needs them."""
    return list(kept(("fields", community_id), lambda: _fields(community_id), of=Of.REGISTERS))


def _fields(community_id: int) -> list[Field]:
    query = (
        select(Place.id, Place.name, GridShape.ring)
        .join(GridShape, GridShape.grid_id == Place.id)
        .where(GridShape.community_id == community_id)
        .order_by(Place.code)
    )
    return [Field(grid_id, name, _ring(ring)) for grid_id, name, ring in session().execute(query)]


def drawing_of(community_id: int, spots: Iterable[Spot] = (), own: int | None = None) -> Drawing | None:
    """Return the drawing of a community with pins on it and one's own grid marked; None where no grid has a shape."""
    return draw(fields_of(community_id), spots, own)


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


@dataclass(frozen=True)
class GridRow:
    """A grid with what makes it a field of duty: its polygon, its holder and deputy (None where missing)."""

    code: str
    name: str
    ring: Ring | None
    holder_id: int | None
    deputy_id: int | None


def grid_rows(community_id: int) -> list[GridRow]:
    """Return the grids of a community with polygon, holder and deputy, in order of code."""
    holder, deputy = aliased(GridHolder), aliased(GridHolder)
    query = (
        select(Place.code, Place.name, GridShape.ring, holder.person_id, deputy.person_id)
        .outerjoin(GridShape, GridShape.grid_id == Place.id)
        .outerjoin(holder, (holder.grid_id == Place.id) & holder.until.is_(None) & ~holder.deputy)
        .outerjoin(deputy, (deputy.grid_id == Place.id) & deputy.until.is_(None) & deputy.deputy)
        .where(Place.parent_id == community_id, Place.kind == PlaceKind.GRID)
        .order_by(Place.code)
    )
    return [
        GridRow(code, name, _ring(ring) if ring else None, holder_id, deputy_id)
        for code, name, ring, holder_id, deputy_id in session().execute(query)
    ]


def communities_with_grids() -> list[Place]:
    """Return the communities that are divided into grids, in order of code."""
    divided = select(Place.parent_id).where(Place.kind == PlaceKind.GRID)
    return list(session().scalars(select(Place).where(Place.id.in_(divided)).order_by(Place.code)))


def _ring(text: str) -> Ring:
    return tuple((int(x), int(y)) for x, y in json.loads(text))


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


def holders_of(grid_ids: list[int]) -> dict[int, list[tuple[str, str, bool]]]:
    """Return (public name, contact, deputy) of the present holders of grids, the holder before the deputy."""
    wanted = tuple(sorted(grid_ids))
    return dict(kept(("holders", wanted), lambda: _holders_of(wanted), of=Of.REGISTERS))


def _holders_of(grid_ids: Collection[int]) -> dict[int, list[tuple[str, str, bool]]]:
    rows = session().execute(
        select(GridHolder.grid_id, RoleHeld.public_name, GridHolder.contact, GridHolder.deputy)
        .outerjoin(
            RoleHeld,
            (RoleHeld.person_id == GridHolder.person_id)
            & (RoleHeld.role == Role.GRID_WORKER)
            & RoleHeld.ended_at.is_(None),
        )
        .where(GridHolder.grid_id.in_(grid_ids), GridHolder.until.is_(None))
        .order_by(GridHolder.deputy, GridHolder.id)
    )
    result: dict[int, list[tuple[str, str, bool]]] = {}
    for grid_id, name, contact, deputy in rows:
        result.setdefault(grid_id, []).append((name or "", contact, deputy))
    return result


def community_choices() -> list[tuple[str, str]]:
    """Return code and name of every community that people can sign up for."""
    return [(place.code, place.name) for place in communities()]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of places by code."""
    rows = session().execute(select(Place.code, Place.name).where(Place.code.in_(list(codes))))
    return dict(rows.all())


ABOUT = (Residence.person_id, Owner.person_id, GridHolder.person_id)
"""Columns that say whose a row is."""

DONE = (
    Residence.verified_by,
    Owner.verified_by,
    PlaceSetting.changed_by,
    SetUp.begun_by,
    SetUp.rules_by,
    SetUp.opened_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here, with the units they hold."""
    found = copies(person_id, ABOUT, DONE)
    query = (
        select(Ownership.id, Ownership.unit_id, Ownership.since, Ownership.until)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Owner.person_id == person_id)
    )
    found["ownership"] = [
        {"id": id_, "unit_id": unit, "since": since.isoformat(), "until": until.isoformat() if until else None}
        for id_, unit, since, until in session().execute(query.order_by(Ownership.id))
    ]
    return found
