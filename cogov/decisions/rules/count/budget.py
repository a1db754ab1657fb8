"""A participatory budget: projects with costs, voters with approvals, money that is not enough; and the greedy rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cogov.decisions.rules.count.ties import Lots, Tie, TieAt

LARGEST_SUM = 2**58
"""What a budget may be in its smallest unit, times the voters: as add1 goes on, each may be given as much as all of it,
and their sum stays exact in 64 bits."""


@dataclass(frozen=True)
class Poll:
    """What was voted on and how: `approvals[project, voter]`, `votes` as the greedy rule counts them.

    Money is whole numbers of the smallest unit in which all costs are whole; `unit` of them are one unit of currency.
    """

    projects: tuple[str, ...]
    names: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    unit: int
    voters: tuple[str, ...]
    approvals: NDArray[np.bool_]
    votes: tuple[int, ...]

    def __post_init__(self) -> None:
        if len({len(self.projects), len(self.names), len(self.costs), len(self.votes), len(self.approvals)}) != 1:
            raise ValueError("each project has a name, a cost, votes and a row of approvals")
        if self.approvals.ndim != 2 or self.approvals.shape[1] != len(self.voters) or not self.voters:
            raise ValueError("each voter, of whom there is one at least, has a column of approvals")
        if min(self.costs, default=1) < 1 or not 0 <= self.budget * len(self.voters) <= LARGEST_SUM:
            raise ValueError("a project costs something, and budget times voters is no more than 2**58")

    def cost(self, projects: tuple[int, ...]) -> int:
        """Return what projects cost together."""
        return sum(self.costs[index] for index in projects)


@dataclass(frozen=True)
class Step:
    """One project as its turn came: what it cost, who stood behind it, and why it was funded or not.

    Equal shares: `price` is the most anyone paid for it, `emptied` how many gave all they had left, and of a project
    not funded `had` is what its supporters had left. Greedy: `had` is the money left when its turn came.
    """

    project: int
    cost: int
    supporters: int
    funded: bool
    had: Fraction
    price: Fraction | None = None
    emptied: int = 0


@dataclass(frozen=True)
class Funded:
    """What a budget rule funds, in the order of funding, step by step, and which ties were broken.

    `share` is what each voter was given in the round that counts, `paid` what each of them gave of it (equal shares).
    """

    winners: tuple[int, ...]
    steps: tuple[Step, ...]
    ties: tuple[Tie, ...]
    share: Fraction | None = None
    paid: tuple[Fraction, ...] = field(default=(), repr=False)
    rounds: int = 1


def greedy(poll: Poll, lots: Lots) -> Funded:
    """Fund by votes from the top whatever still fits; what does not is passed over. Nobody's project is not funded.

    Equal votes are a tie only where not all of those that fit alone fit together.
    """
    left = poll.budget
    winners: list[int] = []
    steps: list[Step] = []
    supporters = poll.approvals.sum(axis=1).tolist()
    for group in _by_votes(poll):
        fitting = [index for index in group if poll.costs[index] <= left]
        if len(fitting) > 1 and sum(poll.costs[index] for index in fitting) > left:
            lots.report(fitting, lots.in_order(fitting)[0], TieAt.PROJECT, len(steps) + 1)
        for index in lots.in_order(group):
            funded = poll.costs[index] <= left
            steps.append(Step(index, poll.costs[index], supporters[index], funded, Fraction(left)))
            if funded:
                left -= poll.costs[index]
                winners.append(index)
    for index, count in enumerate(poll.votes):
        if count == 0:
            steps.append(Step(index, poll.costs[index], 0, funded=False, had=Fraction(left)))
    return Funded(tuple(winners), tuple(steps), tuple(lots.broken))


def _by_votes(poll: Poll) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for index, count in enumerate(poll.votes):
        if count > 0:
            groups.setdefault(count, []).append(index)
    return [groups[count] for count in sorted(groups, reverse=True)]
