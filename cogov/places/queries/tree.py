"""The tree of places from districts to grids and buildings, and what places are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, or_, select

from cogov.ground.db import found, session
from cogov.journal.kept import Of, kept, kept_each
from cogov.people.rules import Actor
from cogov.places.models import Building, Place, SetUp, Unit
from cogov.places.rules import PlaceKind, prefixes


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


def communities_with_grids() -> list[Place]:
    """Return the communities that are divided into grids, in order of code."""
    divided = select(Place.parent_id).where(Place.kind == PlaceKind.GRID)
    return list(session().scalars(select(Place).where(Place.id.in_(divided)).order_by(Place.code)))


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


def community_choices() -> list[tuple[str, str]]:
    """Return code and name of every community that people can sign up for."""
    return [(place.code, place.name) for place in communities()]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of places by code."""
    rows = session().execute(select(Place.code, Place.name).where(Place.code.in_(list(codes))))
    return dict(rows.all())
