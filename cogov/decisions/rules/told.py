"""What the count of a method says to people: plain sentences first, from whole numbers and fractions alone.

The count is what `count/closing.py` returned: options by position, decimals as fractions. Nothing here loads numpy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from cogov.decisions.rules.methods import DECIDER_WORDS, METHOD_WORDS, SEATED, BallotForm, DecidingCount, Method
from cogov.decisions.rules.sums import number
from cogov.ground.words import Words, say

Told = Mapping[str, Any]
Labels = Sequence[str]
"""What the options are called, the first at position 1."""

RANKINGS = (DecidingCount.SCHULZE, DecidingCount.RANKED_PAIRS, DecidingCount.IRV, DecidingCount.BORDA)


def yuan(fen: int) -> str:
    """Write money exactly, without decimals where there are none."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen // 100:,}.{fen % 100:02d}"


def names(labels: Labels, positions: Sequence[int]) -> str:
    """Return how options are called, one after the other."""
    return "、".join(labels[position - 1] for position in positions)


def amount(value: int | str) -> str:
    """Write a number as people read it: whole, or with two decimals, cut and not rounded."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return number(exact.numerator)
    hundredths = exact.numerator * 100 // exact.denominator
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


def headline(form: BallotForm, count: Told, labels: Labels) -> Words:
    """Say in one sentence what came out."""
    winners = names(labels, count["winners"])
    if not winners:
        return say("没有选出哪一项")
    if form.method in SEATED:
        return say("选出：{names}", names=winners)
    if form.method is Method.BUDGET:
        return say("资助：{names}", names=winners)
    return say("选定：{names}", names=winners)


def sentences(form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    """Say how it came out, in the order in which somebody would ask."""
    said = [_basis(form)]
    if not count["winners"]:
        said.append(say("没有一张选票选了哪一项。"))
    else:
        said += _HOW[form.method](form, count, labels)
    if count["blank"]:
        said.append(say("空白票 {n} 张：算参加，不选哪一项。", n=number(count["blank"])))
    return said + [_tie(tie, labels) for tie in ties_of(form, count)]


def _basis(form: BallotForm) -> Words:
    if form.decider is None:
        return say("选票：{method}。", method=METHOD_WORDS[form.method])
    return say(
        "选票：{method}；投票前定好作数的计法：{decider}。",
        method=METHOD_WORDS[form.method],
        decider=DECIDER_WORDS[form.decider],
    )


def deciding(form: BallotForm, count: Told) -> Told:
    """Return the result of the count that decides."""
    if form.method is Method.BUDGET:
        rules: Told = count["rules"]
        return dict(rules[form.decider or DecidingCount.EQUAL_SHARES])
    if form.method is Method.SCORE:
        return count
    methods: Told = count["methods"]
    return dict(methods[form.decider or form.method])


def ties_of(form: BallotForm, count: Told) -> Sequence[Told]:
    """Return the ties that the deciding count broke."""
    return deciding(form, count)["ties"] if count["winners"] else ()


def _tie(tie: Told, labels: Labels) -> Words:
    facts = {"among": names(labels, tie["among"]), "chosen": names(labels, [tie["chosen"]])}
    if tie["at"] == "last":
        return say("末位平手：{among}。按公告的指纹排出的先后，{chosen} 先退出。", **facts)
    return say("平手：{among}。按公告的指纹排出的先后，先取 {chosen}。", **facts)


# Method by method ---------------------------------------------------------------------------------------------------


def _approved(_form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    scores = count["methods"]["approval"]["scores"]
    (winner,) = count["winners"]
    return [
        say(
            "赞成“{name}”的最多：{n} 户，参加的 {m} 户。",
            name=labels[winner - 1],
            n=number(scores[str(winner)]),
            m=number(count["ballots"]),
        )
    ]


def _scored(form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    (winner,) = count["winners"]
    return [
        say(
            "“{name}”的总分最高：{n} 分（每户 0 到 {top} 分；没有打分的算 0 分）。",
            name=labels[winner - 1],
            n=number(count["scores"][winner - 1]),
            top=form.top,
        )
    ]


def _elected(_form: BallotForm, count: Told, _labels: Labels) -> list[Words]:
    result = count["methods"]["stv"]
    return [
        say(
            "够 {quota} 票就当选；多出来的票按比例转给下一个，没有可转的，就淘汰票最少的，一共 {n} 轮。",
            quota=number(result["quota"]),
            n=len(result["rounds"]),
        )
    ]


def _seated(form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    how = {
        DecidingCount.PAV: say("一个一个选：每张选票上第 k 个当选的人值 1/k，谁加得最多选谁，所以小群体也有人代表。"),
        DecidingCount.PHRAGMEN: say("一个一个选：当选一个重 1，由支持的人分担，担得最重的人尽量轻。"),
    }
    said = [how[form.decider or DecidingCount.PAV]]
    other = next(decider for decider in how if decider is not form.decider)
    chosen = count["methods"][other]["winners"]
    if sorted(chosen) != sorted(count["winners"]):
        said.append(_another(other, labels, chosen))
    return said


def _another(decider: DecidingCount, labels: Labels, winners: Sequence[int]) -> Words:
    return say("用“{decider}”会是：{names}。", decider=DECIDER_WORDS[decider], names=names(labels, winners))


def _funded(form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    result = deciding(form, count)
    said = [
        say(
            "资助 {n} 项，共 {cost} 元；预算 {budget} 元，剩 {left} 元。",
            n=len(result["winners"]),
            cost=yuan(result["cost"]),
            budget=yuan(count["budget"]),
            left=yuan(count["budget"] - result["cost"]),
        )
    ]
    if "share" in result:
        said.append(_shared(count, Fraction(result["share"])))
    said += [_got(projects, voters) for projects, voters in result.get("got", ())]
    for decider in (DecidingCount.EQUAL_SHARES, DecidingCount.GREEDY):
        other = count["rules"][decider]["winners"]
        if decider is not form.decider and sorted(other) != sorted(result["winners"]):
            said.append(_another(decider, labels, other))
    return said


def _shared(count: Told, share: Fraction) -> Words:
    """Say how the money was shared out: equally, and as much more for each as the budget could still bear."""
    first = Fraction(count["budget"], count["ballots"] - count["blank"])
    if share == first:
        return say(
            "钱平均分给每个投票的人，一人 {share} 元；支持一个项目的人合起来付得起，项目就能做。",
            share=amount(str(share / 100)),
        )
    return say(
        "钱平均分给每个投票的人，一人 {first} 元；支持一个项目的人合起来付得起，项目就能做。"
        "这样分完还剩钱，就把每人的份额往上加，加到 {share} 元为止，再加就超出预算。",
        first=amount(str(first / 100)),
        share=amount(str(share / 100)),
    )


def _got(projects: int, voters: int) -> Words:
    if projects:
        return say("{voters} 人选的项目里，有 {n} 项得到资助。", voters=number(voters), n=projects)
    return say("{voters} 人选的项目一项也没有得到资助。", voters=number(voters))


def steps(form: BallotForm, count: Told) -> list[tuple[bool, Words]]:
    """Return, project by project as its turn came, whether it is funded and why."""
    result = deciding(form, count) if count["winners"] else {"steps": ()}
    return [(step["funded"], _in_yuan(*step["says"])) for step in result["steps"]]


def _in_yuan(msgid: str, params: Mapping[str, Any]) -> Words:
    """Return a sentence of the count, which knows no currency, as people read it here."""
    return Words(IN_YUAN.get(msgid, Words(msgid)).msgid, tuple(sorted(params.items())))


IN_YUAN: Mapping[str, Words] = {
    say("“{name}”要 {cost}，比全部预算还多。").msgid: say("“{name}”要 {cost} 元，比全部预算还多。"),
    say("“{name}”要 {cost}，{n} 人支持，每人出 {price}。").msgid: say(
        "“{name}”要 {cost} 元，{n} 人支持，每人出 {price} 元。"
    ),
    say("“{name}”要 {cost}，{n} 人支持，每人最多出 {price}；不够的出完剩下的，有 {m} 人因此出完了。").msgid: say(
        "“{name}”要 {cost} 元，{n} 人支持，每人最多出 {price} 元；不够的出完剩下的，有 {m} 人因此出完了。"
    ),
    say("“{name}”要 {cost}，支持的 {n} 人合起来还剩 {had}，差 {missing}。").msgid: say(
        "“{name}”要 {cost} 元，支持的 {n} 人合起来还剩 {had} 元，差 {missing} 元。"
    ),
    say("“{name}”有 {n} 票，要 {cost}，轮到时还有 {had}，够。").msgid: say(
        "“{name}”有 {n} 票，要 {cost} 元，轮到时还有 {had} 元，够。"
    ),
    say("“{name}”有 {n} 票，要 {cost}，轮到时还有 {had}，不够。").msgid: say(
        "“{name}”有 {n} 票，要 {cost} 元，轮到时还有 {had} 元，不够。"
    ),
}
"""The sentences of `count/accounting.py`, with the currency in which a place gives out its money."""


# Several counts of one ranking ----------------------------------------------------------------------------------------


def _ranked(form: BallotForm, count: Told, labels: Labels) -> list[Words]:
    methods = count["methods"]
    (mine,) = count["winners"]
    same = [decider for decider in RANKINGS if methods[decider]["winners"] == [mine]]
    if len(same) == len(RANKINGS):
        said = [say("四种计法选出的都是“{name}”。", name=labels[mine - 1])]
    else:
        said = [
            _another(decider, labels, methods[decider]["winners"])
            for decider in RANKINGS
            if decider not in same and decider is not form.decider
        ]
    return [*said, *why_they_differ(count, labels)]


def why_they_differ(count: Told, labels: Labels) -> list[Words]:
    """Say what each count looks at, where they do not agree, with the numbers that make the difference."""
    methods = count["methods"]
    winners = {methods[decider]["winners"][0] for decider in RANKINGS}
    beats_all = methods["condorcet"]["winners"]
    if len(winners) == 1 and beats_all:
        return [say("“{name}”一对一胜过其余每一项。", name=labels[beats_all[0] - 1])]
    said = [_each_against_each(count, labels, beats_all)]
    reference = beats_all[0] if beats_all else methods[DecidingCount.SCHULZE]["winners"][0]
    if methods[DecidingCount.IRV]["winners"][0] != reference:
        said.append(_left_early(methods[DecidingCount.IRV], reference, labels))
    if methods[DecidingCount.BORDA]["winners"][0] != reference:
        said.append(_on_average(methods[DecidingCount.BORDA], reference, labels))
    return said


def _each_against_each(count: Told, labels: Labels, beats_all: Sequence[int]) -> Words:
    if beats_all:
        return say("“{name}”一对一胜过其余每一项，所以舒尔茨法和排序对法选它。", name=labels[beats_all[0] - 1])
    return say("没有一项一对一胜过其余每一项（见下表）；舒尔茨法和排序对法各按最强的几对来定，结果可能不同。")


def _left_early(irv: Told, reference: int, labels: Labels) -> Words:
    for turn, each in enumerate(irv["rounds"], start=1):
        if each["excluded"] == reference:
            return say(
                "逐轮淘汰只看每一轮的第一选择：“{name}”在第 {turn} 轮只有 {n} 张，先被淘汰。",
                name=labels[reference - 1],
                turn=turn,
                n=amount(each["votes"][str(reference)]),
            )
    return say("逐轮淘汰只看每一轮的第一选择，最后一轮“{name}”的票少。", name=labels[reference - 1])


def _on_average(borda: Told, reference: int, labels: Labels) -> Words:
    winner = borda["winners"][0]
    return say(
        "波达计数看每张选票上排得多靠前：“{name}”{n} 分，“{other}”{m} 分。",
        name=labels[winner - 1],
        n=amount(borda["scores"][str(winner)]),
        other=labels[reference - 1],
        m=amount(borda["scores"][str(reference)]),
    )


_HOW = {
    Method.APPROVAL: _approved,
    Method.SCORE: _scored,
    Method.STV: _elected,
    Method.COMMITTEE: _seated,
    Method.BUDGET: _funded,
    Method.RANKED: _ranked,
}


# Consent --------------------------------------------------------------------------------------------------------------


def is_blocked(form: BallotForm, blocks: int, ballots: int) -> bool:
    """Say whether a consent is stopped: more blocks than the share that was announced, or any where it is a veto."""
    return blocks > form.blocked_above * ballots


def blocked_words(count: Told) -> Words:
    """Say what the blocks came to."""
    facts = (("n", number(count["blocks"])), ("m", number(count["ballots"])))
    if count["blocked"]:
        return replace(_STOPPED, params=facts)
    return replace(_NOT_STOPPED if count["blocks"] else _NOBODY, params=facts)


_STOPPED = say("参加的 {m} 户里 {n} 户阻止，方案停下来，回到协商。")
_NOT_STOPPED = say("参加的 {m} 户里 {n} 户阻止，没有超过事先定的比例。")
_NOBODY = say("参加的 {m} 户里没有人阻止。")
