"""The map of a community as one drawing: its grids as polygons, its problems as pins; no tiles, no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cogov.places.models import GridShape, Place
from cogov.places.queries import ring_of

WIDTH = 1000


@dataclass(frozen=True)
class Area:
    """A grid on the drawing."""

    name: str
    points: str
    x: int
    y: int
    own: bool


@dataclass(frozen=True)
class Pin:
    """A problem on the drawing; ``mark`` is one character, ``kind`` its colour."""

    x: int
    y: int
    mark: str
    kind: str
    url: str
    title: str


@dataclass(frozen=True)
class Drawing:
    """A drawing of `width` by `height` units."""

    width: int
    height: int
    areas: tuple[Area, ...]
    pins: tuple[Pin, ...]


@dataclass(frozen=True)
class Spot:
    """Where a pin is wanted, in 1e-6 degrees."""

    longitude: int
    latitude: int
    mark: str
    kind: str
    url: str
    title: str


def draw(shapes: Iterable[GridShape], grids: Iterable[Place], spots: Iterable[Spot], own: int | None) -> Drawing | None:
    """Return the drawing, or None where no grid has a shape. North is up; a degree of latitude is as long as two
    thirds more of one of longitude, as it is in the middle of China (cos 31° as 6/7 in integers).
    """
    shapes = list(shapes)
    if not shapes:
        return None
    names = {grid.id: grid.name for grid in grids}
    west, east = min(s.west for s in shapes), max(s.east for s in shapes)
    south, north = min(s.south for s in shapes), max(s.north for s in shapes)
    span = max(east - west, 1)
    height = max((north - south) * WIDTH * 7 // (span * 6), 1)

    def place(longitude: int, latitude: int) -> tuple[int, int]:
        return (longitude - west) * WIDTH // span, (north - latitude) * WIDTH * 7 // (span * 6)

    areas = []
    for shape in shapes:
        points = [place(x, y) for x, y in ring_of(shape)]
        x, y = place((shape.west + shape.east) // 2, (shape.south + shape.north) // 2)
        text = " ".join(f"{px},{py}" for px, py in points)
        areas.append(Area(names.get(shape.grid_id, ""), text, x, y, shape.grid_id == own))
    pins = [Pin(*place(s.longitude, s.latitude), s.mark, s.kind, s.url, s.title) for s in spots]
    return Drawing(WIDTH, height, tuple(areas), tuple(pins))
