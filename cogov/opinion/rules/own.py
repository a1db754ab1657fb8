"""Where one person stands on a map that is drawn already, and how many answered as they did: plain numbers, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Own:
    """A person's point, and of each statement they answered how many of all who answered said the same."""

    point: tuple[float, float]
    alike: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Drawn:
    """What of a map is needed for that; statements that are out hold no place on it."""

    statements: Sequence[str]
    centre: Sequence[float]
    components: Sequence[Sequence[float]]
    counts: Mapping[str, Mapping[str, int]]
    """Of each statement: agree, disagree, answered (A, D, S)."""

    out: frozenset[str] = frozenset()


def own(answers: Mapping[str, int], drawn: Drawn) -> Own:
    """Return where these answers (1, 0, -1) stand; an answer to a statement that is not on the map changes nothing."""
    first, second = drawn.components
    x = y = 0.0
    seen = len(drawn.out)
    for place, statement in enumerate(drawn.statements):
        if statement in answers and statement not in drawn.out:
            distance = answers[statement] - drawn.centre[place]
            x += distance * first[place]
            y += distance * second[place]
            seen += 1
    stretch = sqrt(len(drawn.statements) / max(1, seen))
    return Own((x * stretch, y * stretch), _alike(answers, drawn.counts))


def _alike(answers: Mapping[str, int], counts: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    found = {}
    for statement, answer in answers.items():
        if count := counts.get(statement):
            same = {1: count["A"], -1: count["D"], 0: count["S"] - count["A"] - count["D"]}[answer]
            found[statement] = same, count["S"]
    return found
