"""Public figures as the page of a place draws them: finished words and whole numbers, each with its sum."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from cogov.ground.pages import words
from cogov.oversight.queries import Figures, Rates, Unit
from cogov.oversight.rules import (
    DAY,
    LEGS,
    LOW_TENTHS,
    PEOPLE_DECIDE,
    Pace,
    Share,
    change,
    in_days,
    in_tenths,
    slowest,
)
from cogov.problems.rules.stages import Ending

MOST = 20
"""So many units or areas stand on a page; all of them are in the sheet."""

# The three rates ----------------------------------------------------------------------------------------------------


def rate_cards(rates: Rates, before: Rates) -> list[dict[str, Any]]:
    """Return the three rates with their sums, what they leave out, and how each is counted."""
    punctual, answers = rates.punctual, rates.answers
    return [
        {
            "label": gettext("按期率"),
            **_share(punctual.kept, before.punctual.kept, up_is_good=True),
            "sum": gettext(
                "按期 %(part)s / 到期的承诺 %(whole)s 项", part=n(punctual.kept.part), whole=n(punctual.kept.whole)
            ),
            "left_out": [gettext("到期时正暂停的 %(n)s 项不算在内", n=n(punctual.paused))] if punctual.paused else [],
            "how": gettext(
                "案件每走一步、联动单位答复、决议答复，都有公开的期限。期限落在这段时间里的，停表不晚于期限算按期；"
                "暂停经指挥中心或街道公开登记，期限顺延暂停的时间。"
            ),
        },
        {
            "label": gettext("解决率"),
            **_share(answers.fixed, before.answers.fixed, up_is_good=True),
            "sum": gettext(
                "说修好 %(part)s / 回答 %(whole)s 次", part=n(answers.fixed.part), whole=n(answers.fixed.whole)
            ),
            "left_out": _not_counted(answers.unconfirmed, answers.not_asked),
            "how": gettext(
                "办完后请提出人回答修好没有。只数回答了的：修好 ÷（修好＋没修好）。没回答记为“未确认”，不算满意。"
            ),
        },
        {
            "label": gettext("返工率"),
            **_share(rates.rework, before.rework, up_is_good=False),
            "sum": gettext("返工 %(part)s / 结案 %(whole)s 件", part=n(rates.rework.part), whole=n(rates.rework.whole)),
            "left_out": [],
            "how": gettext("这段时间结案的案件里，核查退回过，或者提出人说没修好、重新办过的。越低越好。"),
        },
    ]


_ENDINGS = {
    Ending.REFERRED: lambda count: gettext("转其他渠道 %(n)s 件", n=count),
    Ending.MEDIATED: lambda count: gettext("调解 %(n)s 件", n=count),
    Ending.MERGED: lambda count: gettext("并入同一问题 %(n)s 件", n=count),
    Ending.WITHHELD: lambda count: gettext("不宜公开 %(n)s 件", n=count),
}


def _not_counted(unconfirmed: int, not_asked: Any) -> list[str]:
    lines = [gettext("未确认 %(n)s 件，另算", n=n(unconfirmed))] if unconfirmed else []
    if not_asked:
        kinds = gettext("、").join(_ENDINGS[ending](n(count)) for ending, count in not_asked.items())
        lines.append(gettext("没有回访：%(kinds)s", kinds=kinds))
    return lines


def n(number: int) -> str:
    """Write a count with its thousands apart."""
    return f"{number:,}"


def _share(share: Share, before: Share, *, up_is_good: bool) -> dict[str, Any]:
    moved = change(share, before)
    return {
        "value": share.percent or f"{n(share.part)} / {n(share.whole)}",
        "small": share.tenths is None,
        "moved": _moved(moved) if moved is not None else "",
        "worse": moved is not None and moved != 0 and (moved > 0) is not up_is_good,
    }


def _moved(tenths: int) -> str:
    if tenths == 0:
        return gettext("和上一段一样")
    sign = "+" if tenths > 0 else "−"
    return gettext("比上一段 %(points)s 个百分点", points=f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}")


# Units and steps ------------------------------------------------------------------------------------------------


def unit_lines(shown: Figures) -> dict[str, Any]:
    """Return how each organization kept its promises; the mark is the place's own share."""
    everybody = shown.rates.punctual.kept
    return {
        "mark": everybody.tenths,
        "mark_text": everybody.percent,
        "lines": [_unit_line(unit) for unit in shown.units[:MOST] if unit.kept.whole],
        "more": max(len(shown.units) - MOST, 0),
        "rows": [
            [
                unit.name,
                unit.kept.percent or gettext("样本太少"),
                f"{n(unit.kept.part)} / {n(unit.kept.whole)}",
                n(unit.late_now),
                n(unit.reworks),
                n(unit.pauses),
                unit.paused_days,
            ]
            for unit in shown.units[:MOST]
        ],
        "sum": [
            gettext("合计"),
            everybody.percent or gettext("样本太少"),
            f"{n(everybody.part)} / {n(everybody.whole)}",
            n(sum(unit.late_now for unit in shown.units)),
            n(sum(unit.reworks for unit in shown.units)),
            n(sum(unit.pauses for unit in shown.units)),
            in_tenths(sum(unit.paused_seconds for unit in shown.units), DAY),
        ],
    }


def _unit_line(unit: Unit) -> dict[str, Any]:
    sums = f"{n(unit.kept.part)} / {n(unit.kept.whole)}"
    return {
        "name": unit.name,
        "tenths": unit.kept.tenths,
        "value": unit.kept.percent or gettext("样本太少"),
        "sum": sums,
        "low": unit.kept.tenths is not None and unit.kept.tenths < LOW_TENTHS,
        "sentence": gettext(
            "%(name)s：到期的承诺里按期 %(sums)s，%(percent)s",
            name=unit.name,
            sums=sums,
            percent=unit.kept.percent or gettext("样本太少"),
        ),
    }


def pace_lines(paces: list[Pace]) -> dict[str, Any]:
    """Return how long each step took: those of an office as bars, and which is the slowest; people's own without."""
    offices = [pace for pace in paces if pace.leg not in PEOPLE_DECIDE]
    longest, named = max((pace.median for pace in offices), default=0), slowest(paces)
    return {
        "finding": _slowest_words(named),
        "lines": [_pace_line(pace, longest, low=pace is named) for pace in offices],
        "people": [
            gettext("%(step)s %(time)s", step=words(LEGS[pace.leg]), time=words(in_days(pace.median)))
            for pace in paces
            if pace.leg in PEOPLE_DECIDE
        ],
        "rows": [
            [words(LEGS[pace.leg]), n(pace.finished), words(in_days(pace.median)), words(in_days(pace.nine_in_ten))]
            for pace in paces
        ],
    }


def _pace_line(pace: Pace, longest: int, *, low: bool) -> dict[str, Any]:
    step, time = words(LEGS[pace.leg]), words(in_days(pace.median))
    return {
        "name": step,
        "tenths": pace.median * 1000 // max(longest, 1),
        "value": time,
        "sum": ngettext("%(n)s 次", "%(n)s 次", pace.finished, n=n(pace.finished)),
        "low": low,
        "sentence": gettext("%(step)s：%(n)s 次，中位数 %(time)s", step=step, n=n(pace.finished), time=time),
    }


def _slowest_words(named: Pace | None) -> str:
    if named is None:
        return gettext("每一步要多久")
    step, time = words(LEGS[named.leg]), words(in_days(named.median))
    return gettext("单位这边最慢的一步：%(step)s，中位数 %(time)s", step=step, time=time)
