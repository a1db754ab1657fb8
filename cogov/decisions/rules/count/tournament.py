"""Methods on the pairwise table: Schulze and Ranked Pairs. Both elect whoever beats everyone; they part in a ring."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cogov.decisions.rules.count.outcome import Ordered
from cogov.decisions.rules.count.pairwise import majorities
from cogov.decisions.rules.count.profile import Ints, Mask
from cogov.decisions.rules.count.ties import Lots, TieAt

Pair = tuple[int, int]


# Schulze -----------------------------------------------------------------------------------------------------------


def schulze(table: Ints, lots: Lots) -> Ordered:
    """Order by strongest paths: a path is as strong as its weakest majority (Schulze 2011, winning votes)."""
    links = majorities(table)
    paths = strongest_paths(links)
    order = tuple(_order(paths > paths.T, lots))
    votes = np.zeros(int(links.max(initial=0)) + 1, np.int64)
    votes[links] = table
    votes[0] = 0
    shown = tuple(tuple(int(cell) for cell in row) for row in votes[paths])
    return Ordered(order[:1], order, tuple(lots.broken), paths=shown)


def strongest_paths(links: Ints) -> Ints:
    """Return the strength of the strongest path from each to each (Floyd and Warshall, widest path)."""
    paths = links.copy()
    for through in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, through, None], paths[None, through, :]), out=paths)
    np.fill_diagonal(paths, 0)
    return paths


def _order(before: Mask, lots: Lots) -> Iterator[int]:
    """Yield one after the other who has nobody before them among those left; of several, the one drawn first."""
    left = list(range(len(before)))
    place = 1
    while left:
        free = [one for one in left if not any(before[other, one] for other in left)]
        chosen = lots.first(free, TieAt.WINNER if place == 1 else TieAt.PLACE, place)
        yield chosen
        left.remove(chosen)
        place += 1


# Ranked Pairs ------------------------------------------------------------------------------------------------------


def ranked_pairs(table: Ints, lots: Lots) -> Ordered:
    """Lock majorities from the strongest down, leaving out each that would close a ring (Tideman 1987, winning votes).

    Equal majorities go by the drawn order of whom they favour, then of whom they are against, the last drawn first
    (Zavist and Tideman 1989); that is a tie only where their order changes what is locked.
    """
    reach = np.eye(len(table), dtype=np.bool_)
    locked: list[Pair] = []
    for group in _by_strength(majorities(table)):
        open_ = [pair for pair in group if not reach[pair[1], pair[0]]]
        if _closes_ring(reach, open_):
            open_.sort(key=lambda pair: (lots.place[pair[0]], -lots.place[pair[1]]))
            lots.report({candidate for pair in open_ for candidate in pair}, open_[0][0], TieAt.PAIR, len(locked) + 1)
        for pair in open_:
            if not reach[pair[1], pair[0]]:
                _lock(reach, pair)
                locked.append(pair)
    np.fill_diagonal(reach, val=False)
    order = tuple(_order(reach, lots))
    return Ordered(order[:1], order, tuple(lots.broken), locked=tuple(locked))


def _by_strength(links: Ints) -> Iterator[list[Pair]]:
    pairs = [(int(one), int(other)) for one, other in np.argwhere(links)]
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(int(links[pair]), []).append(pair)
    for strength in sorted(groups, reverse=True):
        yield groups[strength]


def _closes_ring(reach: Mask, pairs: list[Pair]) -> bool:
    if len(pairs) < 2:
        return False
    tried = reach.copy()
    for winner, loser in pairs:
        if tried[loser, winner]:
            return True
        _lock(tried, (winner, loser))
    return False


def _lock(reach: Mask, pair: Pair) -> None:
    winner, loser = pair
    if not reach[winner, loser]:
        reach |= reach[:, winner, None] & reach[None, loser, :]
