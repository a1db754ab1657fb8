"""The drawing of a community: its grids as polygons, what lies in them as pins; no tiles, whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cogov.places.rules.rings import Ring

WIDTH = 1000
"""How many units wide every drawing is; its height follows from the ground."""

NEAR = 72
"""Pins nearer to each other than this would hide one another, and are drawn as one with their number."""

FOOT = 34
"""How far above the lower edge of its grid a name stands."""


@dataclass(frozen=True)
class Field:
    """A grid with its ring in 1e-6 degrees."""

    id: int
    name: str
    ring: Ring


@dataclass(frozen=True)
class Spot:
    """Where a pin is wanted, in 1e-6 degrees; ``mark`` is one character, ``kind`` its colour."""

    longitude: int
    latitude: int
    mark: str
    kind: str
    url: str
    title: str
    line: str = ""


@dataclass(frozen=True)
class Area:
    """A grid on the drawing, and where its name stands."""

    id: int
    name: str
    points: str
    x: int
    y: int
    own: bool


@dataclass(frozen=True)
class Pin:
    """A spot on the drawing."""

    x: int
    y: int
    spot: Spot


@dataclass(frozen=True)
class Cluster:
    """Pins that are drawn as one; danger among them shows."""

    x: int
    y: int
    kind: str
    pins: tuple[Pin, ...]


@dataclass(frozen=True)
class Extent:
    """What a drawing shows of the ground: ``span`` is its width in 1e-6 degrees of longitude, ``squeeze`` how long one
    of those is beside one of latitude, in thousandths.
    """

    west: int
    north: int
    span: int
    squeeze: int

    def place(self, longitude: int, latitude: int) -> tuple[int, int]:
        """Return where a point of the ground lies on the drawing; north is up."""
        x = (longitude - self.west) * WIDTH // self.span
        return x, (self.north - latitude) * WIDTH * 1000 // (self.span * self.squeeze)


@dataclass(frozen=True)
class Drawing:
    """A drawing of `width` by `height` units."""

    width: int
    height: int
    extent: Extent
    areas: tuple[Area, ...]
    pins: tuple[Pin, ...]
    clusters: tuple[Cluster, ...]


def middle(ring: Ring) -> tuple[int, int]:
    """Return the centre of gravity of a ring, where its name stands."""
    x0, y0 = ring[0]
    crosses = [
        (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)  # from the first corner, so that the products stay small
        for (x1, y1), (x2, y2) in pairwise(ring)
    ]
    whole = 3 * sum(crosses)
    if whole == 0:
        return x0, y0
    x = sum(cross * (x1 + x2 - 2 * x0) for cross, ((x1, _), (x2, _)) in zip(crosses, pairwise(ring), strict=True))
    y = sum(cross * (y1 + y2 - 2 * y0) for cross, ((_, y1), (_, y2)) in zip(crosses, pairwise(ring), strict=True))
    return x0 + x // whole, y0 + y // whole


def draw(fields: Sequence[Field], spots: Iterable[Spot] = (), own: int | None = None) -> Drawing | None:
    """Return the drawing, or None where no grid has a shape; a spot beyond the grids is left out."""
    if not fields:
        return None
    corners = [corner for field in fields for corner in field.ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    cosine = math.cos(math.radians((south + north) / 2_000_000))
    extent = Extent(west, north, max(east - west, 1), max(round(1000 * cosine), 1))
    height = max(extent.place(west, south)[1], 1)
    within = (spot for spot in spots if west <= spot.longitude <= east and south <= spot.latitude <= north)
    pins = tuple(Pin(*extent.place(spot.longitude, spot.latitude), spot) for spot in within)
    areas = tuple(_area(field, extent, own=field.id == own) for field in fields)
    return Drawing(WIDTH, height, extent, areas, pins, clusters(pins))


def _area(field: Field, extent: Extent, *, own: bool) -> Area:
    corners = [extent.place(*corner) for corner in field.ring]
    x, y = extent.place(*middle(field.ring))
    points = " ".join(f"{each},{other}" for each, other in corners)
    return Area(field.id, field.name, points, x, max(y, _foot(corners, x) - FOOT), own)


def _foot(corners: Sequence[tuple[int, int]], x: int) -> int:
    """Return how far down a grid reaches at `x`: names stand there, as pins lie anywhere else."""
    sides = [(a, b) for a, b in pairwise(corners) if min(a[0], b[0]) <= x <= max(a[0], b[0]) and a[0] != b[0]]
    return max((a[1] + (x - a[0]) * (b[1] - a[1]) // (b[0] - a[0]) for a, b in sides), default=0)


def clusters(pins: Iterable[Pin]) -> tuple[Cluster, ...]:
    """Return the pins in groups whose first members do not hide each other, from the top down."""
    groups: list[list[Pin]] = []
    for pin in pins:
        near = next((group for group in groups if _hides(group[0], pin)), None)
        if near is None:
            groups.append([pin])
        else:
            near.append(pin)
    return tuple(sorted((_cluster(group) for group in groups), key=lambda each: (each.y, each.x)))


def _hides(one: Pin, other: Pin) -> bool:
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 < NEAR**2


def _cluster(group: list[Pin]) -> Cluster:
    kinds = {pin.spot.kind for pin in group}
    kind = kinds.pop() if len(kinds) == 1 else "danger" if "danger" in kinds else "mixed"
    return Cluster(group[0].x, group[0].y, kind, tuple(group))
