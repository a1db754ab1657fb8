"""The picture of a map: shaded groups with a letter and a pattern each, dots of ten people, and the reader's own place.

Whole numbers of a frame 1000 wide, and the same in sentences for who does not see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, degrees, hypot, sin, sqrt
from typing import Any

from cogov.ground.words import Words, say
from cogov.opinion.rules.own import Drawn, own
from cogov.opinion.rules.reading import named

SIDE = 1000
EDGE = 60
FLATTEST = 0.42
"""How high the frame is at the least, beside its width: a map with one direction is still a surface."""

REACH = 1.7
"""An ellipse reaches this many times as far as people stand apart; most of a group lie within."""

SHAPES = ("round", "square", "triangle", "diamond", "cross")
NAME_HEIGHT = 76
DOT = 7

Point = tuple[float, float]


@dataclass(frozen=True)
class Dot:
    """Ten people or more who stand together."""

    x: int
    y: int
    r: int
    people: int


@dataclass(frozen=True)
class Ellipse:
    """A group: where it lies, its name, its shape and its dots."""

    name: Words
    people: int
    shape: str
    x: int
    y: int
    wide: int
    narrow: int
    turn: int
    name_y: int
    dots: tuple[Dot, ...]
    where: Words


@dataclass(frozen=True)
class Picture:
    """What is drawn, and what it says in words."""

    width: int
    height: int
    groups: tuple[Ellipse, ...]
    own: tuple[int, int] | None
    sentences: tuple[Words, ...]


@dataclass(frozen=True)
class _Frame:
    """How places on the map become places on the picture; up is up."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    def at(self, point: Point) -> tuple[int, int]:
        x, y = EDGE + (point[0] - self.left) * self.scale, EDGE + (self.top - point[1]) * self.scale
        # Who stands further out than all groups is drawn at the edge.
        return round(min(max(x, EDGE // 2), self.width - EDGE // 2)), round(
            min(max(y, EDGE // 2), self.height - EDGE // 2)
        )


def picture(public: Mapping[str, Any], answers: Mapping[str, int] | None = None) -> Picture | None:
    """Draw a published map, with the place of who gave these answers; nothing where no group can be shown."""
    groups = public["groups"]
    if not groups:
        return None
    frame = _framed(groups)
    places = [frame.at(tuple(group["middle"])) for group in groups]
    heights = _apart(places, groups, frame)
    ellipses = tuple(_ellipse(place, group, places[place], heights[place], frame) for place, group in enumerate(groups))
    point = own_point(public, answers) if answers else None
    return Picture(
        frame.width,
        frame.height,
        ellipses,
        None if point is None else frame.at(point),
        tuple(_sentences(public, point)),
    )


def own_point(public: Mapping[str, Any], answers: Mapping[str, int]) -> Point | None:
    """Return where these answers stand; nowhere while none is to a statement of the map."""
    statements = public["statements"]
    out = frozenset(public["aside"])
    if not any(name in statements and name not in out for name in answers):
        return None
    drawn = Drawn(
        list(statements),
        [kept["centre"] for kept in statements.values()],
        [[kept["components"][axis] for kept in statements.values()] for axis in (0, 1)],
        {name: dict(zip("ADS", kept["counts"], strict=True)) for name, kept in statements.items()},
        out,
    )
    return own(answers, drawn).point


def _reach(group: Mapping[str, Any]) -> tuple[float, float]:
    """Return how far an ellipse reaches to the sides and upwards."""
    wide, narrow, turn = group["wide"] * REACH, group["narrow"] * REACH, group["angle"]
    return hypot(wide * cos(turn), narrow * sin(turn)), hypot(wide * sin(turn), narrow * cos(turn))


def _framed(groups: Sequence[Mapping[str, Any]]) -> _Frame:
    boxes = [(group["middle"], _reach(group)) for group in groups]
    left, right = min(x - dx for (x, _), (dx, _) in boxes), max(x + dx for (x, _), (dx, _) in boxes)
    low, high = min(y - dy for (_, y), (_, dy) in boxes), max(y + dy for (_, y), (_, dy) in boxes)
    scale = (SIDE - 2 * EDGE) / max(right - left, high - low, 1e-6)
    width = SIDE
    height = max(round((high - low) * scale) + 2 * EDGE, round(FLATTEST * SIDE))
    # What is not filled lies on both sides alike.
    left -= ((width - 2 * EDGE) / scale - (right - left)) / 2
    high += ((height - 2 * EDGE) / scale - (high - low)) / 2
    return _Frame(left, high, scale, width, height)


def _apart(places: Sequence[tuple[int, int]], groups: Sequence[Mapping[str, Any]], frame: _Frame) -> list[int]:
    """Return how high each name stands, so that no two lie on each other."""
    heights = [y for _, y in places]
    order = sorted(range(len(groups)), key=lambda place: places[place][1])
    for above, below in pairwise(order):
        if abs(places[above][0] - places[below][0]) < 3 * NAME_HEIGHT:
            heights[below] = max(heights[below], heights[above] + NAME_HEIGHT)
    over = max(0, max(heights) + NAME_HEIGHT - frame.height)
    return [height - over for height in heights]


def _ellipse(place: int, group: Mapping[str, Any], at: tuple[int, int], name_y: int, frame: _Frame) -> Ellipse:
    dots = []
    for x, y, people in group["dots"]:
        across, down = frame.at((x, y))
        dots.append(Dot(across, down, round(DOT * sqrt(people / 10)), people))
    return Ellipse(
        named(place),
        group["people"],
        SHAPES[place % len(SHAPES)],
        *at,
        max(EDGE // 2, round(group["wide"] * REACH * frame.scale)),
        max(EDGE // 2, round(group["narrow"] * REACH * frame.scale)),
        round(-degrees(group["angle"])),
        name_y,
        tuple(dots),
        _where(at, frame),
    )


def _where(at: tuple[int, int], frame: _Frame) -> Words:
    """Say where on the picture something lies."""
    column = min(2, at[0] * 3 // frame.width)
    row = min(2, at[1] * 3 // frame.height)
    return _PLACES[row][column]


_PLACES = (
    (say("左上"), say("上方"), say("右上")),
    (say("左边"), say("正中"), say("右边")),
    (say("左下"), say("下方"), say("右下")),
)


def _sentences(public: Mapping[str, Any], point: Point | None) -> list[Words]:
    """Say what the picture shows: who lies near whom, and how near the reader is."""
    groups = public["groups"]
    told = []
    if len(groups) > 1:
        pairs = sorted(combinations(range(len(groups)), 2), key=lambda pair: _distance(groups, *pair))
        near, far = pairs[0], pairs[-1]
        if near != far:
            told.append(say("{one}和{other}答得最像。", one=named(near[0]), other=named(near[1])))
        told.append(say("{one}和{other}离得最远。", one=named(far[0]), other=named(far[1])))
    if point is not None:
        nearest = min(range(len(groups)), key=lambda place: _from(groups[place], point))
        if _from(groups[nearest], point) <= REACH:
            told.append(say("您的位置在{group}里面。", group=named(nearest)))
        else:
            told.append(say("您的位置在各组之外，离{group}最近。", group=named(nearest)))
    return told


def _distance(groups: Sequence[Mapping[str, Any]], one: int, other: int) -> float:
    (x, y), (u, v) = groups[one]["middle"], groups[other]["middle"]
    return hypot(x - u, y - v)


def _from(group: Mapping[str, Any], point: Point) -> float:
    """Return how far from the middle of a group a point lies, measured by how widely its people do there."""
    (x, y), turn = group["middle"], group["angle"]
    across, up = point[0] - x, point[1] - y
    along = across * cos(turn) + up * sin(turn)
    aside = up * cos(turn) - across * sin(turn)
    return hypot(along / max(group["wide"], 1e-6), aside / max(group["narrow"], 1e-6))
