"""Each against each: how many ballots place one candidate before another, and what a majority weighs."""

from __future__ import annotations

import numpy as np

from cogov.decisions.rules.count.profile import Ints, Profile


def pairwise(profile: Profile) -> Ints:
    """Return `table[a, b]`, the ballots that place `a` before `b`; whoever is named comes before all who are not."""
    size = len(profile.candidates)
    table = np.zeros((size, size), np.int64)
    for one in range(size):
        for other in range(size):
            if one != other:
                table[one, other] = profile.count(profile.ranks[one] < profile.ranks[other])
    return table


def majorities(table: Ints) -> Ints:
    """Return the place of each majority among all, the weakest 1, and 0 where there is none.

    The more votes it has the stronger it is; of two with equal votes, the one with fewer against it (Schulze 2011,
    winning votes; Debian constitution, appendix A).
    """
    won = table > table.T
    pairs = np.stack([table[won], -table.T[won]], axis=1)
    _, places = np.unique(pairs, axis=0, return_inverse=True)
    ranked = np.zeros(table.shape, np.int64)
    ranked[won] = places.reshape(-1) + 1
    return ranked
