"""The whole count of one profile by the methods asked for, as programs read it (`cogov tally --json`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

from cogov.decisions.rules.count.committees import phragmen, sequential_pav
from cogov.decisions.rules.count.outcome import Counted, Ordered, Round, Scored
from cogov.decisions.rules.count.pairwise import pairwise
from cogov.decisions.rules.count.profile import Ints, Profile
from cogov.decisions.rules.count.runoff import instant_runoff
from cogov.decisions.rules.count.scored import approval, borda, condorcet, plurality
from cogov.decisions.rules.count.ties import Lots, Tie
from cogov.decisions.rules.count.tournament import ranked_pairs, schulze
from cogov.decisions.rules.count.transferable import transferable_vote
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

Told = dict[str, Any]


class TallyMethod(StrEnum):
    """How ranked ballots are counted."""

    PLURALITY = "plurality"
    APPROVAL = "approval"
    IRV = "irv"
    STV = "stv"
    SCHULZE = "schulze"
    RANKED_PAIRS = "ranked_pairs"
    BORDA = "borda"
    CONDORCET = "condorcet"
    PAV = "pav"
    PHRAGMEN = "phragmen"


SIDE_BY_SIDE = tuple(method for method in TallyMethod if method not in {TallyMethod.PAV, TallyMethod.PHRAGMEN})
"""What `all` means; committees from approvals are another question and are asked for by name."""

METHOD_WORDS = {
    TallyMethod.PLURALITY: say("多数票（第一选择）"),
    TallyMethod.APPROVAL: say("赞成票"),
    TallyMethod.IRV: say("逐轮淘汰（IRV）"),
    TallyMethod.STV: say("可转移票（STV）"),
    TallyMethod.SCHULZE: say("舒尔茨法"),
    TallyMethod.RANKED_PAIRS: say("排序对法"),
    TallyMethod.BORDA: say("波达计数"),
    TallyMethod.CONDORCET: say("孔多塞（一对一都胜）"),
    TallyMethod.PAV: say("按比例赞成（序贯 PAV）"),
    TallyMethod.PHRAGMEN: say("弗拉格门法"),
}

READING: dict[str, Words] = {
    "overvotes": say(
        "几个候选项在同一名次：一对一比较时不分先后，波达计数各得一半，赞成票都算。"
        "多数票、IRV 和 STV 数到这一名次，其中两个以上还在，这张选票到此为止；只有一个还在，就归这一个。"
    ),
    "truncated": say(
        "没有排的候选项都在已经排的之后，彼此不分先后。IRV 和 STV 里，排了的都不在了，这张选票到此为止；张数一直写明。"
    ),
    "skipped": say("空着的名次不算，后面的往前移。"),
    "approval": say("选票上排了的候选项，不论第几名，都算赞成。"),
    "ties": say(
        "平手按事先公布的种子定：各候选项按 SHA-256（种子、换行、名称）从小到大排，在前的优先，淘汰时在后的先走。"
    ),
}
"""How ballots are read, said with every result."""


def why_not_tally(profile: Profile, seats: int) -> Refusal | None:
    """Return why there is nothing to count, or too many seats."""
    if seats > len(profile.candidates):
        message = say("席位有 {n} 个，候选项只有 {m} 个。", n=seats, m=len(profile.candidates))
        return Refusal("more_seats_than_candidates", message, status=422)
    if profile.count(profile.blank()) == profile.ballots:
        return Refusal("nobody_named", say("没有一张选票排了候选项。"), status=422)
    return None


def tally(profile: Profile, methods: Iterable[TallyMethod], lots: Lots, seats: int = 1) -> Told:
    """Count by each method; numbers are whole, decimals that are exact, or fractions such as "7/3"."""
    table = pairwise(profile)
    names = profile.candidates
    return {
        "ballots": profile.ballots,
        "candidates": list(names),
        "overvoted": profile.count(profile.overvoted()),
        "truncated": profile.count(profile.truncated()),
        "blank": profile.count(profile.blank()),
        "seed": lots.seed,
        "drawn": [names[index] for index in lots.in_order(range(len(names)))],
        "pairwise": table.tolist(),
        "methods": {str(method): _counted(method, profile, table, lots.again(), seats) for method in methods},
    }


def _counted(method: TallyMethod, profile: Profile, table: Ints, lots: Lots, seats: int) -> Told:
    counts: dict[TallyMethod, Callable[[], Scored | Ordered | Counted]] = {
        TallyMethod.PLURALITY: lambda: plurality(profile, lots),
        TallyMethod.APPROVAL: lambda: approval(profile, lots),
        TallyMethod.BORDA: lambda: borda(table, profile.ballots, lots),
        TallyMethod.CONDORCET: lambda: condorcet(table),
        TallyMethod.SCHULZE: lambda: schulze(table, lots),
        TallyMethod.RANKED_PAIRS: lambda: ranked_pairs(table, lots),
        TallyMethod.IRV: lambda: instant_runoff(profile, lots),
        TallyMethod.STV: lambda: transferable_vote(profile, seats, lots),
        TallyMethod.PAV: lambda: sequential_pav(profile, seats, lots),
        TallyMethod.PHRAGMEN: lambda: phragmen(profile, seats, lots),
    }
    return _told(counts[method](), profile.candidates)


# As programs read it -----------------------------------------------------------------------------------------------


def number(value: Fraction) -> int | float | str:
    """Write a number without rounding: whole, with up to six decimals, or as a fraction."""
    if value.denominator == 1:
        return value.numerator
    # A decimal of so few places is read back from its shortest writing without loss.
    return float(value) if 10**6 % value.denominator == 0 and abs(value) < 10**9 else str(value)


def _told(outcome: Scored | Ordered | Counted, names: Sequence[str]) -> Told:
    told: Told = {"winners": [names[index] for index in outcome.winners]}
    if isinstance(outcome, Scored):
        told["scores"] = {names[index]: number(score) for index, score in enumerate(outcome.scores)}
    elif isinstance(outcome, Ordered):
        told["order"] = [names[index] for index in outcome.order]
        if outcome.paths:
            told["paths"] = [list(row) for row in outcome.paths]
        else:
            told["locked"] = [[names[winner], names[loser]] for winner, loser in outcome.locked]
    else:
        if outcome.quota is not None:
            told["quota"] = outcome.quota
        told["rounds"] = [_round(each, names) for each in outcome.rounds]
    told["ties"] = ties_told(outcome.ties, names)
    return told


def _round(each: Round, names: Sequence[str]) -> Told:
    return {
        "votes": {names[index]: number(votes) for index, votes in each.votes},
        "elected": [names[index] for index in each.elected],
        "excluded": None if each.excluded is None else names[each.excluded],
        "surplus_of": None if each.surplus_of is None else names[each.surplus_of],
        "exhausted": number(each.exhausted),
        "lost": number(each.lost),
    }


def ties_told(ties: Iterable[Tie], names: Sequence[str]) -> list[Told]:
    """Write ties: what was decided, in which round or place, among whom as drawn, and for (last: against) whom."""
    return [
        {
            "at": str(tie.at),
            "round": tie.round,
            "among": [names[index] for index in tie.among],
            "chosen": names[tie.chosen],
        }
        for tie in ties
    ]
