"""What of a map may be published: groups of ten or more, and nothing from which fewer follow.

The whole map in, a smaller one out, plain values both: the smaller one holds no point and no answer of anybody, so it
is what pages, programs and sheets of paper read. Nobody is drawn alone: a dot is the middle of ten people or more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import atan2, hypot, sqrt
from typing import Any

from cogov.opinion.rules.sight import LEAST, shown

SURE = 1.6449
"""One-sided 95 %: as the map itself reads the least keen group."""

Count = tuple[int, int, int]
"""Who agree, who disagree, and all who answered."""

Point = tuple[float, float]


def public_of(
    told: Mapping[str, Any], totals: Mapping[str, Count], out: Collection[str] = (), meta: Collection[str] = ()
) -> dict[str, Any]:
    """Return what may be published of a map; `totals` are how all answered.

    Statements that were taken `out` and those that only ask who somebody is (`meta`) draw nothing; the first are not
    shown at all.
    """
    names = list(told["group_votes"])
    sizes = [told["group_votes"][name]["n-members"] for name in names]
    people = len(told["participants"])
    seen = shown(sum(sizes), sizes)
    open_groups = [name for name, fits in zip(names, seen, strict=True) if fits]
    statements = {
        name: _statement(place, name, told, totals[name], seen) for place, name in enumerate(told["statements"])
    }
    return {
        "people": people,
        "answers": sum(answered for _, _, answered in totals.values()),
        "groups": [_group(place, name, told, statements) for place, name in enumerate(open_groups)],
        "hidden_groups": len(names) - len(open_groups),
        "statements": statements,
        "out": [name for name in told["statements"] if name in set(out)],
        "aside": [name for name in told["statements"] if name in {*out, *meta}],
        "stability": told["stability"],
        "flagged": _flagged(told["flagged"]),
    }


def _statement(place: int, name: str, told: Mapping[str, Any], counts: Count, seen: Sequence[bool]) -> dict[str, Any]:
    votes = [group["votes"][name] for group in told["group_votes"].values()]
    answered = [vote["S"] for vote in votes]
    # A group without figures stays without them here; whether others must follow it is seen from all groups.
    may = [fits and group for fits, group in zip(shown(sum(answered), answered), seen, strict=True)]
    cells = [vote if fits else None for vote, fits in zip(votes, may, strict=True)]
    read = told["readings"][name]
    return {
        "counts": list(counts),
        "cells": [_cell(cell) for cell, group in zip(cells, seen, strict=True) if group],
        # Of a group without figures the least share would be one.
        # And to the whole per cent, bridging to two digits: from many digits the counts behind them can be found.
        "at_least": min(
            (int(100 * lower_bound(cell["A"], cell["S"])) / 100 for cell in cells if cell is not None), default=None
        ),
        "every_group": all(may),
        "bridging": round(read["bridging"], 2),
        "consensus": read["consensus"],
        "centre": told["centre"][place],
        "components": [axis[place] for axis in told["components"]],
    }


def _cell(vote: Mapping[str, int] | None) -> list[int] | None:
    """Return how many in a hundred agree and disagree, and about how many answered.

    To the nearest five, because some answer too little to stand on the map: all minus the groups, exactly, would be
    what these few said.
    """
    if vote is None:
        return None
    return [percent(vote["A"], vote["S"]), percent(vote["D"], vote["S"]), max(LEAST, (vote["S"] + 2) // 5 * 5)]


def standing(public: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is published without anything of statements that are out."""
    if not public:
        return {}
    out = set(public["out"])
    groups = [
        each | {"stands_for": [stand for stand in each["stands_for"] if stand[0] not in out]}
        for each in public["groups"]
    ]
    classes = [
        each | {"answers": {name: cells for name, cells in each["answers"].items() if name not in out}}
        for each in public.get("classes", ())
    ]
    statements = {name: kept for name, kept in public["statements"].items() if name not in out}
    aside = [name for name in public["aside"] if name not in out]
    kept = {"statements": statements, "groups": groups, "classes": classes, "out": [], "aside": aside}
    return {**public, **kept}


def percent(part: int, whole: int) -> int:
    """Return how many in a hundred, to the nearest."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def lower_bound(part: int, whole: int) -> float:
    """Return the least share there is at 95 % (Wilson)."""
    if not whole:
        return 0.0
    share, square = part / whole, SURE * SURE
    middle = share + square / (2 * whole)
    apart = SURE * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return max(0.0, (middle - apart) / (1 + square / whole))


def _flagged(marked: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many are marked, not who; and what the map would be without them."""
    alike = sum(len(each) for each in marked["duplicates"])
    return {
        "straight_liners": len(marked["straight_liners"]),
        "duplicates": alike,
        "speeders": len(marked["speeders"]),
        "timed": marked["timed"],
        "without": marked["without"],
    }


# Groups on the picture ---------------------------------------------------------------------------------------------


def _group(place: int, name: str, told: Mapping[str, Any], statements: Mapping[str, Any]) -> dict[str, Any]:
    votes = told["group_votes"][name]
    points = [tuple(told["projections"][person]) for person, group in told["groups"].items() if group == votes["id"]]
    x, y = _middle(points)
    wide, narrow, angle = _axes(points, (x, y))
    return {
        "people": votes["n-members"],
        "middle": [x, y],
        "wide": wide,
        "narrow": narrow,
        "angle": angle,
        "dots": [[*_middle(few), len(few)] for few in tens(points)],
        "stands_for": [
            [str(entry["tid"]), entry["repful-for"] == "agree"]
            for entry in told["representative"][name]
            if statements[str(entry["tid"])]["cells"][place] is not None
        ],
    }


def _middle(points: Sequence[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _axes(points: Sequence[Point], middle: Point) -> tuple[float, float, float]:
    """Return how widely points stand along the direction in which they do most, and across; and that direction."""
    apart = [(x - middle[0], y - middle[1]) for x, y in points]
    across = sum(x * x for x, _ in apart) / len(apart)
    upward = sum(y * y for _, y in apart) / len(apart)
    both = sum(x * y for x, y in apart) / len(apart)
    half, turn = (across + upward) / 2, hypot((across - upward) / 2, both)
    return sqrt(half + turn), sqrt(max(0.0, half - turn)), atan2(2 * both, across - upward) / 2


def tens(points: Iterable[Point]) -> list[list[Point]]:
    """Cut points that lie together into sets of ten to nineteen, so that none is shown alone."""
    left = [sorted(points)]
    done = []
    while left:
        held = left.pop()
        if len(held) < 2 * LEAST:
            done.append(held)
            continue
        wide = max(range(2), key=lambda axis: _spread(held, axis))
        held.sort(key=lambda point: (point[wide], point[1 - wide]))
        # Whole tens on one side, so that what is left over is never a set of its own.
        cut = len(held) // LEAST // 2 * LEAST
        left += [held[cut:], held[:cut]]
    return done


def _spread(points: Sequence[Point], axis: int) -> float:
    return max(point[axis] for point in points) - min(point[axis] for point in points)
