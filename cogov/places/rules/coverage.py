"""Whether grids tile their community: overlaps and gaps, found exactly in whole numbers and fractions.

Every edge is cut where another grid's edge crosses, touches or runs along it. Each piece then has one set of grids on
its left and one on its right. Two grids on one side overlap there; none on a side is the outline, or a gap's rim.
A notch that is open to the outside is part of the outline: without the community's own border nobody can tell.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import NamedTuple

from cogov.ground.words import Words, say
from cogov.places.rules.rings import Number, Point, Ring, contains


class Grid(NamedTuple):
    """A grid as far as its place on the map goes."""

    code: str
    ring: Ring


@dataclass(frozen=True)
class Gap:
    """A hole that no grid covers, the grids round it, and one of its corners."""

    beside: tuple[str, ...]
    corner: Point


@dataclass(frozen=True)
class Coverage:
    """Pairs of grids that overlap, gaps between grids, and how many separate areas the grids make."""

    overlaps: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    parts: int

    @property
    def is_whole(self) -> bool:
        """Say whether the grids tile one area without overlap or gap."""
        return not self.overlaps and not self.gaps and self.parts <= 1


class Edge(NamedTuple):
    """An edge with its grid on the left."""

    grid: int
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True)
class Sides:
    """The grids left and right of a piece that runs from its smaller to its larger end."""

    left: frozenset[int]
    right: frozenset[int]


Piece = tuple[Point, Point]


def survey(grids: Sequence[Grid]) -> Coverage:
    """Return where the grids of a community overlap and leave gaps; their rings are sound (`why_not_ring`)."""
    pieces = _pieces(grids)
    crowds = (sorted(side) for sides in pieces.values() for side in (sides.left, sides.right))
    pairs = {pair for crowd in crowds for pair in combinations(crowd, 2)}
    overlaps = sorted((min(one, two), max(one, two)) for one, two in ((grids[a].code, grids[b].code) for a, b in pairs))
    rims = list(_rims(pieces))
    holes = [rim for rim in rims if _doubled(rim) < 0]
    gaps = tuple(_gap(rim, pieces, grids) for rim in holes)
    return Coverage(tuple(overlaps), gaps, len(rims) - len(holes))


def findings(coverage: Coverage, names: Mapping[str, str]) -> Iterator[Words]:
    """Yield a sentence for everything that keeps grids from tiling their community."""
    for first, second in coverage.overlaps:
        a, b = names[first], names[second]
        yield say("网格 {first}（{a}）与网格 {second}（{b}）重叠。", first=first, a=a, second=second, b=b)
    for gap in coverage.gaps:
        codes, place = "、".join(gap.beside), _degrees(gap.corner)
        yield say("网格 {codes} 之间有一块没有网格覆盖，靠近 {place}。", codes=codes, place=place)
    if coverage.parts > 1:
        yield say("网格分成了互不相连的 {n} 片。", n=coverage.parts)


def _degrees(point: Point) -> str:
    return ", ".join(f"{round(value) // 10**6}.{round(value) % 10**6:06d}" for value in point)


# Cutting -----------------------------------------------------------------------------------------------------------


def _pieces(grids: Sequence[Grid]) -> dict[Piece, Sides]:
    edges = [edge for index, grid in enumerate(grids) for edge in _edges(index, grid.ring)]
    left: dict[Piece, set[int]] = defaultdict(set)
    right: dict[Piece, set[int]] = defaultdict(set)
    for edge, cuts in zip(edges, _cuts(edges), strict=True):
        along = sorted({edge.start, edge.end, *cuts})
        for piece in pairwise(along):
            (left if edge.start < edge.end else right)[piece].add(edge.grid)
    doubled = [tuple((2 * x, 2 * y) for x, y in grid.ring) for grid in grids]
    boxes = [_box(ring) for ring in doubled]
    return {piece: _sides(piece, left[piece], right[piece], doubled, boxes) for piece in set(left) | set(right)}


def _edges(index: int, ring: Ring) -> Iterator[Edge]:
    points = ring if _doubled(ring) > 0 else ring[::-1]
    for start, end in pairwise(points):
        if start != end:
            yield Edge(index, start, end)


def _cuts(edges: Sequence[Edge]) -> list[set[Point]]:
    """Return, for each edge, where the edges of other grids meet it; a sweep from west to east finds the pairs."""
    cuts: list[set[Point]] = [set() for _ in edges]
    order = sorted(range(len(edges)), key=lambda index: min(edges[index].start[0], edges[index].end[0]))
    passed: list[int] = []
    for index in order:
        edge = edges[index]
        west = min(edge.start[0], edge.end[0])
        passed = [other for other in passed if max(edges[other].start[0], edges[other].end[0]) >= west]
        for other in passed:
            if edges[other].grid != edge.grid:
                meetings = _meetings(edge, edges[other])
                cuts[index] |= meetings
                cuts[other] |= meetings
        passed.append(index)
    return cuts


def _meetings(one: Edge, two: Edge) -> set[Point]:
    """Return the points that two edges share: none, one, or the two ends of what they share."""
    (ax, ay), (bx, by) = one.start, one.end
    (cx, cy), (dx, dy) = two.start, two.end
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return set()
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    ahead = (cx - ax) * (by - ay) - (cy - ay) * (bx - ax)
    if across == 0:
        if ahead != 0:
            return set()
        (a, b), (c, d) = sorted((one.start, one.end)), sorted((two.start, two.end))
        return {max(a, c), min(b, d)} if max(a, c) <= min(b, d) else set()
    t = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), across)
    u = Fraction(ahead, across)
    if not (0 <= t <= 1 and 0 <= u <= 1):
        return set()
    return {(_number(ax + t * (bx - ax)), _number(ay + t * (by - ay)))}


def _number(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _sides(
    piece: Piece,
    left: set[int],
    right: set[int],
    doubled: Sequence[Ring],
    boxes: Sequence[tuple[int, int, int, int]],
) -> Sides:
    """Add to the grids along a piece those that have it inside; its middle decides, for no edge crosses it."""
    (x1, y1), (x2, y2) = piece
    x, y = x1 + x2, y1 + y2
    around = {
        index
        for index, (west, south, east, north) in enumerate(boxes)
        if west <= x <= east
        and south <= y <= north
        and index not in left
        and index not in right
        and contains(doubled[index], x, y)
    }
    return Sides(frozenset(left | around), frozenset(right | around))


def _box(ring: Ring) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


# Walking the rims --------------------------------------------------------------------------------------------------


def _rims(pieces: Mapping[Piece, Sides]) -> Iterator[list[Point]]:
    """Yield the closed walks along which grids lie on the left and none on the right: outlines, and rims of gaps."""
    ways: dict[Point, list[Point]] = defaultdict(list)
    for (start, end), sides in pieces.items():
        if sides.left and not sides.right:
            ways[start].append(end)
        elif sides.right and not sides.left:
            ways[end].append(start)
    while any(ways.values()):
        yield _walk(ways)


def _walk(ways: dict[Point, list[Point]]) -> list[Point]:
    start = next(point for point, onwards in ways.items() if onwards)
    walk = [start, ways[start].pop()]
    while walk[-1] != start or _turns_on(walk, ways):
        here = walk[-1]
        onward = _rightmost(walk[-2], here, ways[here])
        ways[here].remove(onward)
        walk.append(onward)
    return walk


def _turns_on(walk: Sequence[Point], ways: Mapping[Point, list[Point]]) -> bool:
    """Say whether a walk that is back at its start goes on, because the same open side continues there."""
    here = walk[-1]
    first = walk[1]
    return bool(ways[here]) and _rightmost(walk[-2], here, [*ways[here], first]) != first


def _rightmost(before: Point, here: Point, onwards: Iterable[Point]) -> Point:
    """Return the way on that keeps the same open area on the right: the first counter-clockwise from the way back."""
    back = (before[0] - here[0], before[1] - here[1])

    def compare(one: Point, two: Point) -> int:
        a, b = (one[0] - here[0], one[1] - here[1]), (two[0] - here[0], two[1] - here[1])
        halves = _half(back, a) - _half(back, b)
        side = _cross(b, a)
        return halves or (side > 0) - (side < 0)

    return min(onwards, key=functools.cmp_to_key(compare))


def _half(back: Point, way: Point) -> int:
    """Return 0 for the half turn counter-clockwise from the way back (its end included), 1 for the other."""
    side = _cross(back, way)
    if side == 0:
        return 0 if back[0] * way[0] + back[1] * way[1] < 0 else 1
    return 0 if side > 0 else 1


def _cross(a: Point, b: Point) -> Number:
    return a[0] * b[1] - a[1] * b[0]


def _doubled(ring: Sequence[Point]) -> Number:
    """Return twice the area of a closed ring, negative when it runs clockwise."""
    return sum((_cross(a, b) for a, b in pairwise(ring)), 0)


def _gap(rim: Sequence[Point], pieces: Mapping[Piece, Sides], grids: Sequence[Grid]) -> Gap:
    sides = [pieces[(min(a, b), max(a, b))] for a, b in pairwise(rim)]
    beside = {grids[index].code for side in sides for index in side.left | side.right}
    return Gap(tuple(sorted(beside)), min(rim))
