"""Polygons in whole micro-degrees: whether one is sound, and which of several a point belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

Number = int | Fraction
Point = tuple[Number, Number]

Ring = tuple[tuple[int, int], ...]
"""A closed ring of (longitude, latitude) in 1e-6 degrees; the last point repeats the first."""


MOST_POINTS = 1000


def contains(ring: Sequence[Point], x: Number, y: Number) -> bool:
    """Say whether a point lies in a polygon; of two that share an edge exactly one contains a point on it.

    Half-open crossing test in integers (no rounding): an edge counts when it straddles the point's parallel and
    crosses it strictly east of the point.
    """
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) == (y2 > y):
            continue
        # x < x1 + (y - y1) * (x2 - x1) / (y2 - y1), multiplied out with the sign of (y2 - y1)
        side = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)
        if (side < 0) == (y2 > y1) and side != 0:
            inside = not inside
    return inside


def touches(ring: Ring, x: int, y: int) -> bool:
    """Say whether a point lies on a polygon's boundary."""
    return any(
        _turn(a, b, (x, y)) == 0 and min(a[0], b[0]) <= x <= max(a[0], b[0]) and min(a[1], b[1]) <= y <= max(a[1], b[1])
        for a, b in pairwise(ring)
    )


def home_of(x: int, y: int, rings: Iterable[tuple[int, Ring]]) -> int | None:
    """Return which of several polygons a point belongs to, by their order where they overlap.

    `contains` leaves the north and east edge to the neighbour; where there is none, whom the point touches keeps it.
    """
    near = list(rings)
    inside = [key for key, ring in near if contains(ring, x, y)]
    return next(iter(inside or (key for key, ring in near if touches(ring, x, y))), None)


def why_not_ring(ring: Ring) -> Refusal | None:
    """A grid is a closed ring with an area, within the range of degrees."""
    if len(ring) < 4 or ring[0] != ring[-1]:
        return Refusal("ring_open", say("网格边界要首尾相接，至少三个点。"), status=422)
    if any(abs(x) > 180_000_000 or abs(y) > 90_000_000 for x, y in ring):
        return Refusal("ring_out_of_range", say("坐标超出经纬度范围。"), status=422)
    if len(ring) > MOST_POINTS:
        return Refusal("ring_too_fine", say("网格边界超过 {n} 个点，请先简化。", n=MOST_POINTS), status=422)
    if doubled_area(ring) == 0:
        return Refusal("ring_flat", say("网格边界没有围出面积。"), status=422)
    if meets_itself(ring):
        return Refusal(
            "ring_crossed", say("网格边界自己交叉或相碰。"), what_next=say("请改成一条不相交的边界。"), status=422
        )
    return None


def doubled_area(ring: Ring) -> int:
    """Return twice the area of a ring in square micro-degrees, without sign."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)))


def meets_itself(ring: Ring) -> bool:
    """Say whether two edges of a closed ring cross, touch or lie on each other, but for neighbours at their corner."""
    edges = list(pairwise(ring))
    order = sorted(range(len(edges)), key=lambda index: min(edges[index][0][0], edges[index][1][0]))
    open_edges: list[int] = []
    for index in order:
        west = min(edges[index][0][0], edges[index][1][0])
        open_edges = [other for other in open_edges if max(edges[other][0][0], edges[other][1][0]) >= west]
        if any(_meet(edges, *sorted((index, other))) for other in open_edges):
            return True
        open_edges.append(index)
    return False


def _meet(edges: list[tuple[tuple[int, int], tuple[int, int]]], first: int, second: int) -> bool:
    (a, b), (c, d) = edges[first], edges[second]
    if second - first == 1:
        return _folds_back(a, b, d)
    if first == 0 and second == len(edges) - 1:
        return _folds_back(c, d, b)
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    turns = _sign(_turn(a, b, c)), _sign(_turn(a, b, d)), _sign(_turn(c, d, a)), _sign(_turn(c, d, b))
    if turns == (0, 0, 0, 0):
        return _reach(a, b, c, d)
    return turns[0] != turns[1] and turns[2] != turns[3]


def _folds_back(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Say whether the way a → b → c turns round on itself at b."""
    return _turn(a, b, c) == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


def _reach(a: Point, b: Point, c: Point, d: Point) -> bool:
    (a, b), (c, d) = sorted((a, b)), sorted((c, d))
    return a <= d and c <= b


def _turn(a: Point, b: Point, c: Point) -> Number:
    """Return twice the area of a triangle: positive where a → b → c turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _sign(value: Number) -> int:
    return (value > 0) - (value < 0)
