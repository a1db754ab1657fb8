"""Decisions as the macros draw them: rule card, gauges, board, table; finished text and integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from cogov.decisions.forms import item_question
from cogov.decisions.models import DecisionOption
from cogov.decisions.queries import DecisionRow, DecisionShown, MotionShown, Phase, Summary
from cogov.decisions.rules.law import DecisionRule, force_sentence
from cogov.decisions.rules.outcome import Test, TestName, participation_tests
from cogov.decisions.rules.shortage import Sight
from cogov.decisions.rules.stages import AdoptAnswer
from cogov.decisions.rules.sums import (
    ANSWERS,
    AREA_TESTS,
    ITEM_NUMERALS,
    missing_metres,
    percent,
    share,
    square_metres,
    verdict_words,
    whole_metres,
)
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.views.current import bp
from cogov.ground.pages import moment, words
from cogov.ground.words import Words

# The rule -----------------------------------------------------------------------------------------------------------


def rule_of(rule: DecisionRule, item: int | None, sealed_text: str = "") -> dict[str, Any]:
    """Return the rule card: two sentences, the article, the force in this place, how ballots are kept."""
    article = rule.article
    if item is not None:
        article = gettext("%(article)s第一款第（%(item)s）项", article=rule.article, item=ITEM_NUMERALS[item - 1])
    return {
        "heading": words(Words(rule.name)),
        "headed": True,
        "sentences": [words(sentence) for sentence in rule.sentences],
        "article": article,
        "force_text": words(force_sentence(rule.force)),
        "sealed_text": " ".join(part for part in (named_text(), sealed_text) if part),
    }


def named_text() -> str:
    """Say how ballots are kept, and who may see them when."""
    return gettext(
        "实名表决：截止前谁也看不到选择；截止后各户的选择存在业委会或居委会，只给有权查阅的人看，网页上没有。"
    )


def sealed_text(shown: DecisionShown) -> str:
    """Say since when rule, options and electorate are frozen, and under which fingerprint."""
    return gettext(
        "规则、选项和名册 %(at)s 起封存，指纹 %(fingerprint)s。",
        at=moment(shown.decision.notice_at),
        fingerprint=shown.decision.fingerprint[:12],
    )


# Gauges -------------------------------------------------------------------------------------------------------------


def _amounts(area: bool) -> tuple[str, Any]:
    return ("m²", square_metres) if area else (gettext("户"), str)


def gauge(label: str, part: int, total: int, test: Test | None, *, area: bool, result: bool) -> dict[str, Any]:
    """Return one gauge: a part of a total, the number it needs, and what is missing or to spare."""
    unit, exact = _amounts(area)
    return {
        "label": label,
        "unit": unit,
        "part": part,
        "total": total,
        "need": test.need if test else None,
        "part_text": exact(part) if result or not area else whole_metres(part),
        "total_text": exact(total),
        "need_text": _need_text(test, area=area) if test else "",
        "missing_text": _missing_text(test, area=area) if test else "",
        "share_text": percent(part, total) if result else "",
        "hatched": area,
        "met": test.met if test else False,
    }


def _need_text(test: Test, *, area: bool) -> str:
    unit, exact = _amounts(area)
    values = {"share": share(test.threshold), "need": exact(test.need), "unit": unit}
    if test.inclusive:
        return gettext("%(share)s 要 %(need)s %(unit)s", **values)
    return gettext("超过 %(share)s，要 %(need)s %(unit)s", **values)


def _missing_text(test: Test, *, area: bool) -> str:
    unit, exact = _amounts(area)
    if test.met:
        return gettext("够了，多 %(n)s %(unit)s", n=exact(test.part - test.need), unit=unit)
    return gettext("还差 %(n)s %(unit)s", n=missing_metres(test.missing) if area else test.missing, unit=unit)


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
    )
    if not shown.rule.counts_area:
        return [heads]
    area = tests.get(TestName.PARTICIPATION_AREA)
    return [heads, gauge(gettext("面积"), turnout.area, shown.totals.area, area, area=True, result=False)]


def result_gauges(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return the gauges of a result, those of heads and those of area apart."""
    if shown.result is None:
        return []
    tests = {test.name: test for test in shown.result.tests}
    turnout = shown.result.turnout
    groups = [_result_group(False, turnout.heads, shown.totals.heads, tests)]
    if shown.rule.counts_area:
        groups.append(_result_group(True, turnout.area, shown.totals.area, tests))
    return groups


def _result_group(area: bool, part: int, total: int, tests: dict[TestName, Test]) -> dict[str, Any]:
    names = [name for name in TestName if (name in AREA_TESTS) is area]
    gauges = [gauge(gettext("参加"), part, total, tests.get(names[0]), area=area, result=True)]
    if passing := tests.get(names[1]):
        gauges.append(gauge(gettext("同意"), passing.part, passing.base, passing, area=area, result=True))
    return {"title": gettext("面积") if area else gettext("人数"), "gauges": gauges}


# The board and the table --------------------------------------------------------------------------------------------


def facades(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return a façade for each building; windows are lit by count, and not at all where no figure may be shown."""
    if shown.running is None:
        return []
    return [
        {
            "name": line.name,
            "floors": line.floors,
            "windows": line.row.units,
            "lit": line.row.voted,
            "text": words(line.row.words),
        }
        for line in shown.running.rows
        if line.row.staircase is None
    ]


def staircases(shown: DecisionShown) -> list[list[str]]:
    """Return the staircases whose figures may be shown."""
    if shown.running is None:
        return []
    return [
        [
            gettext("%(building)s %(staircase)s 单元", building=line.name, staircase=line.row.staircase),
            words(line.row.words),
        ]
        for line in shown.running.rows
        if line.row.staircase is not None and line.row.sight is Sight.FIGURE
    ]


def result_table(shown: DecisionShown) -> dict[str, Any]:
    """Return how the options were counted: heads, area, and their shares of those who took part."""
    if shown.result is None:
        return {}
    turnout, counts_area = shown.result.turnout, shown.rule.counts_area
    head: list[Any] = [gettext("选择"), _number(gettext("户")), _number(gettext("占参加户"))]
    if counts_area:
        head += [_number(gettext("面积 m²")), _number(gettext("占参加面积"))]
    rows = [
        _counted(option.label, Turnout(option.heads or 0, option.area or 0), turnout, counts_area)
        for option in shown.result.options
    ]
    return {"head": head, "rows": rows, "sum": _counted(gettext("合计"), turnout, turnout, counts_area)}


def _number(label: str) -> dict[str, Any]:
    return {"label": label, "number": True}


def _counted(label: str, got: Turnout, turnout: Turnout, counts_area: bool) -> list[str]:
    cells = [label, str(got.heads), percent(got.heads, turnout.heads)]
    return [*cells, square_metres(got.area), percent(got.area, turnout.area)] if counts_area else cells


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
    return [{"label": o.label, "text": o.consequence} for o in motion.options]


@bp.app_template_global()
def checks(missing: Iterable[str]) -> list[dict[str, Any]]:
    """Return what is missing before a notice, for the checklist."""
    return [{"text": text, "met": False} for text in missing]


@bp.app_template_global()
def answer_words(answer: AdoptAnswer) -> str:
    """Return how a body's answer is called."""
    return words(ANSWERS[answer])


@bp.app_template_global()
def verdict_heading(shown: DecisionShown) -> str:
    """Return the result in one line."""
    verdict = words(verdict_words(shown.result.verdict, shown.rule.force)) if shown.result else ""
    return gettext("%(verdict)s：%(question)s", verdict=verdict, question=shown.decision.question)


@bp.app_template_global()
def verdict_sentence(shown: DecisionShown) -> str:
    """Say the result with its heads, option by option."""
    if shown.result is None:
        return ""
    counted = "，".join(gettext("%(n)s 户%(label)s", n=o.heads or 0, label=o.label) for o in shown.result.options)
    return gettext("%(n)s 户参加：%(counted)s。", n=shown.result.turnout.heads, counted=counted)


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
        "mine": _mine(row),
    }


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
