"""Grids: their shapes and what lies in them, the drawing of a community, and who holds each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cogov.ground.db import session
from cogov.journal.kept import Of, kept
from cogov.people.models import RoleHeld
from cogov.people.rules import Role
from cogov.places.models import GridHolder, GridShape, Place
from cogov.places.rules import Drawing, Field, PlaceKind, Ring, Spot, draw, home_of


def is_drawn(community_id: int) -> bool:
    """Say whether any grid of a community has a shape, so that a pin can decide."""
    query = select(GridShape.grid_id).where(GridShape.community_id == community_id)
    return session().scalar(query.limit(1)) is not None


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
    return home_of(longitude, latitude, ((shape.grid_id, _ring(shape.ring)) for shape in candidates))


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


def _ring(text: str) -> Ring:
    return tuple((int(x), int(y)) for x, y in json.loads(text))


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
