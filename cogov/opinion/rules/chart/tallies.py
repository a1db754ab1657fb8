"""How many of each group agree, disagree and pass, and what follows for a share (docs/opinion.md, 9 to 12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov.opinion.rules.chart.votes import AGREE, DISAGREE, Floats, Ints, Votes

SIGNIFICANT = 1.2816
"""One-sided, 90 %."""


@dataclass(frozen=True)
class Tallies:
    """Of each group (row) and statement: who agree, who disagree, and all who answered, passes too."""

    members: Ints
    agree: Ints
    disagree: Ints
    answered: Ints

    @property
    def everybody(self) -> Tallies:
        """The same for all groups together."""
        rows = (each.sum(axis=0, keepdims=True) for each in (self.agree, self.disagree, self.answered))
        return Tallies(self.members.sum(keepdims=True), *rows)


def tallies(votes: Votes, labels: Ints, groups: int) -> Tallies:
    """Count the votes of each group; a label below 0 belongs to none."""
    width = len(votes.statements)
    cells = 3 * width
    # One number for group, statement and vote: everything is counted in one pass. Row 0 holds who is in no group.
    row = np.repeat((labels.astype(np.int64) + 1) * cells, votes.given)
    key = row + votes.on * np.int64(3) + votes.vote + 1
    counts = np.bincount(key, minlength=(groups + 1) * cells).reshape(groups + 1, width, 3)[1:]
    members = np.bincount(labels[labels >= 0], minlength=groups)
    return Tallies(members, counts[:, :, AGREE + 1], counts[:, :, DISAGREE + 1], counts.sum(axis=2))


def everybody(votes: Votes) -> Tallies:
    """Count the votes of all, whether they are on the map or not."""
    return tallies(votes, np.zeros(len(votes.participants), np.int64), 1)


def others(counts: Ints) -> Ints:
    """Return of each group how many there are in all other groups."""
    rest: Ints = counts.sum(axis=0, keepdims=True) - counts
    return rest


def share(some: Ints, answered: Ints) -> Floats:
    """Return a share, drawn towards one half where few answered."""
    drawn: Floats = (some + 1) / (answered + 2)
    return drawn


def share_test(some: Ints, answered: Ints) -> Floats:
    """Return how far a share lies above one half, in standard deviations."""
    distance: Floats = 2 * np.sqrt(answered + 1) * ((some + 1) / (answered + 1) - 0.5)
    return distance


def difference_test(some: Ints, answered: Ints, some_others: Ints, answered_others: Ints) -> Floats:
    """Return how far a group's share lies above the others', in standard deviations."""
    of_one, of_all = answered + 1, answered_others + 1
    one, rest = (some + 1) / of_one, (some_others + 1) / of_all
    pooled = (some + some_others + 2) / (of_one + of_all)
    # Where nearly nobody answered, one added to the agreeing and to the answering makes all of them agree.
    spread = pooled * (1 - pooled) * (1 / of_one + 1 / of_all)
    distance: Floats = np.where(pooled == 1, 0.0, (one - rest) / np.sqrt(np.where(spread > 0, spread, 1.0)))
    return distance
