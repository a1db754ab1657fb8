"""What a budget rule did, as programs read it (`cogov budget --json`) and as a resident is told."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np

from cogov.decisions.rules.count.budget import Funded, Poll, Step, greedy
from cogov.decisions.rules.count.reading.pabulib import WITH_POINTS, Budgeted
from cogov.decisions.rules.count.shares import equal_shares
from cogov.decisions.rules.count.tallying import number, ties_told
from cogov.decisions.rules.count.ties import Lots
from cogov.ground.words import Words, say

Told = dict[str, Any]
SHOWN = 10**6
"""Money of a voter is shown in millionths; what decides is exact, and so are the prices."""


class BudgetRule(StrEnum):
    """How the money of a participatory budget is given out."""

    GREEDY = "greedy"
    EQUAL_SHARES = "equal-shares"


class Completion(StrEnum):
    """How equal shares go on when money is left."""

    ADD1 = "add1"


RULE_WORDS = {BudgetRule.GREEDY: say("按票数从高到低"), BudgetRule.EQUAL_SHARES: say("平均份额法")}


def fund(poll: Poll, rule: BudgetRule, lots: Lots, completion: Completion | None = None) -> Funded:
    """Give out the money by a rule."""
    if rule is BudgetRule.GREEDY:
        return greedy(poll, lots.again())
    return equal_shares(poll, lots, add1=completion is Completion.ADD1)


def how_read(read: Budgeted) -> dict[str, Words]:
    """Return how the votes of a file are read."""
    return {
        "overvotes": say("选的项目或给的分数比规定多的选票整张不计，投票人也不分钱：{n} 张。", n=read.overvoted),
        "truncated": say("选得比允许少的选票照样计，选了几个算几个；比规定最少还少的有 {n} 张。", n=read.truncated),
        "points": say("有分数的选票：按票数时数分数；平均份额法里给了分就算支持，支持的程度按费用算。")
        if read.kind in WITH_POINTS
        else say("选了就算支持，每人一票；平均份额法里支持的程度按费用算。"),
        "ties": say("平手按事先公布的种子定：各项目按 SHA-256（种子、换行、编号）从小到大排，在前的优先。"),
    }


def account(poll: Poll, funded: Funded, lots: Lots) -> Told:
    """Tell winners, what each voter got, and step by step why; money is in units of currency."""
    told: Told = {
        "ballots": len(poll.voters),
        "budget": number(Fraction(poll.budget, poll.unit)),
        "cost": number(Fraction(poll.cost(funded.winners), poll.unit)),
        "winners": [poll.projects[index] for index in funded.winners],
        "seed": lots.seed,
        "steps": [_step(poll, funded, step) for step in funded.steps],
        "ties": ties_told(funded.ties, poll.projects),
        "per_voter": _per_voter(poll, funded),
    }
    if funded.share is not None:
        told["share"] = _shown(poll, funded.share)
        told["rounds"] = funded.rounds
    return told


def explanation(poll: Poll, step: Step, by_shares: bool) -> Words:
    """Say of one project to a resident why it is funded or not."""
    facts = {
        "name": poll.names[step.project],
        "cost": money(poll, step.cost),
        "n": step.supporters if by_shares else poll.votes[step.project],
        "had": money(poll, step.had),
        "missing": money(poll, step.cost - step.had),
        "price": money(poll, step.price or 0),
        "m": step.emptied,
    }
    if not facts["n"]:
        return say("“{name}”没有人支持。", **facts)
    if by_shares and step.cost > poll.budget:
        return say("“{name}”要 {cost}，比全部预算还多。", **facts)
    return replace(_sentence(step, by_shares), params=tuple(sorted(facts.items())))


def _sentence(step: Step, by_shares: bool) -> Words:
    if not by_shares:
        return _FITS if step.funded else _FITS_NOT
    if step.price is None:
        return _MISSED
    return _ALIKE if step.price * step.supporters == step.cost else _BOUGHT


_ALIKE = say("“{name}”要 {cost}，{n} 人支持，每人出 {price}。")
_BOUGHT = say("“{name}”要 {cost}，{n} 人支持，每人最多出 {price}；不够的出完剩下的，有 {m} 人因此出完了。")
_MISSED = say("“{name}”要 {cost}，支持的 {n} 人合起来还剩 {had}，差 {missing}。")
_FITS = say("“{name}”有 {n} 票，要 {cost}，轮到时还有 {had}，够。")
_FITS_NOT = say("“{name}”有 {n} 票，要 {cost}，轮到时还有 {had}，不够。")


def money(poll: Poll, amount: Fraction | int) -> str:
    """Write an amount in units of currency, with two decimals where it has any; rounded, for reading only."""
    units = Fraction(amount) / poll.unit
    return f"{units.numerator:,}" if units.denominator == 1 else f"{_rounded(units, 100):,.2f}"


# As programs read it -----------------------------------------------------------------------------------------------


def _step(poll: Poll, funded: Funded, step: Step) -> Told:
    told: Told = {
        "project": poll.projects[step.project],
        "name": poll.names[step.project],
        "cost": number(Fraction(step.cost, poll.unit)),
        "votes": poll.votes[step.project],
        "supporters": step.supporters,
        "funded": step.funded,
        "had": _shown(poll, step.had),
    }
    if step.price is not None:
        told |= {
            "price": _shown(poll, step.price),
            "price_exact": str(step.price / poll.unit),
            "gave_all": step.emptied,
        }
    return told | {"says": explanation(poll, step, funded.share is not None)}


def _per_voter(poll: Poll, funded: Funded) -> list[Told]:
    """Say of each voter which of their projects are funded, what these cost together, and what the voter gave."""
    winners = list(funded.winners)
    costs = np.array([poll.costs[index] for index in winners], np.int64)
    theirs = poll.approvals[winners]
    values = costs @ theirs if winners else np.zeros(len(poll.voters), np.int64)
    told: list[Told] = []
    for place, voter in enumerate(poll.voters):
        got = [poll.projects[winners[row]] for row in np.flatnonzero(theirs[:, place])]
        told.append({"voter": voter, "projects": got, "value": number(Fraction(int(values[place]), poll.unit))})
        if funded.paid:
            told[-1]["paid"] = _shown(poll, funded.paid[place])
    return told


def _shown(poll: Poll, amount: Fraction) -> int | float | str:
    return number(Fraction(round(amount / poll.unit * SHOWN), SHOWN))


def _rounded(units: Fraction, parts: int) -> float:
    return round(units * parts) / parts
