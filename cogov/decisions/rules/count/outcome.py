"""What a method says: who won, by which numbers, and which ties were broken on the way."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cogov.decisions.rules.count.ties import Tie


@dataclass(frozen=True)
class Scored:
    """Winners by a number for each candidate."""

    winners: tuple[int, ...]
    scores: tuple[Fraction, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True)
class Ordered:
    """Winners as the top of an order of all; `strengths` are those of the strongest paths (Schulze)."""

    winners: tuple[int, ...]
    order: tuple[int, ...]
    ties: tuple[Tie, ...]
    locked: tuple[tuple[int, int], ...] = ()
    """Majorities kept, in the order they were locked (Ranked Pairs)."""

    paths: tuple[tuple[int, ...], ...] = ()
    """Votes of the weakest link of the strongest path from each to each (Schulze)."""


@dataclass(frozen=True)
class Round:
    """One round: votes of those still in, who was elected, whose surplus went on, who left, and what is with nobody."""

    votes: tuple[tuple[int, Fraction], ...]
    elected: tuple[int, ...]
    excluded: int | None
    exhausted: Fraction
    surplus_of: int | None = None
    lost: Fraction = Fraction(0)
    """Cut off behind the fifth decimal so far."""


@dataclass(frozen=True)
class Counted:
    """Winners in the order of their election, round by round."""

    winners: tuple[int, ...]
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    quota: int | None = None
