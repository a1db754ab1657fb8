"""Methods that give each candidate a number: plurality, approval, Borda; and who beats everyone, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cogov.decisions.rules.count.choices import next_choices
from cogov.decisions.rules.count.outcome import Scored
from cogov.decisions.rules.count.profile import Ints, Profile
from cogov.decisions.rules.count.ties import Lots, TieAt


def plurality(profile: Profile, lots: Lots) -> Scored:
    """Count first choices; a ballot with several at its top counts for none of them."""
    everyone = range(len(profile.candidates))
    first = next_choices(profile, everyone)
    return _best([profile.count(first == index) for index in everyone], lots)


def approval(profile: Profile, lots: Lots) -> Scored:
    """Count on how many ballots each candidate is named, at whatever rank."""
    return _best([profile.count(row != profile.unranked) for row in profile.ranks], lots)


def borda(table: Ints, ballots: int, lots: Lots) -> Scored:
    """Count, over all ballots, the candidates each one stands before, and half of those beside it.

    Whoever is not named stands behind all who are and beside the others not named, so no ballot is worth less for
    being short.
    """
    before, behind = table.sum(axis=1), table.sum(axis=0)
    pairs = ballots * (len(table) - 1)
    return _best([Fraction(int(more) - int(less) + pairs, 2) for more, less in zip(before, behind, strict=True)], lots)


def condorcet(table: Ints) -> Scored:
    """Return who beats every other by more ballots, if anyone does; scores are how many each one beats."""
    beaten = [int(count) for count in (table > table.T).sum(axis=1)]
    winners = tuple(index for index, count in enumerate(beaten) if count == len(beaten) - 1)
    return Scored(winners, tuple(map(Fraction, beaten)), ())


def _best(scores: Sequence[int | Fraction], lots: Lots) -> Scored:
    most = max(scores)
    winner = lots.first((index for index, score in enumerate(scores) if score == most), TieAt.WINNER)
    return Scored((winner,), tuple(map(Fraction, scores)), tuple(lots.broken))
