"""Decisions as the macros draw them: rule card, gauges, board, table; finished text and integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext

from cogov.decisions.forms.notices import item_question
from cogov.decisions.models import DecisionOption
from cogov.decisions.queries import DecisionRow, DecisionShown, MotionShown, Phase, Summary
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.delegates import delegates_sentence
from cogov.decisions.rules.interest import interest_sentence
from cogov.decisions.rules.law import Body, DecisionRule, Secrecy, force_sentence, heads_unit
from cogov.decisions.rules.methods import METHOD_WORDS, SINGLE_CHOICE, BallotForm
from cogov.decisions.rules.outcome import Test, TestName, participation_tests
from cogov.decisions.rules.stages import AdoptAnswer
from cogov.decisions.rules.sums import (
    ANSWERS,
    ITEM_NUMERALS,
    missing_metres,
    number,
    percent,
    share,
    square_metres,
    verdict_words,
    whole_metres,
)
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.told import yuan
from cogov.decisions.views.current import bp
from cogov.decisions.views.methods import ballot_sentences, method_words
from cogov.ground.pages import moment, words
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

# The rule -----------------------------------------------------------------------------------------------------------


def rule_of(
    rule: DecisionRule, item: int | None, sealed_text: str = "", form: BallotForm = SINGLE_CHOICE
) -> dict[str, Any]:
    """Return the rule card: two sentences, the article, the force in this place, how ballots are kept."""
    article = rule.article
    if item is not None:
        article = gettext("%(article)s第一款第（%(item)s）项", article=rule.article, item=ITEM_NUMERALS[item - 1])
    return {
        "heading": words(Words(rule.name)),
        "headed": True,
        "sentences": [words(sentence) for sentence in _sentences(rule, form)],
        "article": article,
        "force_text": words(force_sentence(rule.force, rule.body)),
        "notes": [words(said) for said in (interest_sentence(rule), delegates_sentence(rule)) if said is not None],
        "sealed_text": " ".join(part for part in (named_text(rule, form), sealed_text) if part),
    }


def _sentences(rule: DecisionRule, form: BallotForm) -> tuple[Words, Words]:
    """Return the two sentences of the rule; where a method counts, the winner has no line to pass."""
    enough, passing = rule.sentences
    if not form.counted_apart:
        return enough, passing
    return enough, say("二、怎样定：按“{method}”计票，选出来的就是结果", method=METHOD_WORDS[form.method])


def named_text(rule: DecisionRule, form: BallotForm = SINGLE_CHOICE) -> str:
    """Say how ballots are kept, and who may see them when."""
    if form.is_open:
        if form.hidden:
            return gettext(
                "半公开的一轮：投了的户看得到各项有多少户、写了什么理由，截止后大家都看得到；网页上不写是哪一户。"
            )
        return gettext("公开的一轮：进行中就看得到各项有多少户、写了什么理由；网页上不写是哪一户。")
    if rule.secrecy is Secrecy.CHECKABLE:
        return gettext(
            "无记名，可核对：票封好再进箱，截止后由两位监票人一起开箱。每张票带一个随机号，公布时您能找到自己的那张；别人要去了随机号，也能找到。"
        )
    if rule.secrecy is Secrecy.SECRET:
        return gettext(
            "无记名：票封好再进箱，截止后由两位监票人一起开箱。您能查到票在箱里，但谁也证明不了您投了什么，包括您自己。"
        )
    return gettext("实名表决：截止前谁也看不到选择；截止后各户的选择只给规则写明的人查阅，谁查过都有记录，网页上没有。")


def sealed_text(shown: DecisionShown) -> str:
    """Say since when rule, options and electorate are frozen, and under which fingerprint."""
    return gettext(
        "规则、选项和名册 %(at)s 起封存，指纹 %(fingerprint)s。",
        at=moment(shown.decision.notice_at),
        fingerprint=shown.decision.fingerprint[:12],
    )


# Gauges -------------------------------------------------------------------------------------------------------------


def _amounts(area: bool, heads: str) -> tuple[str, Any]:
    return ("m²", square_metres) if area else (heads, number)


def gauge(
    label: str,
    part: int,
    total: int,
    test: Test | None,
    *,
    area: bool,
    result: bool,
    body: Body = Body.HOUSEHOLDS,
) -> dict[str, Any]:
    """Return one gauge: a part of a total, the number it needs, and what is missing or to spare."""
    heads = words(heads_unit(body))
    unit, exact = _amounts(area, heads)
    return {
        "label": label,
        "unit": unit,
        "part": part,
        "total": total,
        "need": test.need if test else None,
        "part_text": exact(part) if result or not area else whole_metres(part),
        "total_text": exact(total),
        "need_text": _need_text(test, heads, area=area) if test else "",
        "missing_text": _missing_text(test, heads, area=area) if test else "",
        "share_text": percent(part, total) if result else "",
        "hatched": area,
        "met": test.met if test else False,
    }


def _need_text(test: Test, heads: str, *, area: bool) -> str:
    unit, exact = _amounts(area, heads)
    values = {"share": share(test.threshold), "need": exact(test.need), "unit": unit}
    if test.inclusive:
        return gettext("%(share)s 要 %(need)s %(unit)s", **values)
    return gettext("超过 %(share)s，要 %(need)s %(unit)s", **values)


def _missing_text(test: Test, heads: str, *, area: bool) -> str:
    unit, exact = _amounts(area, heads)
    if test.part == test.need:
        return gettext("刚好够")
    if test.met:
        return gettext("够了，多 %(n)s %(unit)s", n=exact(test.part - test.need), unit=unit)
    missing = missing_metres(test.missing) if area else number(test.missing)
    return gettext("还差 %(n)s %(unit)s", n=missing, unit=unit)


def running_gauges(shown: DecisionShown | Summary, turnout: Turnout) -> list[dict[str, Any]]:
    """Return the gauges of a running vote: heads, and area where the rule counts it; never one merged gauge."""
    tests = {test.name: test for test in participation_tests(shown.rule, shown.totals, turnout)}
    heads = gauge(
        gettext("人数"),
        turnout.heads,
        shown.totals.heads,
        tests.get(TestName.PARTICIPATION_HEADS),
        area=False,
        result=False,
        body=shown.rule.body,
    )
    if not shown.rule.counts_area:
        return [heads]
    area = tests.get(TestName.PARTICIPATION_AREA)
    return [heads, gauge(gettext("面积"), turnout.area, shown.totals.area, area, area=True, result=False)]


# What templates ask for ----------------------------------------------------------------------------------------------


@bp.app_template_global()
def decision_row(row: DecisionRow) -> dict[str, Any]:
    """Return one line of a list of decisions, for the dossier's tab."""
    return row_of(row)


@bp.app_template_global()
def ballot_options(options: Iterable[DecisionOption]) -> list[dict[str, Any]]:
    """Return the options of a ballot; none is chosen beforehand, not even the one chosen before."""
    return [{"value": o.id, "label": o.label, "consequence": o.consequence} for o in options]


@bp.app_template_global()
def motion_options(motion: MotionShown) -> list[dict[str, str]]:
    """Return what follows from each option of a motion."""
    return option_lines(motion.options)


def option_lines(options: Iterable[Option]) -> list[dict[str, str]]:
    """Return what follows from each option."""
    return [{"label": o.label, "text": _with_cost(o)} for o in options]


def _with_cost(option: Option) -> str:
    if not option.cost:
        return option.consequence
    return gettext("%(yuan)s 元。%(follows)s", yuan=yuan(option.cost), follows=option.consequence)


@bp.app_template_global()
def ballot_says(motion: MotionShown) -> list[str]:
    """Say how the ballot of a motion will be marked and counted."""
    return [method_words(motion.form), *ballot_sentences(motion.form, len(motion.options))]


@bp.app_template_global()
def checks(missing: Iterable[Refusal], number: str) -> list[dict[str, Any]]:
    """Return what is missing before a notice, for the checklist, with the way to it where there is one."""
    concerns = url_for("front.dossier", number=number, tab="concerns", _anchor="tab")
    return [
        {
            "text": words(each.message),
            "met": False,
            "url": concerns if each.code == "concerns_unanswered" else "",
            "link_text": gettext("去答复"),
        }
        for each in missing
    ]


@bp.app_template_global()
def answer_words(answer: AdoptAnswer) -> str:
    """Return how a body's answer is called."""
    return words(ANSWERS[answer])


bp.add_app_template_global(square_metres)
bp.add_app_template_global(item_question)


# Lists --------------------------------------------------------------------------------------------------------------


def row_of(row: DecisionRow) -> dict[str, Any]:
    """Return one line of a list of decisions."""
    return {
        "id": row.id,
        "title": row.question,
        "problem": row.title,
        "number": row.number,
        "rule": words(row.rule),
        "phase": row.phase.value,
        "pill": _pill(row),
        "when": _when(row),
        "missing": _missing(row),
        "short": row.missing is not None and bool(row.missing.heads or row.missing.area),
        "mine": _mine(row),
    }


def _missing(row: DecisionRow) -> str:
    return words(row.missing.words) if row.missing is not None and row.phase is Phase.OPEN else ""


def _pill(row: DecisionRow) -> tuple[str, str, str]:
    if row.verdict is not None:
        return ("plain", "gavel", words(verdict_words(row.verdict, row.force)))
    return {
        Phase.COMING: ("plain", "clock", gettext("公示中")),
        Phase.OPEN: ("ours", "checkbox", gettext("表决中")),
        Phase.COUNTING: ("time", "hourglass", gettext("计票中")),
        Phase.CLOSED: ("plain", "gavel", gettext("已截止")),
    }[row.phase]


def _when(row: DecisionRow) -> str:
    if row.phase is Phase.COMING:
        return gettext("%(at)s 开始", at=moment(row.opens_at))
    return gettext("%(at)s 截止", at=moment(row.closes_at))


def _mine(row: DecisionRow) -> str:
    if not row.my_heads:
        return ""
    if row.phase is Phase.OPEN and row.my_open_heads:
        return gettext("您有 %(n)s 票没投", n=row.my_open_heads)
    return gettext("您有 %(n)s 票", n=row.my_heads)
