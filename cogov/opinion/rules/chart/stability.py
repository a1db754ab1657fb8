"""How far the groups would be the same with other people: drawn again and again, from a published seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np

from cogov.opinion.rules.chart.clusters import NOBODY, clusters
from cogov.opinion.rules.chart.components import plane
from cogov.opinion.rules.chart.votes import Floats, Ints, Votes


@dataclass(frozen=True)
class Stability:
    """How well groups drawn again agree with the groups shown: 1 is the same, 0 what chance would give."""

    draws: int
    mean: float | None
    lowest: float | None
    groups: dict[int, int]
    """How often there were how many groups."""


def stability(votes: Votes, groups: Ints, components: Floats, seed: str, draws: int) -> Stability:
    """Draw as many people as there are, some twice and some not at all, and group them anew."""
    people = len(votes.participants)
    agreed, numbers = [], Counter[int]()
    for draw in range(draws if people else 0):
        rows = np.sort(_drawn(seed, draw, people))
        again = votes.of_rows(rows)
        found = clusters(again, plane(again, components).projections).groups
        numbers[int(found.max(initial=NOBODY)) + 1] += 1
        once = np.concatenate(([True], rows[1:] != rows[:-1])) & (found != NOBODY) & (groups[rows] != NOBODY)
        agreed.append(likeness(groups[rows][once], found[once]))
    mean = float(np.mean(agreed)) if agreed else None
    return Stability(draws, mean, min(agreed, default=None), dict(sorted(numbers.items())))


def _drawn(seed: str, draw: int, people: int) -> Ints:
    """Return who is drawn: bytes of SHAKE-256 of the seed, eight for each, so that every language can do it again."""
    stream = hashlib.shake_256(f"{seed}\n{draw}".encode()).digest(8 * people)
    # The remainder of 64 bits favours nobody by more than one part in ten billion.
    drawn: Ints = (np.frombuffer(stream, ">u8") % np.uint64(people)).astype(np.int64)
    return drawn


def likeness(one: Ints, other: Ints) -> float:
    """Return how well two groupings agree beyond chance (adjusted Rand index)."""
    if not one.size:
        return 1.0
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    width = int(columns.max()) + 1
    cells = np.bincount(rows * width + columns, minlength=(int(rows.max()) + 1) * width).reshape(-1, width)
    together = _pairs(cells)
    of_one, of_other, all_pairs = _pairs(cells.sum(axis=1)), _pairs(cells.sum(axis=0)), _pairs(np.array([one.size]))
    if not all_pairs:
        return 1.0
    expected = of_one * of_other / all_pairs
    largest = (of_one + of_other) / 2
    return 1.0 if largest == expected else (together - expected) / (largest - expected)


def _pairs(counts: Ints) -> float:
    return float((counts * (counts - 1) / 2).sum())
