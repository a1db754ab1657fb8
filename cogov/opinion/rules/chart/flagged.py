"""Participants whose answers look like no opinion: marked, never taken away; results are shown without them too."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from cogov.opinion.rules.chart.tallies import everybody
from cogov.opinion.rules.chart.votes import AGREE, DISAGREE, PASS, Floats, Ints, Mask, Votes

LEAST = 15
SAME = 0.95
SPLIT = 0.2
TOO_FAST = 1000
"""Milliseconds between one answer and the next, in the median: nobody reads a statement in less than a second."""


@dataclass(frozen=True)
class Flagged:
    """Rows of the table: who always gives one answer, who the same as others, who answers faster than one reads."""

    straight_liners: list[int]
    duplicates: list[list[int]]
    speeders: list[int]

    @property
    def rows(self) -> list[int]:
        """Everyone who is marked; of those who are the same, all but the first."""
        copies = (row for same in self.duplicates for row in same[1:])
        return sorted({*self.straight_liners, *self.speeders, *copies})


def flagged(votes: Votes, times: Floats | None) -> Flagged:
    """Mark them; `times` are the milliseconds of each vote, or none."""
    return Flagged(_straight(votes), _duplicates(votes), _speeders(votes, times))


def divided(votes: Votes) -> Mask:
    """Return the statements on which people are split: at least a fifth of those who take a side take the other."""
    total = everybody(votes)
    agree, disagree = total.agree[0], total.disagree[0]
    split: Mask = np.minimum(agree, disagree) >= SPLIT * np.maximum(1, agree + disagree)
    return split


def _straight(votes: Votes) -> list[int]:
    split = divided(votes)[votes.on]
    people = len(votes.participants)
    asked = np.bincount(votes.by[split], minlength=people)
    most = np.zeros(people, np.int64)
    for answer in (AGREE, PASS, DISAGREE):
        given: Ints = np.bincount(votes.by[split & (votes.vote == answer)], minlength=people)
        most = np.maximum(most, given)
    return np.flatnonzero((asked >= LEAST) & (most >= SAME * asked)).tolist()


def _duplicates(votes: Votes) -> list[list[int]]:
    same: dict[bytes, list[int]] = defaultdict(list)
    for row in np.flatnonzero(votes.given >= LEAST).tolist():
        part = slice(votes.start[row], votes.start[row + 1])
        same[hashlib.sha256(votes.on[part].tobytes() + votes.vote[part].tobytes()).digest()].append(row)
    return sorted(rows for rows in same.values() if len(rows) > 1)


def _speeders(votes: Votes, times: Floats | None) -> list[int]:
    if times is None:
        return []
    found = []
    for row in np.flatnonzero(votes.given >= LEAST).tolist():
        gaps = np.diff(np.sort(times[votes.start[row] : votes.start[row + 1]]))
        if np.median(gaps) < TOO_FAST:
            found.append(row)
    return found
