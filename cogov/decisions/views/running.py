"""A running vote as it is drawn: until when, what is missing, the shortage board, what to look at before one votes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from cogov.decisions.queries import BuildingRow, DecisionShown, Phase
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.shortage import Sight
from cogov.decisions.rules.sums import number, share, square_metres
from cogov.decisions.rules.thresholds import Threshold
from cogov.ground.pages import dossier_url, moment, words
from cogov.threads.rules.concerns import settled_words

HOUR = 3600
SOON = timedelta(days=3)


def turnout_words(shown: DecisionShown) -> str:
    """Say what is missing, as the heading over the gauges."""
    running = shown.running
    # Where the rule has no quorum, nothing can be missing, and nothing has been reached either.
    return words(running.missing.heading) if running and running.missing and running.met is not None else ""


def batch_words(shown: DecisionShown) -> str:
    """Say how often the figures are brought up to date, and up to which ballot they are counted."""
    if shown.running is None or not shown.running.ballots:
        return gettext("每满十票更新一次")
    return gettext("每满十票更新一次，算到第 %(n)s 票", n=number(shown.running.ballots))


def deadline(shown: DecisionShown, at: datetime) -> dict[str, Any]:
    """Return until when ballots are taken and how long that still is, in large figures."""
    decision = shown.decision
    if shown.phase is Phase.COUNTING and is_secret(shown.rule):
        return {"text": gettext("已截止，等两位监票人开箱"), "parts": [], "soon": False}
    if shown.phase is Phase.COUNTING:
        return {"text": gettext("已截止，正在计票"), "parts": [], "soon": False}
    if shown.phase is Phase.COMING and decision.announced_for is not None:
        return {
            "text": gettext("原定 %(at)s 开始，在等顾虑的答复", at=moment(decision.announced_for)),
            "parts": [],
            "soon": True,
        }
    coming = shown.phase is Phase.COMING
    until = decision.opens_at if coming else decision.closes_at
    text = gettext("%(at)s 开始表决", at=moment(until)) if coming else gettext("%(at)s 截止", at=moment(until))
    hours, seconds = divmod(int((until - at).total_seconds()), HOUR)
    days, hours = divmod(hours, 24)
    parts = [(days, ngettext("天", "天", days)), (hours, ngettext("小时", "小时", hours))]
    shown_parts = [part for part in parts if part[0]] or [(max(seconds // 60, 1), gettext("分钟"))]
    return {"text": text, "parts": shown_parts, "soon": not coming and until - at < SOON}


def before_voting(shown: DecisionShown) -> list[dict[str, str]]:
    """Return what to look at before one votes: the version, the concerns and their state, the notice, the motion."""
    dossier, thread, decision = shown.problem.number, shown.thread, shown.decision
    items = [
        {
            "icon": "file-text",
            "url": url_for("decisions.motion", motion_id=shown.motion.id),
            "text": gettext("动议全文，通过以后做什么"),
        }
    ]
    if shown.solution is not None:
        solution, title = shown.solution, shown.solution.title
        changed = gettext("改过 %(n)s 次", n=solution.version - 1) if solution.version > 1 else gettext("没有改过")
        text = gettext("方案 %(n)s：%(title)s（%(changed)s）", n=solution.number, title=title, changed=changed)
        items.append({"icon": "pencil", "url": dossier_url(dossier, tab="solutions"), "text": text})
    if thread.concerns:
        text = gettext("%(n)s 条顾虑，%(m)s 条等答复", n=thread.concerns, m=thread.open_concerns)
        if not thread.open_concerns:
            text = words(settled_words(thread.concerns, overruled=thread.overruled, withdrawn=thread.withdrawn))
        items.append({"icon": "message-circle", "url": dossier_url(dossier, tab="concerns"), "text": text})
    days = ((decision.announced_for or decision.opens_at) - decision.notice_at).days
    text = gettext("%(at)s 公告，公示 %(days)s 天才开始投票", at=moment(decision.notice_at), days=days)
    return [*items, {"icon": "history", "url": "", "text": text}]


# The board --------------------------------------------------------------------------------------------


def facades(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return a façade for each building; windows are lit by count, and not at all where no figure may be shown."""
    lines, threshold = _buildings(shown), shown.rule.participation.heads
    told = threshold if len(lines) > MOST_ROWS else None
    return [
        {
            "name": line.name,
            "floors": line.floors,
            "windows": line.row.units,
            "lit": line.row.voted,
            "text": words(line.row.words),
            "lacks": _lacks(line, told) if told is not None else "",
        }
        for line in lines
    ]


MOST_ROWS = 40
"""With more buildings than this each says under its windows what the table would say once more, line by line."""


def _buildings(shown: DecisionShown) -> list[BuildingRow]:
    return [line for line in shown.running.rows if line.row.staircase is None] if shown.running is not None else []


def _lacks(line: BuildingRow, threshold: Threshold) -> str:
    if line.row.voted is None:
        return ""
    if (lacks := threshold.need(line.row.units) - line.row.voted) <= 0:
        return gettext("已到 %(share)s", share=share(threshold.share))
    return gettext("到 %(share)s 还差 %(n)s 套", share=share(threshold.share), n=number(lacks))


def board_table(shown: DecisionShown) -> dict[str, Any] | None:
    """Return the board as a table: each building in units, to guide; the last row, in heads and area, decides."""
    running, threshold = shown.running, shown.rule.participation.heads
    if running is None or running.turnout is None or not running.rows:
        return None
    head: list[Any] = [gettext("楼"), _right(gettext("已投 / 套"))]
    if threshold is not None:
        head.append(gettext("到 %(share)s 还差", share=share(threshold.share)))
    lines = _buildings(shown)
    rows = [_board_row(line, threshold) for line in lines] if len(lines) <= MOST_ROWS else []
    turnout, missing = running.turnout, running.missing
    heads = gettext("%(part)s / %(total)s 户", part=number(turnout.heads), total=number(shown.totals.heads))
    if shown.rule.counts_area:
        part, total = square_metres(turnout.area), square_metres(shown.totals.area)
        heads = gettext("%(heads)s · %(part)s / %(total)s m²", heads=heads, part=part, total=total)
    whole = [gettext("全部，以这一行为准"), heads]
    if threshold is not None:
        whole.append(words(missing.words) if missing else "")
    return {"head": head, "rows": rows, "sum": whole}


def _right(label: str) -> dict[str, Any]:
    return {"label": label, "number": True}


def _board_row(line: BuildingRow, threshold: Threshold | None) -> list[str]:
    cells = [line.name, words(line.row.words)]
    if line.row.voted is not None:
        cells[1] = f"{number(line.row.voted)} / {number(line.row.units)}"
    if threshold is None:
        return cells
    if line.row.voted is None:
        return [*cells, ""]
    lacks = threshold.need(line.row.units) - line.row.voted
    return [*cells, gettext("%(n)s 套", n=number(lacks)) if lacks > 0 else gettext("已到")]


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
