"""A profile: ranked ballots as one array, each candidate a row, so that a million ballots are compared at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_BALLOTS = 100_000_000
"""Ballots in one count: sums of values in hundred-thousandths, and their products, stay exact in 64 bits."""

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """Ballots: `ranks[candidate, ballot]` is 0 for the best, and `unranked` (the largest number) where there is none.

    Candidates of equal rank on a ballot are an overvote. `weights` says how many voted each ballot; None: one each.
    """

    candidates: tuple[str, ...]
    ranks: NDArray[Any]
    weights: Ints | None
    ballots: int

    @classmethod
    def of(cls, candidates: Sequence[str], ranks: ArrayLike, weights: ArrayLike | None = None) -> Profile:
        """Take ballots as people write them: a row each, 1 for the best, 0 where nothing is marked."""
        marks: NDArray[Any] = np.asarray(ranks)
        if marks.ndim != 2 or marks.shape[1] != len(candidates) or not np.issubdtype(marks.dtype, np.integer):
            raise ValueError("ranks are whole numbers, a row for each ballot, a column for each candidate")
        if len(set(candidates)) != len(candidates) or not candidates:
            raise ValueError("candidates have names, and no two the same")
        if marks.size and marks.min() < 0:
            raise ValueError("a rank is 1 or more, and 0 where nothing is marked")
        largest = int(marks.max()) if marks.size else 0
        if largest >= 2**16:
            raise ValueError("a rank is less than 65536")
        kind = np.uint8 if largest < 2**8 else np.uint16
        # Nothing marked, 0, becomes the largest number there is: worse than any rank, and so are all its comparisons.
        rows: NDArray[Any] = np.ascontiguousarray(marks.T).astype(kind, copy=False) - 1
        counts = None if weights is None else _weights(weights, marks.shape[0])
        ballots = marks.shape[0] if counts is None else int(counts.sum())
        if ballots > MOST_BALLOTS:
            raise ValueError(f"more than {MOST_BALLOTS} ballots")
        return cls(tuple(candidates), rows, counts, ballots)

    @property
    def unranked(self) -> int:
        """The rank of whom a ballot does not name."""
        return int(np.iinfo(self.ranks.dtype).max)

    @property
    def multiplicity(self) -> Ints:
        """How many voted each ballot."""
        return np.ones(self.ranks.shape[1], np.int64) if self.weights is None else self.weights

    def count(self, of: Mask, among: NDArray[np.intp] | None = None) -> int:
        """Return how many voted one of the ballots (of those given)."""
        if self.weights is None:
            return int(np.count_nonzero(of))
        return int((self.weights if among is None else self.weights[among]).sum(where=of))

    def overvoted(self) -> Mask:
        """Return the ballots that give one rank to several candidates."""
        found = np.zeros(self.ranks.shape[1], np.bool_)
        for index, row in enumerate(self.ranks):
            marked = row != self.unranked
            for other in self.ranks[index + 1 :]:
                found |= (row == other) & marked
        return found

    def truncated(self) -> Mask:
        """Return the ballots that name somebody and not everybody."""
        named: Ints = (self.ranks != self.unranked).sum(axis=0)
        return (named > 0) & (named < len(self.candidates))

    def blank(self) -> Mask:
        """Return the ballots that name nobody."""
        empty: Mask = (self.ranks == self.unranked).all(axis=0)
        return empty


def _weights(given: ArrayLike, ballots: int) -> Ints:
    counts = np.asarray(given)
    if counts.shape != (ballots,) or not np.issubdtype(counts.dtype, np.integer):
        raise ValueError("weights are whole numbers, one for each ballot")
    if counts.size and (counts.min() < 0 or counts.max() > MOST_BALLOTS):
        raise ValueError(f"a ballot was voted by none to {MOST_BALLOTS}")
    return counts.astype(np.int64)
