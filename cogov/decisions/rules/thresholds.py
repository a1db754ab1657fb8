"""Shares as the law counts them: exact fractions of whole numbers, never floats."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Base(StrEnum):
    """Of what a share is taken."""

    ELECTORATE = "electorate"
    PARTICIPANTS = "participants"


@dataclass(frozen=True)
class Threshold:
    """A share to be reached ("以上", the number itself included) or passed ("过半数", not included; art. 1259)."""

    share: Fraction
    inclusive: bool
    base: Base

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.share == 1 and not self.inclusive):
            raise ValueError(f"no part can meet a share of {self.share}, inclusive={self.inclusive}")

    def need(self, base: int) -> int:
        """Return the smallest whole number that meets the share of `base`; 1 of nothing, which nothing can meet."""
        product = self.share.numerator * base
        whole = -(-product // self.share.denominator) if self.inclusive else product // self.share.denominator + 1
        return max(1, whole)

    def met(self, part: int, base: int) -> bool:
        """Say whether `part` of `base` meets the share, by cross-multiplication; of an empty base nothing does."""
        left, right = part * self.share.denominator, base * self.share.numerator
        return base > 0 and (left >= right if self.inclusive else left > right)


@dataclass(frozen=True)
class Thresholds:
    """What heads and area have to meet, each by itself: denominators that are never merged; None asks for nothing."""

    heads: Threshold | None = None
    area: Threshold | None = None

    def __post_init__(self) -> None:
        if self.area and (self.heads is None or self.heads.inclusive is not self.area.inclusive):
            raise ValueError("no law counts area without heads, or reads 以上 for one and 过半 for the other")


@dataclass(frozen=True)
class Turnout:
    """How much there is of an electorate, or of those who took part: heads, and area in 0.01 m²."""

    heads: int
    area: int


def at_least(share: Fraction, base: Base) -> Threshold:
    """Return "… 以上": the share itself is enough."""
    return Threshold(share, inclusive=True, base=base)


def more_than(share: Fraction, base: Base) -> Threshold:
    """Return "超过 …", "过半数": the share itself is not enough."""
    return Threshold(share, inclusive=False, base=base)
