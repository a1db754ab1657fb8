"""The method of equal shares with cost utilities: the money belongs to the voters, each the same part of it.

A project is bought when its supporters can pay for it, by all giving the same, or what they have left. The next one is
always that which asks the least of a voter for each unit of money it brings (Peters, Pierczynski, Skowron 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from cogov.decisions.rules.count.budget import Funded, Poll, Step
from cogov.decisions.rules.count.purses import Backing, Bounds, Price, Purses
from cogov.decisions.rules.count.ties import Lots, TieAt

FINE = 2**64
"""Prices for a unit of money are compared in parts of this; what is that close is compared exactly."""


@dataclass(frozen=True)
class _Offer:
    project: int
    low: int
    high: int
    bounds: Bounds


@dataclass(frozen=True)
class _Run:
    purses: Purses
    bought: tuple[tuple[int, Price], ...]
    lots: Lots

    @property
    def winners(self) -> tuple[int, ...]:
        return tuple(project for project, _ in self.bought)


def equal_shares(poll: Poll, lots: Lots, add1: bool = False) -> Funded:
    """Fund by equal shares; with `add1`, give each voter one unit of currency more until that overspends.

    The last outcome within the budget counts, also when one before it could have taken no further project. A project
    that costs more than the whole budget takes no part.
    """
    backings = {
        project: Backing.of(poll.approvals[project])
        for project, cost in enumerate(poll.costs)
        if cost <= poll.budget and poll.approvals[project].any()
    }
    share = Fraction(poll.budget, len(poll.voters))
    run, rounds = _run(poll, backings, share, lots), 1
    all_fit = poll.cost(tuple(backings)) <= poll.budget
    while add1 and len(run.bought) < len(backings):
        # Where all projects fit, nothing overspends and all are bought in the end: the way there may be shortened.
        steps = int(share // poll.unit) + 1 if all_fit else _steps_alike(poll, backings, run, share)
        richer = _run(poll, backings, share + steps * poll.unit, lots)
        if poll.cost(richer.winners) > poll.budget:
            if steps > 1:
                share, rounds = share + (steps - 1) * poll.unit, rounds + steps - 1
                run = _run(poll, backings, share, lots)
            break
        run, share, rounds = richer, share + steps * poll.unit, rounds + steps
    return Funded(run.winners, tuple(_steps(poll, run)), tuple(run.lots.broken), share, run.purses.paid(), rounds)


def _run(poll: Poll, backings: dict[int, Backing], share: Fraction, lots: Lots) -> _Run:
    """Buy with the same share for everyone until nothing more can be afforded."""
    purses = Purses.filled(len(poll.voters), share)
    lots = lots.again()
    bought: list[tuple[int, Price]] = []
    # Nobody pays less for a unit of money than where all supporters pay alike.
    waiting = [(FINE // len(backing.voters), project) for project, backing in backings.items()]
    heapify(waiting)
    while offers := _cheapest(poll, backings, purses, waiting):
        prices = {o.project: purses.price(poll.costs[o.project], backings[o.project], o.bounds) for o in offers}
        rates = {project: price.amount / poll.costs[project] for project, price in prices.items()}
        least = min(rates.values())
        chosen = lots.first((p for p in rates if rates[p] == least), TieAt.PROJECT, len(bought) + 1)
        purses.buy(backings[chosen], prices[chosen])
        bought.append((chosen, prices[chosen]))
        for offer in offers:
            if offer.project != chosen:
                heappush(waiting, (offer.low, offer.project))
    return _Run(purses, tuple(bought), lots)


def _steps_alike(poll: Poll, backings: dict[int, Backing], run: _Run, share: Fraction) -> int:
    """Return after how many more steps of add1 the first one comes that may buy anything else.

    Where nobody had too little for a project, each was bought at its lowest price, those with most supporters first.
    With more money that is so again, unless a project joins in that was not bought. Before any with fewer supporters is
    bought, its own supporters have what is computed here, and with each step one unit more each; as long as that is
    less than its cost, it cannot be bought then or later.
    """
    sizes = {project: len(backing.voters) for project, backing in backings.items()}
    prices = {project: price.amount for project, price in run.bought}
    if any(prices[project] * sizes[project] != poll.costs[project] for project in prices):
        return 1
    waits: list[int] = []
    for project in backings.keys() - prices.keys():
        gone = sum(
            price * (backings[project].bits & backings[bought].bits).bit_count()
            for bought, price in prices.items()
            if sizes[bought] > sizes[project]
        )
        missing = poll.costs[project] - (share * sizes[project] - gone)
        waits.append(int(-(-missing // (sizes[project] * poll.unit))))
    return max(1, min(waits))


def _cheapest(poll: Poll, backings: dict[int, Backing], purses: Purses, waiting: list[tuple[int, int]]) -> list[_Offer]:
    """Take from the waiting all that may be the cheapest now; what nobody can afford any more is dropped.

    Purses only get emptier, so a price asked before is a lower bound of the price now: only those that were as cheap as
    the cheapest of now have to be asked again.
    """
    asked: list[_Offer] = []
    best: int | None = None
    while waiting and (best is None or waiting[0][0] <= best):
        _, project = heappop(waiting)
        bounds = purses.bounds(poll.costs[project], backings[project])
        if bounds is not None:
            unit = poll.costs[project] * purses.scale
            offer = _Offer(project, bounds.low * FINE // unit, -(-bounds.high * FINE // unit), bounds)
            asked.append(offer)
            best = offer.high if best is None else min(best, offer.high)
    for offer in asked:
        if best is not None and offer.low > best:
            heappush(waiting, (offer.low, offer.project))
    return [offer for offer in asked if best is not None and offer.low <= best]


def _steps(poll: Poll, run: _Run) -> list[Step]:
    """Tell what was bought, and of the rest, from those that lacked least, what their supporters had left."""
    backings = [Backing.of(row) for row in poll.approvals]
    steps = [
        Step(
            project=project,
            cost=poll.costs[project],
            supporters=len(backings[project].voters),
            funded=True,
            had=Fraction(poll.costs[project]),
            price=price.amount,
            emptied=price.gave_all,
        )
        for project, price in run.bought
    ]
    missed = [
        Step(project, poll.costs[project], len(backing.voters), funded=False, had=run.purses.money(backing.bits))
        for project, backing in enumerate(backings)
        if project not in run.winners
    ]
    return [*steps, *sorted(missed, key=lambda step: (step.cost - step.had, step.project))]
