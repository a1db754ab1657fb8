"""Purses: what each voter still has in a round of equal shares, exactly, and fast enough for thousands of rounds.

Exact amounts are fractions whose denominators grow with every project bought. But a voter has paid the full price of
each bought project they support, or has nothing left; so everything exact follows from the prices, of which there are
few, and from counting voters. To find out who could afford what, each purse also has a lower bound in 64 bits, in
fixed point, which is never further than `slack` from the truth. A comparison is decided by bounds where they decide it
beyond doubt, and by the exact fractions where they do not. No floating-point number takes part.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from cogov.decisions.rules.count.profile import Ints, Mask

ROOM = 2**61
"""All purses together, in fixed point, stay below this."""

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Backing:
    """Who supports a project, as places and as one long number with a bit for each voter."""

    voters: Indices
    bits: int

    @classmethod
    def of(cls, approvals: Mask) -> Backing:
        """Read a row of approvals."""
        return cls(np.flatnonzero(approvals), bits_of(approvals))


@dataclass(frozen=True)
class Bounds:
    """Between what the price of a project lies, in fixed point: `low <= price <= high`."""

    low: int
    high: int


@dataclass(frozen=True)
class Price:
    """The exact price of a project, the most that any of its supporters pays, and whose purse is empty afterwards.

    `gave_all` of them still had something.
    """

    amount: Fraction
    emptied: Indices
    gave_all: int


@dataclass
class Purses:
    """Every voter's money. `prices` are those of the bought, over the common denominator `whole`, as is `share`."""

    voters: int
    scale: int
    slack: int
    low: Ints
    share: int
    whole: int
    prices: list[int] = field(default_factory=list)
    bought: list[Backing] = field(default_factory=list)
    empty: int = 0

    @classmethod
    def filled(cls, voters: int, share: Fraction) -> Purses:
        """Give every voter the same."""
        scale = 1
        while (scale * 2) * voters * (share + 1) < ROOM:
            scale *= 2
        low = np.full(voters, share * scale // 1, np.int64)
        return cls(voters, scale, 1, low, share.numerator, share.denominator)

    # Bounds --------------------------------------------------------------------------------------------------------

    def bounds(self, cost: int, backing: Backing) -> Bounds | None:
        """Return between what its price lies, or None where its supporters cannot afford it."""
        money = self.low[backing.voters]
        many, need = len(money), cost * self.scale
        if not many:
            return None
        if int(money.min()) * many >= need:
            return Bounds(need // many, -(-need // many))
        total = int(money.sum())
        if total < need:
            return self._at_the_brink(cost, backing, money, total)
        money.sort()
        before = np.cumsum(money) - money
        # Were the price what this voter has, this is what all would give; it grows from voter to voter.
        raised = before + money * np.arange(many, 0, -1)
        poor = int(np.searchsorted(raised, need))
        rich, missing = many - poor, need - int(before[poor])
        return Bounds((missing - self.slack * poor) // rich, -(-missing // rich))

    def _at_the_brink(self, cost: int, backing: Backing, money: Ints, total: int) -> Bounds | None:
        """Decide whether they can just afford it, which the lower bounds cannot."""
        if total + len(money) * self.slack < cost * self.scale:
            return None
        if self.held(backing.bits) < cost * self.whole:
            return None
        return Bounds(0, int(money.max()) + self.slack)

    # Exactly -------------------------------------------------------------------------------------------------------

    def held(self, bits: int) -> int:
        """Return what these voters have together, in parts of `whole`."""
        some = bits & ~self.empty
        paid = sum(
            price * (some & backing.bits).bit_count() for price, backing in zip(self.prices, self.bought, strict=True)
        )
        return self.share * some.bit_count() - paid

    def money(self, bits: int) -> Fraction:
        """Return what these voters have together."""
        return Fraction(self.held(bits), self.whole)

    def price(self, cost: int, backing: Backing, bounds: Bounds) -> Price:
        """Return the amount at which each supporter, giving it or all they have, makes up the cost."""
        money = self.low[backing.voters]
        poor = money + self.slack <= bounds.low
        # Who has just the price gives all too, so a purse whose bound is the price itself has to be looked into.
        unsure = backing.voters[~poor & (money <= bounds.high)]
        poorer = backing.voters[poor]
        missing = cost * self.whole - self.held(self._bits(poorer))
        rich = len(money) - len(poorer)
        purses = {int(voter): self._purse(int(voter)) for voter in unsure}
        for amount, many in sorted(Counter(purses.values()).items()):
            if amount * rich >= missing:
                break
            missing -= amount * many
            rich -= many
        just = [voter for voter, amount in purses.items() if amount * rich <= missing]
        emptied = np.append(poorer, np.array(just, np.intp))
        gave_all = len(emptied) - (backing.bits & self.empty).bit_count()
        return Price(Fraction(missing, rich * self.whole), emptied, gave_all)

    def _purse(self, voter: int) -> int:
        return self.held(1 << voter)

    def _bits(self, voters: Indices) -> int:
        chosen = np.zeros(self.voters, np.bool_)
        chosen[voters] = True
        return bits_of(chosen)

    def buy(self, backing: Backing, price: Price) -> None:
        """Let the supporters pay."""
        amount = price.amount
        finer = amount.denominator // gcd(amount.denominator, self.whole)
        self.whole *= finer
        self.share *= finer
        self.prices = [each * finer for each in self.prices]
        self.prices.append(amount.numerator * (self.whole // amount.denominator))
        self.bought.append(backing)
        self.empty |= self._bits(price.emptied)
        self.low[backing.voters] -= -(-amount * self.scale // 1)
        # Rounded up, a price can take one more than there was.
        np.maximum(self.low, 0, out=self.low)
        self.low[price.emptied] = 0
        self.slack += 1

    def paid(self) -> tuple[Fraction, ...]:
        """Return what each voter has paid."""
        sums = [0] * self.voters
        for price, backing in zip(self.prices, self.bought, strict=True):
            for voter in backing.voters.tolist():
                sums[voter] += price
        # Who has nothing left has paid less than full prices: the whole share.
        return tuple(
            Fraction(self.share if self.empty >> voter & 1 else sums[voter], self.whole) for voter in range(len(sums))
        )


def bits_of(mask: Mask) -> int:
    """Return a mask as one number, the first voter in its lowest bit."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
