"""Instant run-off: the last one leaves and the ballots go on, until one has more than half of those that go on."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from cogov.decisions.rules.count.choices import next_choices
from cogov.decisions.rules.count.outcome import Counted, Round
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.ties import Lots


def instant_runoff(profile: Profile, lots: Lots) -> Counted:
    """Count first choices, exclude one at a time, and stop at a majority of the ballots that still name somebody."""
    holders = next_choices(profile, range(len(profile.candidates)))
    continuing = list(range(len(profile.candidates)))
    votes = {index: profile.count(holders == index) for index in continuing}
    rounds: list[Round] = []
    while True:
        going_on = sum(votes.values())
        winner = _winner(votes, going_on)
        lowest = min(votes.values())
        last = None if winner is not None else lots.last((c for c in continuing if votes[c] == lowest), len(rounds) + 1)
        rounds.append(_round(votes, winner, last, profile.ballots - going_on))
        if last is None:
            return Counted(rounds[-1].elected, tuple(rounds), tuple(lots.broken))
        continuing.remove(last)
        del votes[last]
        moving = np.flatnonzero(holders == last)
        to = holders[moving] = next_choices(profile, continuing, moving)
        for index in continuing:
            votes[index] += profile.count(to == index, moving)


def _winner(votes: dict[int, int], going_on: int) -> int | None:
    """Return who has more than half, or is the only one left."""
    first = max(votes, key=votes.__getitem__)
    return first if 2 * votes[first] > going_on or len(votes) == 1 else None


def _round(votes: dict[int, int], winner: int | None, last: int | None, exhausted: int) -> Round:
    shown = tuple((index, Fraction(count)) for index, count in votes.items())
    return Round(shown, () if winner is None else (winner,), last, Fraction(exhausted))
