"""The count of one vote: a job of plain values in, the result in plain values out; every figure whole or a fraction.

A job: ``form`` (canonical text), ``labels`` of the options by position, their ``costs`` in fen, the ``seed`` that was
published before, and ``ballots`` as pairs of marks and how many cast them. In the result options are named by position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from cogov.decisions.rules.count.accounting import BudgetRule, Completion, explanation, fund
from cogov.decisions.rules.count.budget import Funded, Poll
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.tallying import TallyMethod, tally, ties_told
from cogov.decisions.rules.count.ties import Lots, TieAt
from cogov.decisions.rules.methods import CHECKING, BallotForm, DecidingCount, Method, parse_marks, read_form

Told = dict[str, Any]
FEN = 100
"""A yuan in fen: equal shares go on by a yuan for each voter."""

FEWEST = 10
"""Of fewer voters nothing is told but totals."""

SIDE_BY_SIDE = (
    TallyMethod.SCHULZE,
    TallyMethod.RANKED_PAIRS,
    TallyMethod.IRV,
    TallyMethod.BORDA,
    TallyMethod.APPROVAL,
    TallyMethod.CONDORCET,
)
COUNTS: Mapping[Method, tuple[TallyMethod, ...]] = {
    Method.APPROVAL: (TallyMethod.APPROVAL,),
    Method.RANKED: SIDE_BY_SIDE,
    Method.STV: (TallyMethod.STV,),
    Method.COMMITTEE: (TallyMethod.PAV, TallyMethod.PHRAGMEN),
}
DECIDING = {Method.APPROVAL: TallyMethod.APPROVAL, Method.STV: TallyMethod.STV}


@dataclass(frozen=True)
class Job:
    """What is counted: marks by ballot, and how many cast each."""

    form: BallotForm
    labels: tuple[str, ...]
    costs: tuple[int, ...]
    seed: str
    marks: tuple[Mapping[int, int], ...]
    heads: tuple[int, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Job:
        """Read a job."""
        ballots: Sequence[tuple[str, int]] = told["ballots"]
        return cls(
            form=read_form(told["form"]),
            labels=tuple(told["labels"]),
            costs=tuple(told["costs"]),
            seed=told["seed"],
            marks=tuple(parse_marks(text) for text, _ in ballots),
            heads=tuple(heads for _, heads in ballots),
        )

    @property
    def positions(self) -> tuple[str, ...]:
        """Return the positions as the candidates of a profile are called."""
        return tuple(str(position) for position in range(1, len(self.labels) + 1))

    @property
    def lots(self) -> Lots:
        """Draw the options by what they are called, so that anybody can draw them again."""
        return Lots.drawn(self.labels, self.seed)


def count(told: Mapping[str, Any]) -> Told:
    """Count a job."""
    job = Job.of(told)
    blank = sum(heads for marks, heads in zip(job.marks, job.heads, strict=True) if not marks)
    result: Told = {
        "method": str(job.form.method),
        "decider": str(job.form.decider) if job.form.decider else None,
        "ballots": sum(job.heads),
        "blank": blank,
        "seed": job.seed,
        "drawn": [index + 1 for index in job.lots.in_order(range(len(job.labels)))],
        "winners": [],
    }
    if result["ballots"] == blank:
        return result
    if job.form.method is Method.SCORE:
        return result | _scores(job)
    if job.form.method is Method.BUDGET:
        return result | _budget(job)
    return result | _candidates(job)


# Candidates ---------------------------------------------------------------------------------------------------------


def _candidates(job: Job) -> Told:
    ranks = np.zeros((len(job.marks), len(job.labels)), np.int64)
    for row, marks in enumerate(job.marks):
        for position, rank in marks.items():
            ranks[row, position - 1] = rank
    profile = Profile.of(job.positions, ranks, np.array(job.heads, np.int64))
    told = exact(tally(profile, COUNTS[job.form.method], job.lots, job.form.seats))
    methods = told["methods"]
    deciding = methods[job.form.decider or DECIDING[job.form.method]]
    kept: Told = {"winners": deciding["winners"], "methods": methods}
    if job.form.method not in CHECKING:
        kept["first"] = _first_choices(job)
        kept["pairwise"] = told["pairwise"]
    return kept


def _first_choices(job: Job) -> list[int]:
    """Return for each option on how many ballots it stands first."""
    first = [0] * len(job.labels)
    for marks, heads in zip(job.marks, job.heads, strict=True):
        for position, rank in marks.items():
            first[position - 1] += heads if rank == 1 else 0
    return first


def _scores(job: Job) -> Told:
    """Add up the points; an option left out on a ballot has none there."""
    sums, given = [0] * len(job.labels), [0] * len(job.labels)
    for marks, heads in zip(job.marks, job.heads, strict=True):
        for position, points in marks.items():
            sums[position - 1] += points * heads
            given[position - 1] += heads
    lots = job.lots
    winner = lots.first((index for index, each in enumerate(sums) if each == max(sums)), TieAt.WINNER)
    ties = ties_told(lots.broken, job.positions)
    return {"winners": [winner + 1], "scores": sums, "given": given, "top": job.form.top, "ties": exact(ties)}


# Budgets ------------------------------------------------------------------------------------------------------------


def _budget(job: Job) -> Told:
    poll = _poll(job)
    rules = {
        DecidingCount.EQUAL_SHARES: fund(poll, BudgetRule.EQUAL_SHARES, job.lots, Completion.ADD1),
        DecidingCount.GREEDY: fund(poll, BudgetRule.GREEDY, job.lots),
    }
    told = {str(decider): _funded(poll, funded) for decider, funded in rules.items()}
    winners = told[str(job.form.decider)]["winners"]
    return {"winners": winners, "budget": job.form.budget, "votes": list(poll.votes), "rules": told}


def _poll(job: Job) -> Poll:
    """Put a voter for each ballot that chose something; a blank one has no share of the money."""
    chosen = [(marks, heads) for marks, heads in zip(job.marks, job.heads, strict=True) if marks]
    voters = sum(heads for _, heads in chosen)
    approvals = np.zeros((len(job.labels), voters), np.bool_)
    at = 0
    for marks, heads in chosen:
        approvals[[position - 1 for position in marks], at : at + heads] = True
        at += heads
    return Poll(
        projects=job.positions,
        names=job.labels,
        costs=job.costs,
        budget=job.form.budget,
        unit=FEN,
        voters=tuple(map(str, range(voters))),
        approvals=approvals,
        votes=tuple(int(each) for each in approvals.sum(axis=1)),
    )


def _funded(poll: Poll, funded: Funded) -> Told:
    told: Told = {
        "winners": [index + 1 for index in funded.winners],
        "cost": poll.cost(funded.winners),
        "steps": [
            {"option": step.project + 1, "funded": step.funded, "says": _said(poll, funded, index)}
            for index, step in enumerate(funded.steps)
        ],
        "ties": exact(ties_told(funded.ties, poll.projects)),
    }
    if len(poll.voters) >= FEWEST:
        got = Counter(int(each) for each in poll.approvals[list(funded.winners)].sum(axis=0))
        told["got"] = [[projects, got[projects]] for projects in sorted(got)]
    if funded.share is not None:
        told |= {"share": str(funded.share), "rounds": funded.rounds}
    return told


def _said(poll: Poll, funded: Funded, index: int) -> list[Any]:
    """Keep a sentence as what is translated and what is put into it."""
    words = explanation(poll, funded.steps[index], funded.share is not None)
    return [words.msgid, {name: value if isinstance(value, int) else str(value) for name, value in words.params}]


# As it is kept ------------------------------------------------------------------------------------------------------


def exact(value: Any) -> Any:
    """Write decimals as the fractions that they are, and options by position; nothing else changes."""
    if isinstance(value, float):
        return str(Fraction(repr(value)))
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    return int(value) if isinstance(value, str) and value.isdigit() else value
