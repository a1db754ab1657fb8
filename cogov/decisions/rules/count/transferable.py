"""The single transferable vote for several seats, as Scotland counts its councils.

Droop quota; weighted inclusive Gregory: a surplus goes on over every ballot its candidate holds, each in proportion to
what it is worth; values are cut off behind the fifth decimal (Scottish Local Government Elections Order 2011, schedule
1; exclusion: rule 51, last seats: rule 53). So all values are whole hundred-thousandths, and what was cut off is
counted too. Where Scotland draws a lot between equals, the drawn order decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from cogov.decisions.rules.count.choices import NOBODY, Holders, next_choices
from cogov.decisions.rules.count.outcome import Counted, Round
from cogov.decisions.rules.count.profile import Ints, Profile
from cogov.decisions.rules.count.ties import Lots, TieAt

WHOLE = 100_000
"""What a ballot is worth at first: one, in hundred-thousandths."""


@dataclass
class _Count:
    """Where every ballot lies and what it is worth, as the rounds go on; all sums in hundred-thousandths."""

    profile: Profile
    lots: Lots
    seats: int
    quota: int
    holders: Holders
    values: Ints
    votes: dict[int, int]
    continuing: list[int]
    elected: list[int] = field(default_factory=list)
    surpluses: list[int] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    exhausted: int = 0
    lost: int = 0


def transferable_vote(profile: Profile, seats: int, lots: Lots) -> Counted:
    """Fill seats: elect at the quota, hand surpluses on, the largest first, else exclude the last."""
    if not 1 <= seats <= len(profile.candidates):
        raise ValueError("there is a seat at least, and a candidate for each")
    count = _first(profile, seats, lots)
    while True:
        now_elected = _elect(count)
        if len(count.elected) == seats:
            _keep(count, now_elected)
            return Counted(tuple(count.elected), tuple(count.rounds), tuple(lots.broken), count.quota // WHOLE)
        if count.surpluses:
            _hand_on_surplus(count, now_elected)
        else:
            _exclude_last(count, now_elected)


def _first(profile: Profile, seats: int, lots: Lots) -> _Count:
    everyone = list(range(len(profile.candidates)))
    holders = next_choices(profile, everyone)
    votes = {index: profile.count(holders == index) * WHOLE for index in everyone}
    valid = sum(votes.values()) // WHOLE
    return _Count(
        profile=profile,
        lots=lots,
        seats=seats,
        quota=(valid // (seats + 1) + 1) * WHOLE,
        holders=holders,
        values=np.full(len(holders), WHOLE, np.int64),
        votes=votes,
        continuing=everyone,
        exhausted=(profile.ballots - valid) * WHOLE,
    )


def _elect(count: _Count) -> tuple[int, ...]:
    """Elect who has the quota, the most votes first; and all who are left once there is a seat for each of them."""
    reached = [index for index in count.continuing if count.votes[index] >= count.quota]
    if len(count.elected) + len(count.continuing) <= count.seats:
        reached = list(count.continuing)
    # Which of two elected in one round stands first changes nothing, so it is no tie.
    reached.sort(key=lambda index: (-count.votes[index], count.lots.place[index]))
    for index in reached:
        count.continuing.remove(index)
        count.elected.append(index)
        if count.votes[index] > count.quota:
            count.surpluses.append(index)
    return tuple(reached)


def _hand_on_surplus(count: _Count, elected: tuple[int, ...]) -> None:
    most = max(count.votes[index] for index in count.surpluses)
    largest = [index for index in count.surpluses if count.votes[index] == most]
    giver = count.lots.first(largest, TieAt.SURPLUS, len(count.rounds) + 1)
    _keep(count, elected, surplus_of=giver)
    count.surpluses.remove(giver)
    ballots = np.flatnonzero(count.holders == giver)
    surplus = most - count.quota
    count.values[ballots] = count.values[ballots] * surplus // most
    count.votes[giver] = count.quota
    count.lost += surplus - _move(count, ballots)


def _exclude_last(count: _Count, elected: tuple[int, ...]) -> None:
    lowest = min(count.votes[index] for index in count.continuing)
    last = count.lots.last((i for i in count.continuing if count.votes[i] == lowest), len(count.rounds) + 1)
    _keep(count, elected, excluded=last)
    count.continuing.remove(last)
    del count.votes[last]
    _move(count, np.flatnonzero(count.holders == last))


def _move(count: _Count, ballots: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> int:
    """Hand ballots on to their next choices, and return what they are worth together."""
    to = next_choices(count.profile, count.continuing, ballots)
    worth = count.values[ballots] * count.profile.multiplicity[ballots]
    for index in count.continuing:
        count.votes[index] += int(worth.sum(where=to == index))
    count.exhausted += int(worth.sum(where=to == NOBODY))
    count.holders[ballots] = to
    return int(worth.sum())


def _keep(count: _Count, elected: tuple[int, ...], excluded: int | None = None, surplus_of: int | None = None) -> None:
    count.rounds.append(
        Round(
            votes=tuple((index, Fraction(value, WHOLE)) for index, value in sorted(count.votes.items())),
            elected=elected,
            excluded=excluded,
            exhausted=Fraction(count.exhausted, WHOLE),
            surplus_of=surplus_of,
            lost=Fraction(count.lost, WHOLE),
        )
    )
