"""Ballots and results of the methods as they are drawn: what can be marked, and how the marks were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from cogov.decisions.queries import DecisionShown
from cogov.decisions.rules.arranging import in_order
from cogov.decisions.rules.methods import (
    CHECKING,
    DECIDER_WORDS,
    METHOD_WORDS,
    RANKING,
    SEATED,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
    block_meaning,
)
from cogov.decisions.rules.sums import number, percent
from cogov.decisions.rules.told import (
    RANKINGS,
    amount,
    deciding,
    headline,
    sentences,
    steps,
    yuan,
)
from cogov.ground.pages import words

Table = dict[str, Any]


# The ballot ---------------------------------------------------------------------------------------------------------


def method_ballot(shown: DecisionShown) -> dict[str, Any]:
    """Return how the ballot is marked: the control, what may be marked, and what is said above it."""
    form = shown.form
    return {
        "kind": _kind(form),
        "says": ballot_sentences(form, len(shown.options)),
        "ranks": [(rank, gettext("第 %(n)s 名", n=rank)) for rank in range(1, (form.most or len(shown.options)) + 1)],
        "points": list(range(form.top + 1)),
        "options": [
            _option(option.position, option.label, option.consequence, option.cost) for option in shown.options
        ],
        "blank": form.blank,
        "reason": _reason(form),
        "budget": yuan(form.budget) if form.budget else "",
        "yuan": yuan,
        # One rank for several cannot be said by an order; there each option has its list of ranks.
        "order": in_order if form.method in RANKING and not form.ties else None,
        "ranks_given": form.most or len(shown.options),
    }


def _kind(form: BallotForm) -> str:
    if form.method in RANKING:
        return "ranks"
    if form.method in CHECKING:
        return "checks"
    return "points" if form.method is Method.SCORE else "one"


def _option(position: int, label: str, consequence: str, cost: int) -> dict[str, Any]:
    costs = gettext("%(yuan)s 元", yuan=yuan(cost)) if cost else ""
    return {"position": position, "label": label, "consequence": consequence, "cost": cost, "costs": costs}


def _reason(form: BallotForm) -> dict[str, Any] | None:
    if form.reason is ReasonAsked.NO and not form.is_open:
        return None
    if form.is_open:
        seen = gettext("表决进行中大家就看得到，不写是谁。选“阻止”一定要写。")
        if form.hidden:
            seen = gettext("投了的人就看得到，截止后大家都看得到，不写是谁。选“阻止”一定要写。")
    else:
        seen = gettext("您同意公开，才会公开；不写是谁。")
    return {
        "label": form.prompt or gettext("理由"),
        "hint": seen,
        "optional": form.reason is not ReasonAsked.REQUIRED,
        "asks": not form.is_open,
    }


def ballot_sentences(form: BallotForm, options: int) -> list[str]:
    """Say how a ballot is marked and how it will be counted; said in the notice and again above the ballot."""
    says = [_marking(form, options)]
    if form.method in SEATED:
        says.append(gettext("要选出 %(n)s 个。", n=form.seats))
    if form.method is Method.BUDGET:
        says.append(gettext("一共 %(yuan)s 元。选多少都可以，加起来超过预算也可以。", yuan=yuan(form.budget)))
    if form.decider is not None:
        says.append(gettext("作数的计法：%(decider)s，投票前已定。", decider=words(DECIDER_WORDS[form.decider])))
    if form.is_open:
        says.append(words(block_meaning(form)))
        says.append(_seen(form))
    return says


def _seen(form: BallotForm) -> str:
    if form.hidden:
        return gettext("您投了以后，就看得到别人选了什么、理由是什么；没有投的，截止后才看得到。")
    return gettext("这是公开的一轮：进行中就看得到各有多少、理由是什么。")


def _marking(form: BallotForm, options: int) -> str:
    if form.method in RANKING:
        equal = gettext("几项可以排在同一名次。") if form.ties else ""
        return gettext("最想要的排第 1 名，再往下排；排几个都可以，没有排的算在最后。") + equal
    if form.method is Method.SCORE:
        return gettext("给每一项打 0 到 %(top)s 分，分数越高越赞成；没有打的算 0 分。", top=form.top)
    if form.method in CHECKING:
        if form.most and form.most < options:
            return gettext("赞成的都勾上，最多 %(n)s 项。", n=form.most)
        return gettext("赞成的都勾上，勾几项都可以。")
    return gettext("选一项。")


def method_words(form: BallotForm) -> str:
    """Return how a method is called."""
    return words(METHOD_WORDS[form.method])


def open_round(shown: DecisionShown) -> dict[str, Any] | None:
    """Return what everybody sees of a consent while it runs."""
    if shown.round is None:
        return None
    whole = sum(heads for _, heads in shown.round.counts)
    rows = [[option.label, number(heads)] for option, heads in shown.round.counts]
    return {
        "table": _table([gettext("选择"), gettext("户")], rows, [gettext("合计"), number(whole)]),
        "reasons": shown.round.reasons,
    }


# The result -----------------------------------------------------------------------------------------------------------


def method_result(shown: DecisionShown) -> dict[str, Any] | None:
    """Return how a count by a method came out: in plain words first, then in tables; None where there was none."""
    if shown.result is None or not shown.form.counted_apart or not shown.result.count:
        return None
    labels, count = [option.label for option in shown.options], shown.result.count
    tables = _TABLES[shown.form.method](shown.form, count, labels) if count["winners"] else []
    return {
        "heading": words(headline(shown.form, count, labels)),
        "sentences": [words(sentence) for sentence in sentences(shown.form, count, labels)],
        "steps": [{"funded": funded, "text": words(text)} for funded, text in steps_of(shown.form, count)],
        "tables": tables,
        "seed": count["seed"],
        "drawn": "、".join(labels[position - 1] for position in count["drawn"]),
    }


def steps_of(form: BallotForm, count: Mapping[str, Any]) -> list[Any]:
    """Return why each project of a budget is funded or not; nothing of other methods."""
    return steps(form, count) if form.method is Method.BUDGET else []


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], sum_: Sequence[str] | None = None, caption: str = ""
) -> Table:
    first, *others = head
    return {
        "head": [first, *({"label": each, "number": True} for each in others)],
        "rows": list(rows),
        "sum": sum_,
        "caption": caption or gettext("各项得票"),
    }


def _approvals(_form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    scores, ballots = count["methods"]["approval"]["scores"], count["ballots"]
    got = [(label, scores[str(position)]) for position, label in enumerate(labels, start=1)]
    rows = [[label, number(heads), percent(heads, ballots)] for label, heads in got]
    return [_table([gettext("选择"), gettext("赞成户"), gettext("占参加户")], rows)]


def _points(_form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    rows = [
        [label, number(points), number(given)]
        for label, points, given in zip(labels, count["scores"], count["given"], strict=True)
    ]
    return [_table([gettext("选择"), gettext("总分"), gettext("打了分的户")], rows)]


def _rankings(_form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    methods = count["methods"]
    rows = [
        [
            words(DECIDER_WORDS[decider]),
            "、".join(labels[position - 1] for position in methods[decider]["winners"]),
            _course(methods[decider], labels),
        ]
        for decider in RANKINGS
    ]
    winner = methods["approval"]["winners"]
    rows.append([gettext("赞成（排上了就算）"), "、".join(labels[each - 1] for each in winner), ""])
    side_by_side = {
        "head": [gettext("计法"), gettext("选出"), gettext("怎么得出")],
        "rows": rows,
        "sum": None,
        "caption": gettext("几种计法并排"),
    }
    return [side_by_side, _pairs(count, labels)]


def _course(result: Mapping[str, Any], labels: Sequence[str]) -> str:
    if "order" in result:
        return " > ".join(labels[position - 1] for position in result["order"])
    if "scores" in result:
        return "；".join(f"{labels[int(each) - 1]} {amount(score)}" for each, score in result["scores"].items())
    last = result["rounds"][-1]["votes"]
    votes = "；".join(f"{labels[int(each) - 1]} {amount(votes)}" for each, votes in last.items())
    return gettext("%(n)s 轮，最后 %(votes)s", n=len(result["rounds"]), votes=votes)


def _pairs(count: Mapping[str, Any], labels: Sequence[str]) -> Table:
    rows = [
        [label, *("—" if place == other else number(votes) for other, votes in enumerate(row))]
        for place, (label, row) in enumerate(zip(labels, count["pairwise"], strict=True))
    ]
    head = [gettext("排在前 \\ 排在后"), *labels]
    return _table(head, rows, caption=gettext("一对一：每行的一项排在每列之前的选票有几张"))


def _rounds(result: Mapping[str, Any], labels: Sequence[str], caption: str) -> Table:
    rounds = result["rounds"]
    head = [gettext("候选项"), *(gettext("第 %(n)s 轮", n=turn) for turn in range(1, len(rounds) + 1))]
    rows = [[label, *(_in_round(position, each) for each in rounds)] for position, label in enumerate(labels, start=1)]
    return _table(head, rows, caption=caption)


def _in_round(position: int, each: Mapping[str, Any]) -> str:
    votes = each["votes"].get(str(position))
    if votes is None:
        return "—"
    if position in each["elected"]:
        return gettext("%(n)s 当选", n=amount(votes))
    return gettext("%(n)s 淘汰", n=amount(votes)) if each["excluded"] == position else amount(votes)


def _transfers(_form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    return [_rounds(count["methods"]["stv"], labels, gettext("每一轮各有多少票"))]


def _committee(form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    caption = gettext("一个一个选出：%(decider)s", decider=words(DECIDER_WORDS[form.decider or DecidingCount.PAV]))
    return [_rounds(deciding(form, count), labels, caption)]


def _votes(_form: BallotForm, count: Mapping[str, Any], labels: Sequence[str]) -> list[Table]:
    funded = {
        decider: count["rules"][decider]["winners"] for decider in (DecidingCount.EQUAL_SHARES, DecidingCount.GREEDY)
    }
    rows = [
        [
            label,
            number(count["votes"][position - 1]),
            *(gettext("资助") if position in winners else "—" for winners in funded.values()),
        ]
        for position, label in enumerate(labels, start=1)
    ]
    head = [gettext("项目"), gettext("支持的人"), *(words(DECIDER_WORDS[decider]) for decider in funded)]
    return [_table(head, rows, caption=gettext("两种分法并排"))]


_TABLES = {
    Method.APPROVAL: _approvals,
    Method.SCORE: _points,
    Method.RANKED: _rankings,
    Method.STV: _transfers,
    Method.COMMITTEE: _committee,
    Method.BUDGET: _votes,
}
