"""Three readings of one statement, for a decision: what every group agrees with, what bridges them, what they share.

A statement is called consensus only when all three say so and chance does not explain it (docs/opinion.md, readings).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import bdtrc

from cogov.opinion.rules.chart.tallies import Tallies, share
from cogov.opinion.rules.chart.votes import Floats, Ints, Mask, Votes

INTERCEPT_WEIGHT = 0.15
FACTOR_WEIGHT = 0.03
MOST_ROUNDS = 300
SETTLED = 1e-7


@dataclass(frozen=True)
class Demands:
    """What a statement must reach to be called consensus."""

    at_least: float = 0.5
    bridging: float = 0.40
    geometric: float = 0.5
    deviations: float = 1.6449
    """One-sided 95 %: how sure the lower bound is."""

    false_finds: float = 0.10
    """Of those called consensus, the share that may be so by chance (Benjamini and Hochberg)."""


@dataclass(frozen=True)
class Readings:
    """The readings of each statement."""

    every_group: Floats
    bridging: Floats
    geometric: Floats
    chance: Floats
    consensus: Mask


def readings(votes: Votes, counted: Tallies, demands: Demands) -> Readings:
    """Read every statement; one that is out is never consensus, and none is without groups."""
    every = lower_bound(counted.agree, counted.answered, demands.deviations).min(axis=0, initial=1.0)
    bridges = bridging(votes)
    shared = geometric(counted)
    chance = by_chance(counted)
    reached = (every >= demands.at_least) & (bridges >= demands.bridging) & (shared >= demands.geometric)
    asked = ~votes.out & bool(len(counted.members))
    return Readings(every, bridges, shared, chance, reached & asked & _found(chance, asked, demands.false_finds))


def lower_bound(some: Ints, answered: Ints, deviations: float) -> Floats:
    """Return the least share that fits what was counted (Wilson)."""
    counted = np.maximum(answered, 1)
    part, square = some / counted, deviations * deviations
    middle = part + square / (2 * counted)
    half = deviations * np.sqrt(part * (1 - part) / counted + square / (4 * counted * counted))
    bound: Floats = np.where(answered > 0, (middle - half) / (1 + square / counted), 0.0)
    return np.maximum(0.0, bound)


def geometric(counted: Tallies) -> Floats:
    """Return how far all groups agree and do not disagree: the geometric mean, so that more groups are no drawback."""
    effective = share(counted.agree, counted.answered) * (1 - share(counted.disagree, counted.answered))
    mean: Floats = np.exp(np.log(effective).mean(axis=0)) if len(effective) else np.zeros(effective.shape[1])
    return mean


def by_chance(counted: Tallies) -> Floats:
    """Return how likely as many or more agree in the least agreeing group, if each person threw a coin."""
    some = counted.agree.astype(np.float64)
    # P(X >= some) is P(X > some - 1); where nobody agrees it is certain.
    chance = np.where(some > 0, bdtrc(np.maximum(some - 1, 0), np.maximum(counted.answered, 1), 0.5), 1.0)
    largest: Floats = chance.max(axis=0, initial=0.0)
    return largest


def _found(chance: Floats, asked: Mask, false_finds: float) -> Mask:
    """Return what is found if at most this share of all finds may be wrong."""
    tried = np.sort(chance[asked])
    rank = np.arange(1, tried.size + 1)
    passed = tried[tried <= false_finds * rank / max(1, tried.size)]
    return asked & (chance <= (passed[-1] if passed.size else -1.0))


# Bridging ----------------------------------------------------------------------------------------------------------


def bridging(votes: Votes) -> Floats:
    """Return what is left of the agreement with a statement when what divides people is taken away.

    vote = mean + person + statement + person's side x statement's side, by least squares with a weight on each;
    a statement's own part is its bridging score. Votes are 1, 0 and -1.
    """
    return _Factors(votes).statement


class _Factors:
    """The one-factor model, solved in turns: persons, statements, mean, until nothing moves."""

    def __init__(self, votes: Votes) -> None:
        people, statements = votes.shape
        total = max(1, votes.vote.size)
        self.votes = votes.table(votes.vote.astype(np.float64))
        self.seen = votes.table(np.ones(votes.vote.size))
        self.turned, self.seen_turned = self.votes.T.tocsr(), self.seen.T.tocsr()
        self.weights = [(INTERCEPT_WEIGHT * total / max(1, n), FACTOR_WEIGHT * total / max(1, n)) for n in votes.shape]
        self.mean_weight = (1 + INTERCEPT_WEIGHT) * total
        self.mean = 0.0
        self.person, self.statement = np.zeros(people), np.zeros(statements)
        self.side, self.statement_side = np.zeros(people), _first_sides(statements)
        for _ in range(MOST_ROUNDS if votes.vote.size else 0):
            before = self.statement
            self._turn()
            if np.abs(self.statement - before).max() < SETTLED:
                break

    def _turn(self) -> None:
        self.person, self.side = _solved(
            self.votes, self.seen, self.mean, self.statement, self.statement_side, *self.weights[0]
        )
        self.statement, self.statement_side = _solved(
            self.turned, self.seen_turned, self.mean, self.person, self.side, *self.weights[1]
        )
        rows, columns = self.seen @ np.ones(self.statement.size), self.seen_turned @ np.ones(self.person.size)
        crossed = float(self.side @ (self.seen @ self.statement_side))
        left = self.votes.sum() - rows @ self.person - columns @ self.statement - crossed
        self.mean = float(left) / self.mean_weight


def _first_sides(statements: int) -> Floats:
    """Begin with sides that favour nobody; the first turn already makes them the people's own."""
    begun: Floats = np.cos(np.arange(1, statements + 1) ** 2 * 0.7)
    return begun


def _solved(
    table: csr_array, seen: csr_array, mean: float, part: Floats, side: Floats, part_weight: float, side_weight: float
) -> tuple[Floats, Floats]:
    """Solve for each row its own part and its side, given those of the columns: two unknowns, least squares."""
    given = np.column_stack([np.ones_like(part), side, side * side, part, part * side])
    count, sides, squares, parts, crossed = (seen @ given).T
    value = table @ np.ones_like(part) - mean * count - parts
    sided = table @ side - mean * sides - crossed
    own, other = count + part_weight, squares + side_weight
    common = own * other - sides * sides
    return (other * value - sides * sided) / common, (own * sided - sides * value) / common
