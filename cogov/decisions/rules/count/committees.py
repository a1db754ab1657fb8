"""Committees from approvals that stand for the voters in proportion: sequential PAV and Phragmén's rule, exactly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cogov.decisions.rules.count.outcome import Counted, Round
from cogov.decisions.rules.count.profile import Mask, Profile
from cogov.decisions.rules.count.ties import Lots, TieAt

Groups = NDArray[np.int16]


def sequential_pav(profile: Profile, seats: int, lots: Lots) -> Counted:
    """Elect one after the other whoever adds most, where a voter's k-th elected candidate adds 1/k (Thiele 1895)."""
    approved = _approved(profile, seats)
    have = np.zeros(approved.shape[1], np.int16)

    def worth(index: int) -> Fraction:
        voters = _voters_by(profile, have, approved[index])
        return sum((Fraction(count, held + 1) for held, count in enumerate(voters)), Fraction(0))

    rounds: list[Round] = []
    chosen: list[int] = []
    while len(chosen) < seats:
        scores = {index: worth(index) for index in range(len(approved)) if index not in chosen}
        most = max(scores.values())
        best = lots.first((i for i in scores if scores[i] == most), TieAt.WINNER, len(rounds) + 1)
        chosen.append(best)
        have += approved[best]
        rounds.append(Round(tuple(scores.items()), (best,), None, Fraction(0)))
    return Counted(tuple(chosen), tuple(rounds), tuple(lots.broken))


def phragmen(profile: Profile, seats: int, lots: Lots) -> Counted:
    """Elect one after the other whose voters carry least: each elected weighs 1, shared so that the heaviest voter is
    as light as can be (Phragmén 1894, sequential).

    After an election all voters of the elected carry the same. So what a voter carries is known from the last one of
    theirs that was elected, and every sum is a sum of so many fractions as there are seats. Numbers of a round are what
    each voter of a candidate would carry; who has no voters weighs nothing and comes last.
    """
    approved = _approved(profile, seats)
    last = np.zeros(approved.shape[1], np.int16)
    carried = [Fraction(0)]

    def load(index: int) -> Fraction | None:
        voters = _voters_by(profile, last, approved[index])
        together = sum((carried[turn] * count for turn, count in enumerate(voters)), Fraction(1))
        return together / sum(voters) if any(voters) else None

    rounds: list[Round] = []
    chosen: list[int] = []
    while len(chosen) < seats:
        loads = {index: load(index) for index in range(len(approved)) if index not in chosen}
        known = {index: value for index, value in loads.items() if value is not None}
        least = min(known.values(), default=None)
        best = lots.first((i for i in loads if loads[i] == least), TieAt.WINNER, len(rounds) + 1)
        chosen.append(best)
        carried.append(least or Fraction(0))
        last[approved[best]] = len(chosen)
        rounds.append(Round(tuple(known.items()), (best,), None, Fraction(0)))
    return Counted(tuple(chosen), tuple(rounds), tuple(lots.broken))


def _approved(profile: Profile, seats: int) -> NDArray[np.bool_]:
    if not 1 <= seats <= len(profile.candidates):
        raise ValueError("there is a seat at least, and a candidate for each")
    return np.asarray(profile.ranks != profile.unranked)


def _voters_by(profile: Profile, group: Groups, of: Mask) -> list[int]:
    """Return how many voters of a candidate there are in each group."""
    return [profile.count(of & (group == number)) for number in range(int(group.max(initial=0)) + 1)]
