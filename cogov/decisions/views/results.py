"""A result as it is drawn: its verdict for what it is worth, its gauges, its table, its sums, and what comes next."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import format_date, gettext

from cogov.decisions.queries import DecisionShown, ResolutionShown
from cogov.decisions.queries.bulletin import closing_of
from cogov.decisions.queries.classes import NamedRow, classes_shown
from cogov.decisions.rules.ballots import Choice
from cogov.decisions.rules.classes import TENURE_WORDS, row_words
from cogov.decisions.rules.law import Annuller, Body, Force, Secrecy, force_sentence, heads_unit
from cogov.decisions.rules.outcome import PARTICIPATION, Test, TestName
from cogov.decisions.rules.shortage import Sight
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.sums import (
    ANSWERS,
    AREA_TESTS,
    number,
    percent,
    product_of,
    sentence_of,
    square_metres,
    verdict_words,
)
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.told import blocked_words
from cogov.decisions.views.methods import method_result
from cogov.decisions.views.shown import gauge
from cogov.ground.pages import dossier_url, moment, words

# The verdict --------------------------------------------------------------------------------------------------------


_BINDS = frozenset({Force.BINDING, Force.INTERNAL})


def verdict_of(shown: DecisionShown) -> dict[str, Any]:
    """Return the verdict: under a seal where something was decided, in plain outline where people were asked."""
    assert shown.result is not None
    verdict, force = shown.result.verdict, shown.rule.force
    method = method_result(shown)
    if method is not None and verdict is not Verdict.NO_QUORUM:
        return {
            "seal": "passed" if verdict is Verdict.PASSED and force in _BINDS else "",
            "plain": [gettext("结果"), gettext("已有") if verdict is Verdict.PASSED else gettext("没有")],
            "heading": method["heading"],
            "sentence": gettext("%(question)s：%(n)s 户参加。", question=shown.decision.question, n=_part(shown)),
            "lines": [words(force_sentence(force, shown.rule.body)), *_court(shown)],
        }
    return {
        "seal": ("passed" if verdict is Verdict.PASSED else "failed") if force in _BINDS else "",
        "plain": [gettext("意向"), gettext("已达到") if verdict is Verdict.PASSED else gettext("未达到")],
        "heading": verdict_heading(shown),
        "sentence": f"{_heads_words(shown)}{_tests_words(shown)}",
        "lines": [words(force_sentence(force, shown.rule.body)), *_court(shown)],
    }


def _part(shown: DecisionShown) -> str:
    assert shown.result is not None
    return number(shown.result.turnout.heads)


def verdict_heading(shown: DecisionShown) -> str:
    """Return the result in one line."""
    verdict = words(verdict_words(shown.result.verdict, shown.rule.force)) if shown.result else ""
    return gettext("%(verdict)s：%(question)s", verdict=verdict, question=shown.decision.question)


def _heads_words(shown: DecisionShown) -> str:
    assert shown.result is not None
    agreed = next((o.heads or 0 for o in shown.result.options if o.key == Choice.AGREE), None)
    part = number(shown.result.turnout.heads)
    if agreed is None:
        return _leading_words(shown, part)
    if shown.rule.body is Body.ORGANIZATIONS:
        return gettext("%(n)s 家参加，%(agreed)s 家同意。", n=part, agreed=number(agreed))
    return gettext("%(n)s 户参加，%(agreed)s 户同意。", n=part, agreed=number(agreed))


def _leading_words(shown: DecisionShown, part: str) -> str:
    """Say of named options which has most, as nobody agrees to all of them; of a tie only how many took part."""
    assert shown.result is not None
    first, second = sorted(shown.result.options, key=lambda option: -(option.heads or 0))[:2]
    organizations = shown.rule.body is Body.ORGANIZATIONS
    if first.heads == second.heads:
        return gettext("%(n)s 家参加。", n=part) if organizations else gettext("%(n)s 户参加。", n=part)
    told = {"n": part, "option": first.label, "most": number(first.heads or 0)}
    if organizations:
        return gettext("%(n)s 家参加，选“%(option)s”的最多，%(most)s 家。", **told)
    return gettext("%(n)s 户参加，选“%(option)s”的最多，%(most)s 户。", **told)


def _tests_words(shown: DecisionShown) -> str:
    assert shown.result is not None
    both = shown.rule.counts_area
    match shown.result.verdict:
        case Verdict.PASSED if shown.rule.has_quorum:
            return gettext("人数、面积两样都够数，也都够票。") if both else gettext("够数，也够票。")
        case Verdict.PASSED:
            agrees = any(option.key == Choice.AGREE for option in shown.result.options)
            return gettext("同意的过了线。") if agrees else gettext("它过了线。")
        case Verdict.NO_QUORUM:
            return gettext("参加的没有够数，所以什么也没有决定。")
        case Verdict.FAILED if shown.result.count.get("blocked"):
            return words(blocked_words(shown.result.count))
        case _ if both:
            return gettext("人数、面积两样都要过线才算，没有都过。")
        case _:
            return gettext("同意的没有过线。")


def _court(shown: DecisionShown) -> list[str]:
    if shown.rule.force is not Force.BINDING or Annuller.COURT not in shown.rule.may_annul:
        return []
    return [gettext("觉得决定侵害了自己权益的业主，可以在知道之日起一年内请求法院撤销（民法典第280条）。")]


# The count ----------------------------------------------------------------------------------------------------------


def result_gauges(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return the gauges of a result, those of heads and those of area apart."""
    if shown.result is None:
        return []
    tests = {test.name: test for test in shown.result.tests}
    turnout = shown.result.turnout
    body = shown.rule.body
    groups = [_result_group(False, turnout.heads, shown.totals.heads, tests, body)]
    if shown.rule.counts_area:
        groups.append(_result_group(True, turnout.area, shown.totals.area, tests, body))
    return groups


def _result_group(area: bool, part: int, total: int, tests: dict[TestName, Test], body: Body) -> dict[str, Any]:
    names = [name for name in TestName if (name in AREA_TESTS) is area]
    drawn = partial(gauge, area=area, result=True, body=body)
    gauges = [drawn(gettext("参加"), part, total, tests.get(names[0]))]
    if passing := tests.get(names[1]):
        gauges.append(drawn(gettext("同意"), passing.part, passing.base, passing))
    heads = gettext("单位数") if body is Body.ORGANIZATIONS else gettext("人数")
    return {"title": gettext("面积") if area else heads, "gauges": gauges}


def result_table(shown: DecisionShown) -> dict[str, Any]:
    """Return how the options were counted: heads, area, and their shares of those who took part."""
    if shown.result is None or shown.form.counted_apart:
        return {}
    turnout, counts_area = shown.result.turnout, shown.rule.counts_area
    labels = [gettext("户"), gettext("面积 m²"), gettext("占参加户"), gettext("占参加面积")]
    shown_labels = labels if counts_area else labels[::2]
    if shown.rule.body is Body.ORGANIZATIONS:
        shown_labels = [gettext("家"), gettext("占参加单位")]
    head = [gettext("选择"), *({"label": each, "number": True} for each in shown_labels)]
    rows = [
        _counted(option.label, Turnout(option.heads or 0, option.area or 0), turnout, counts_area)
        for option in shown.result.options
    ]
    if split := turnout.heads - sum(option.heads or 0 for option in shown.result.options):
        rows.append(_counted(gettext("共有人没有过半一致"), Turnout(split, 0), turnout, counts_area))
    return {"head": head, "rows": rows, "sum": _counted(gettext("合计"), turnout, turnout, counts_area)}


def _counted(label: str, got: Turnout, turnout: Turnout, counts_area: bool) -> list[str]:
    heads, of_heads = number(got.heads), percent(got.heads, turnout.heads)
    if not counts_area:
        return [label, heads, of_heads]
    return [label, heads, square_metres(got.area), of_heads, percent(got.area, turnout.area)]


def sums_of(shown: DecisionShown) -> list[dict[str, str]]:
    """Return every test with the two products that settle it."""
    tests = shown.result.tests if shown.result else ()
    return [
        {
            "sentence": words(sentence_of(test, heads_unit(shown.rule.body))),
            "product": product_of(test),
        }
        for test in tests
    ]


# Who took part ------------------------------------------------------------------------------------------------------


def quorum_lines(shown: DecisionShown) -> list[dict[str, Any]]:
    """Say who could vote, and in numbers whether enough did."""
    if shown.result is None:
        return []
    tests = [test for test in shown.result.tests if test.name in PARTICIPATION]
    could = gettext("有权表决的：%(n)s 户", n=number(shown.totals.heads))
    if shown.rule.body is Body.ORGANIZATIONS:
        could = gettext("参加联席会议的：%(n)s 家单位", n=number(shown.totals.heads))
    if shown.rule.counts_area:
        could = gettext("%(could)s，%(area)s m²", could=could, area=square_metres(shown.totals.area))
    lines = [{"met": None, "text": gettext("%(could)s；名册从公告那一刻起封存。", could=could)}]
    if not tests:
        text = gettext("这条规则不设参与门槛；参加的 %(n)s 户。", n=number(shown.result.turnout.heads))
        return [*lines, {"met": None, "text": text}]
    return [*lines, *({"met": test.met, "text": _quorum_words(test, shown.rule.body)} for test in tests)]


def _quorum_words(test: Test, body: Body) -> str:
    unit = "m²" if test.name in AREA_TESTS else words(heads_unit(body))
    exact = square_metres if test.name in AREA_TESTS else number
    values = {"need": exact(test.need), "part": exact(test.part), "unit": unit}
    if test.met:
        return gettext("够数：要 %(need)s %(unit)s 参加，参加的 %(part)s %(unit)s。", **values)
    return gettext(
        "没有够数：要 %(need)s %(unit)s 参加，参加的 %(part)s %(unit)s，还差 %(missing)s %(unit)s。",
        missing=exact(test.missing),
        **values,
    )


def who_took_part(shown: DecisionShown) -> dict[str, Any] | None:
    """Return who took part by building, staircase and tenure, as far as it gives nobody away."""
    told = classes_shown(shown.decision)
    if told is None:
        return None
    head = [gettext("楼"), {"label": gettext("参加 / 套"), "number": True}]
    return {
        "note": _counted_up_to(shown, told.told.ballots),
        "buildings": {"head": head, "rows": [_class_row(each) for each in told.rows if each.row.staircase is None]},
        "staircases": {
            "head": [gettext("单元"), head[1]],
            "rows": [
                _class_row(each)
                for each in told.rows
                if each.row.staircase is not None and each.row.sight is Sight.FIGURE
            ],
        },
        "tenures": [
            gettext(
                "%(who)s：%(units)s 户里 %(voted)s 户参加",
                who=words(TENURE_WORDS[row.tenure]),
                units=number(row.units),
                voted=number(row.voted),
            )
            for row in told.told.tenures
        ],
    }


def _class_row(each: NamedRow) -> list[str]:
    name = each.name
    if each.row.staircase is not None:
        name = gettext("%(building)s %(staircase)s 单元", building=name, staircase=each.row.staircase)
    if each.row.voted is None:
        return [name, words(row_words(each.row))]
    return [name, f"{number(each.row.voted)} / {number(each.row.units)}"]


def _counted_up_to(shown: DecisionShown, ballots: int) -> str:
    if shown.rule.secrecy is not Secrecy.NAMED:
        return gettext("无记名表决数的是领走的投票凭证；只数多少，不对门牌。不到 10 套的合在一起。")
    if not ballots:
        return gettext("不满十张票，不分开数，免得看出是哪一家。")
    return gettext(
        "按前 %(n)s 张票数：最后不满十张的不分开数，免得看出是哪一家。只数多少，不对门牌；不到 10 套的合在一起。",
        n=number(ballots),
    )


# What comes next ----------------------------------------------------------------------------------------------------


def next_steps(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return what follows from a result: what is posted, who answers by when, what can be claimed."""
    result = shown.result
    if result is None:
        return []
    if result.resolution is None and result.verdict is Verdict.PASSED:
        return _waiting(shown)
    if result.resolution is None:
        url = dossier_url(shown.problem.number)
        return [_step(gettext("现在"), gettext("回到协商：可以改方案，再提动议"), url=url, act=gettext("回到卷宗"))]
    resolution = result.resolution
    steps = [*_posting(shown, result.at), *_answering(resolution), *_claiming(shown, resolution)]
    if not resolution.body and not resolution.tasks:
        steps.append(_step(gettext("现在"), gettext("不需要另外的任务，由提出问题的人确认结果。")))
    return steps


def _waiting(shown: DecisionShown) -> list[dict[str, Any]]:
    closing = closing_of(shown.decision.id)
    if closing is None or closing.objections_until is None or closing.annulled_at is not None:
        return [_step(gettext("现在"), gettext("结果没有效力。"))]
    what = gettext("公示结果、收异议；到期并且异议都答复了，决议生效")
    return [_step(gettext("%(at)s 前", at=moment(closing.objections_until)), what, gettext("发布公告的单位"))]


def _step(when: str, what: str, who: str = "", **more: Any) -> dict[str, Any]:
    return {"when": when, "what": what, "who": who, "pill": None, "url": "", "act": "", **more}


def _posting(shown: DecisionShown, closed_at: datetime) -> list[dict[str, Any]]:
    if shown.rule.force is Force.ADVISORY:
        return []
    until = closed_at + timedelta(days=shown.rule.publication_days)
    by = gettext("%(at)s 前", at=format_date(until, gettext("M月d日")))
    return [_step(by, gettext("在小区里张贴结果"), gettext("发布公告的单位"))]


def _answering(resolution: ResolutionShown) -> list[dict[str, Any]]:
    if not resolution.body:
        return []
    when = gettext("%(at)s 前", at=moment(resolution.due_at)) if resolution.due_at else ""
    if resolution.answer is not None:
        when = moment(resolution.answered_at)
        pill = ("body", "circle-check", words(ANSWERS[resolution.answer]))
    elif resolution.overdue:
        pill = ("late", "alert-triangle", gettext("逾期没有答复"))
    else:
        pill = ("time", "clock", gettext("等答复"))
    act = {}
    if resolution.why_not_answer is None:
        act = {"url": url_for("decisions.answer", resolution_id=resolution.id), "act": gettext("答复决议")}
    what = gettext("答复：%(act)s", act=resolution.public_act)
    return [_step(when, what, resolution.body, body=True, pill=pill, reason=resolution.reason, **act)]


def _claiming(shown: DecisionShown, resolution: ResolutionShown) -> list[dict[str, Any]]:
    url = dossier_url(shown.problem.number, tab="tasks")
    return [
        _step(
            gettext("认领后 %(n)s 天内", n=task.days),
            task.title,
            gettext("要 %(n)s 人", n=task.slots),
            url=url,
            act=gettext("看任务"),
        )
        for task in resolution.tasks
    ]
