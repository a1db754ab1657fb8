"""Polis's own lists: what stands for a group, what the majority shares, what to ask next (docs/opinion.md, 10 to 15).

Written in the words of Polis's own results, so that a program can lay one beside the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cogov.opinion.rules.chart.tallies import SIGNIFICANT, Tallies, difference_test, others, share, share_test
from cogov.opinion.rules.chart.votes import Floats, Votes

LONGEST = 5
META_PRIORITY = 49.0

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class _Side:
    """One direction, agreeing or disagreeing, of one group and statement."""

    words: str
    some: int
    answered: int
    share: float
    share_test: float
    ratio: float
    ratio_test: float

    @property
    def passes(self) -> bool:
        return self.share_test > SIGNIFICANT and self.ratio_test > SIGNIFICANT

    @property
    def metric(self) -> float:
        return self.ratio * self.ratio_test * self.share * self.share_test

    def entry(self, statement: int | str) -> dict[str, Any]:
        return {
            "tid": statement,
            "n-success": self.some,
            "n-trials": self.answered,
            "p-success": self.share,
            "p-test": self.share_test,
            "repness": self.ratio,
            "repness-test": self.ratio_test,
            "repful-for": self.words,
        }


@dataclass(frozen=True)
class _Case:
    """One statement as one group sees it."""

    statement: int | str
    agree: _Side
    disagree: _Side

    @property
    def towards(self) -> _Side:
        return self.agree if self.agree.ratio_test > self.disagree.ratio_test else self.disagree

    @property
    def passes(self) -> bool:
        return self.agree.passes or self.disagree.passes

    @property
    def apart(self) -> float:
        return max(self.agree.ratio_test, self.disagree.ratio_test)

    def agrees_better(self, than: _Case | None) -> bool:
        """Say whether this shows better than another what the group agrees with."""
        mine = self.agree
        if not (mine.some or self.disagree.some):
            return False
        if than is None:
            return mine.share_test > SIGNIFICANT or (mine.ratio > 1 and mine.share > 0.5)
        if than.agree.ratio > 1:
            return mine.metric > than.agree.metric
        return mine.share * mine.share_test > than.agree.share * than.agree.share_test


def representative(votes: Votes, counted: Tallies, group: int) -> list[Entry]:
    """Return up to five statements that stand for a group: what it agrees with best, then by how much it is apart."""
    cases = _cases(votes, counted, group)
    strongest: _Case | None = None
    agreed: _Case | None = None
    for case in cases:
        if strongest is None or case.apart > strongest.apart:
            strongest = case
        if case.agrees_better(agreed):
            agreed = case
    chosen = sorted((case for case in cases if case.passes), key=lambda case: -case.towards.metric)
    if not chosen:
        chosen = [case for case in (agreed or strongest,) if case]
    if agreed is not None:
        chosen = [agreed, *(case for case in chosen if case is not agreed)]
    entries = [_entry(case, case is agreed) for case in chosen[:LONGEST]]
    return sorted(entries, key=lambda entry: entry["repful-for"] == "disagree")


def _entry(case: _Case, best: bool) -> Entry:
    entry = case.towards.entry(case.statement)
    return entry | {"n-agree": case.agree.some, "best-agree": True} if best else entry


def _cases(votes: Votes, counted: Tallies, group: int) -> list[_Case]:
    sides = {
        "agree": _figures(counted, counted.agree, group),
        "disagree": _figures(counted, counted.disagree, group),
    }
    names = [named(name) for name in votes.statements]
    found = []
    for column in np.flatnonzero(~votes.out).tolist():
        agree, disagree = (_Side(words, *(row[column] for row in rows)) for words, rows in sides.items())
        found.append(_Case(names[column], agree, disagree))
    return found


def _figures(counted: Tallies, some: np.ndarray[Any, Any], group: int) -> list[list[Any]]:
    answered, rest, all_rest = counted.answered[group], others(some)[group], others(counted.answered)[group]
    mine = some[group]
    own = share(mine, answered)
    rows = (
        mine,
        answered,
        own,
        share_test(mine, answered),
        own / share(rest, all_rest),
        difference_test(mine, answered, rest, all_rest),
    )
    return [row.tolist() for row in rows]


def majority(votes: Votes, counted: Tallies) -> dict[str, list[Entry]]:
    """Return up to five statements that most of all participants agree with, and five that most disagree with."""
    answered = counted.answered[0]
    return {
        "agree": _majority(votes, counted.agree[0], answered),
        "disagree": _majority(votes, counted.disagree[0], answered),
    }


def _majority(votes: Votes, some: np.ndarray[Any, Any], answered: np.ndarray[Any, Any]) -> list[Entry]:
    shares, tests = share(some, answered), share_test(some, answered)
    fit = np.flatnonzero((shares > 0.5) & (tests > SIGNIFICANT) & ~votes.out).tolist()
    return [
        {
            "tid": named(votes.statements[column]),
            "n-success": int(some[column]),
            "n-trials": int(answered[column]),
            "p-success": float(shares[column]),
            "p-test": float(tests[column]),
        }
        for column in sorted(fit, key=lambda column: -shares[column] * tests[column])[:LONGEST]
    ]


def group_consensus(counted: Tallies) -> Floats:
    """Return the product over groups of their shares of agreement."""
    product: Floats = share(counted.agree, counted.answered).prod(axis=0)
    return product


def priorities(votes: Votes, extremity: Floats, counted: Tallies) -> Floats:
    """Return how much is learnt by asking each statement next; the more, the rarer it has been answered."""
    totals = counted.everybody
    answered, agree = totals.answered[0], totals.agree[0]
    passed = answered - agree - totals.disagree[0]
    importance = (1 - share(passed, answered)) * (extremity + 1) * share(agree, answered)
    fresh = importance * (1 + 8 * 2.0 ** (-answered / 5))
    return np.where(votes.meta, META_PRIORITY, fresh**2)


def named(name: str) -> int | str:
    """Return a number for a name that is one, as Polis does."""
    return int(name) if name.isdecimal() and str(int(name)) == name else name


def keyed(votes: Votes, values: Sequence[float] | Floats) -> dict[str, float]:
    """Return values of statements by their names."""
    return dict(zip(votes.statements, np.asarray(values).tolist(), strict=True))
