"""Whom a ballot is for now: its highest candidate among those still in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cogov.decisions.rules.count.profile import Profile

NOBODY = -1
"""A ballot that names nobody who is still in, or several at once: it ends there."""

Holders = NDArray[np.int16]


def next_choices(profile: Profile, continuing: Sequence[int], ballots: NDArray[np.intp] | None = None) -> Holders:
    """Return the candidate each ballot (of those given) is for, or NOBODY.

    An overvote is reached when no one ranked above it is still in. If two or more of its candidates are, nobody can say
    which was meant; if only one is, the ballot is for that one.
    """
    rows = [profile.ranks[index] if ballots is None else profile.ranks[index][ballots] for index in continuing]
    if not rows:
        return np.full(profile.ranks.shape[1] if ballots is None else len(ballots), NOBODY, np.int16)
    best = rows[0].copy()
    for row in rows[1:]:
        np.minimum(best, row, out=best)
    chosen = np.zeros(best.shape, np.int16)
    named = np.zeros(best.shape, np.int16)
    for index, row in zip(continuing, rows, strict=True):
        here = row == best
        # Arithmetic on whole arrays is several times faster than writing where a mask is set.
        chosen += here * np.int16(index)
        named += here
    return np.where((named == 1) & (best != profile.unranked), chosen, np.int16(NOBODY))
