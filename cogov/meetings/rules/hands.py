"""Hands: counted for each category of member apart, and the result that the house rule draws from them.

"过半为可，平局为否": a category is for a motion when more of its hands are for it than against; hands raised to abstain
count neither way. Residents and owners decide, each category for itself, and a motion passes when every one of them in
which a hand was raised is for it. Delegates and officials are counted beside them and decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cogov.meetings.rules.kinds import Category, Hand

DECIDING = (Category.RESIDENT, Category.OWNER)


@dataclass(frozen=True)
class Count:
    """The hands of one category."""

    in_favour: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def raised(self) -> int:
        """How many hands there are."""
        return self.in_favour + self.against + self.abstained

    @property
    def is_for(self) -> bool:
        """Say whether more than half of those for and against are for it; a tie is not."""
        return self.in_favour > self.against


Counts = Mapping[Category, Count]


def counted(hands: Iterable[tuple[Category, Hand, int]]) -> dict[Category, Count]:
    """Return the hands of each category from rows of category, hand and how many."""
    found: dict[Category, dict[Hand, int]] = {}
    for category, hand, number in hands:
        of = found.setdefault(category, {})
        of[hand] = of.get(hand, 0) + number
    return {
        category: Count(of.get(Hand.FOR, 0), of.get(Hand.AGAINST, 0), of.get(Hand.ABSTAIN, 0))
        for category, of in found.items()
    }


def passes(counts: Counts) -> bool:
    """Say whether a motion passes: every deciding category that raised a hand is for it, and at least one did."""
    deciding = [counts[each] for each in DECIDING if each in counts and counts[each].raised]
    return bool(deciding) and all(count.is_for for count in deciding)


def prevailing(*, passed: bool) -> Hand:
    """Return the hand of those who had their way; where a motion fell by a tie, those against had."""
    return Hand.FOR if passed else Hand.AGAINST
