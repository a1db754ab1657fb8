"""Ties: one order of all names, drawn from a seed that was published before, decides every one and each is reported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

DEFAULT_SEED = "cogov"
"""Where nobody published a seed: known to all, and so nobody's choice."""


class TieAt(StrEnum):
    """What was decided by the drawn order."""

    WINNER = "winner"
    PLACE = "place"
    LAST = "last"
    SURPLUS = "surplus"
    PAIR = "pair"
    PROJECT = "project"


@dataclass(frozen=True)
class Tie:
    """A tie that was broken: between whom, in the drawn order, and in favour (LAST: against) of whom."""

    at: TieAt
    among: tuple[int, ...]
    chosen: int
    round: int


@dataclass
class Lots:
    """The drawn order of names, and the ties it has broken in one count."""

    seed: str
    place: tuple[int, ...]
    broken: list[Tie] = field(default_factory=list)

    @classmethod
    def drawn(cls, names: Sequence[str], seed: str = DEFAULT_SEED) -> Lots:
        """Order names by the SHA-256 of seed, line feed and name: where a name stands in a file moves nothing."""
        order = sorted(range(len(names)), key=lambda index: lot(seed, names[index]))
        place = [0] * len(names)
        for position, index in enumerate(order):
            place[index] = position
        return cls(seed, tuple(place))

    def again(self) -> Lots:
        """Return the same order for another count, which reports its own ties."""
        return Lots(self.seed, self.place)

    def first(self, among: Iterable[int], at: TieAt, round_: int = 1) -> int:
        """Return the one drawn first, and keep the tie if there was one."""
        return self._decide(among, at, round_, 0)

    def last(self, among: Iterable[int], round_: int) -> int:
        """Return the one drawn last, who leaves, and keep the tie if there was one."""
        return self._decide(among, TieAt.LAST, round_, -1)

    def report(self, among: Iterable[int], chosen: int, at: TieAt, round_: int) -> None:
        """Keep a tie that was broken by the drawn order."""
        self.broken.append(Tie(at, tuple(self.in_order(among)), chosen, round_))

    def in_order(self, among: Iterable[int]) -> list[int]:
        """Return them in the drawn order."""
        return sorted(among, key=self.place.__getitem__)

    def _decide(self, among: Iterable[int], at: TieAt, round_: int, which: int) -> int:
        ordered = self.in_order(among)
        if len(ordered) > 1:
            self.report(ordered, ordered[which], at, round_)
        return ordered[which]


def lot(seed: str, name: str) -> bytes:
    """Return what a name drew: ``sha256(seed + "\\n" + name)``, the smallest first."""
    return hashlib.sha256(f"{seed}\n{name}".encode()).digest()
