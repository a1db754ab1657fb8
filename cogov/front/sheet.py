"""Public figures as a sheet that anybody can reckon with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Response
from flask_babel import format_date, gettext

from cogov.front.findings import RESIDENTS_FIRST, kind_name
from cogov.front.place import asked_days
from cogov.ground.clock import now
from cogov.ground.pages import actor, words
from cogov.oversight.queries import Figures, figures
from cogov.oversight.rules import LEGS, PARTS
from cogov.places.queries import place_by_code


def place_sheet_of(code: str) -> Response:
    """Send the figures as a sheet: every line a figure with its part, its whole and the span it is of."""
    here, at = place_by_code(code), now()
    shown = figures(actor(), here, at, asked_days())
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_head())
    span = [_day(shown.span.since), _day(shown.span.until - timedelta(seconds=1))]
    for figure, subject, part, whole in _lines(shown):
        writer.writerow([plain(cell) for cell in (here.name, figure, subject, part, whole, *span)])
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    name = f"figures-{here.code}-{shown.span.days}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def plain(cell: str | int) -> str:
    """Return a cell that no spreadsheet takes for a formula, whatever somebody called an organization."""
    text = str(cell)
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _head() -> list[str]:
    counts = [gettext("分子"), gettext("分母")]
    return [gettext("地方"), gettext("指标"), gettext("对象"), *counts, gettext("从"), gettext("到")]


def _day(moment: datetime) -> str:
    return str(format_date(moment, "yyyy-MM-dd"))


Line = tuple[str, str, int, int | str]


def _lines(shown: Figures) -> Iterator[Line]:
    rates, came = shown.rates, shown.flow
    yield gettext("按期率"), "", rates.punctual.kept.part, rates.punctual.kept.whole
    yield gettext("到期时正暂停"), "", rates.punctual.paused, ""
    yield gettext("解决率"), "", rates.answers.fixed.part, rates.answers.fixed.whole
    yield gettext("未确认"), "", rates.answers.unconfirmed, ""
    for ending, count in rates.answers.not_asked.items():
        yield gettext("没有回访"), str(ending.value), count, ""
    yield gettext("返工率"), "", rates.rework.part, rates.rework.whole
    yield gettext("提出"), "", came.raised, ""
    yield gettext("居民提出"), "", came.by_residents, came.raised
    yield gettext("居民动议"), "", came.motions.part, came.motions.whole
    yield gettext("重复"), "", shown.repeats.part, shown.repeats.whole
    yield gettext("了结"), "", came.ended, ""
    yield gettext("社区登记"), "", shown.burden.entries, shown.burden.ended
    yield from _lines_of_parts(shown)


def _lines_of_parts(shown: Figures) -> Iterator[Line]:
    for unit in shown.units:
        yield gettext("各单位按期"), unit.name, unit.kept.part, unit.kept.whole
        yield gettext("暂停（秒）"), unit.name, unit.paused_seconds, ""
    for pace in shown.paces:
        yield gettext("中位数（秒）"), words(LEGS[pace.leg]), pace.median, pace.finished
    for area in shown.areas:
        yield gettext("提出（分母是户数）"), area.name, area.raised, area.households
        yield gettext("还在办（分母是户数）"), area.name, area.open, area.households
    for kind in RESIDENTS_FIRST:
        for part, count in shown.funnel.get(kind, {}).items():
            yield words(PARTS[part]), kind_name(kind), count, ""
