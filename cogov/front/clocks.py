"""The public clock of a dossier as the macro shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import format_datetime, gettext, ngettext
from markupsafe import Markup, escape

from cogov.duties.queries import PublicClock, calendar_for, clocks_of, public_clocks
from cogov.duties.rules.clock import Remaining
from cogov.duties.rules.purpose import Purpose
from cogov.ground.deadlines import left as time_left
from cogov.ground.pages import words
from cogov.ground.words import Words
from cogov.people.models import Organization
from cogov.people.queries import organization_names
from cogov.people.rules import PUBLIC_KINDS

SOON_DAYS = 3


def _promise(purpose: Purpose, holder: str) -> str:
    return {
        Purpose.TRIAGE: gettext("离确定由谁来办的期限还有"),
        Purpose.APPEAL: gettext("离答复申诉的期限还有"),
        Purpose.CASE: gettext("离%(holder)s承诺的期限还有", holder=holder),
        Purpose.CALL: gettext("离联动单位到场的期限还有"),
        Purpose.CONCERN: gettext("离答复顾虑的期限还有"),
        Purpose.DECISION_OPEN: gettext("离开始表决还有"),
        Purpose.DECISION_CLOSE: gettext("离表决截止还有"),
        Purpose.RESOLUTION_ANSWER: gettext("离%(holder)s答复决议的期限还有", holder=holder),
        Purpose.DECISION_EFFECT: gettext("离结果公示期满还有"),
        Purpose.DECISION_REVIEW: gettext("离复议还有"),
        Purpose.CLAIM: gettext("离认领的任务交回还有"),
        Purpose.MEDIATION: gettext("离调解的期限还有"),
        Purpose.CONFIRMATION: gettext("等提出人确认，还有"),
        Purpose.DELIBERATION: gettext("离协商的期限还有"),
        Purpose.PHASE: gettext("离协商的一部分开放或截止还有"),
    }[purpose]


def term(purpose: Purpose) -> str:
    """Return what a deadline is for, as paper says it beside the date."""
    return {
        Purpose.TRIAGE: gettext("确定由谁来办"),
        Purpose.APPEAL: gettext("答复申诉"),
        Purpose.CASE: gettext("办理"),
        Purpose.CALL: gettext("联动单位到场"),
        Purpose.CONCERN: gettext("答复顾虑"),
        Purpose.DECISION_OPEN: gettext("开始表决"),
        Purpose.DECISION_CLOSE: gettext("表决截止"),
        Purpose.RESOLUTION_ANSWER: gettext("答复决议"),
        Purpose.DECISION_EFFECT: gettext("结果公示期满"),
        Purpose.DECISION_REVIEW: gettext("复议"),
        Purpose.CLAIM: gettext("任务交回"),
        Purpose.MEDIATION: gettext("调解"),
        Purpose.CONFIRMATION: gettext("提出人确认"),
        Purpose.DELIBERATION: gettext("协商"),
        Purpose.PHASE: gettext("协商的一部分开放或截止"),
    }[purpose]


def _figures(parts: list[tuple[int, str]]) -> Markup:
    return Markup(" ").join(
        Markup('<span class="figure"><b>{}</b> <small>{}</small></span>').format(number, unit) for number, unit in parts
    )


def _remaining(left: Remaining) -> Markup:
    days = ngettext("个工作日", "个工作日", left.days) if left.working else ngettext("天", "天", left.days)
    parts = [(left.days, days)] if left.days else []
    if left.hours or not parts:
        parts.append((left.hours, ngettext("小时", "小时", left.hours)))
    if left.days == 0 and left.hours == 0:
        parts = [(left.minutes, ngettext("分钟", "分钟", left.minutes))]
    figures = _figures(parts)
    return Markup("{} {}").format(gettext("逾期"), figures) if left.late else figures


def _level(left: Remaining | None, due_at: datetime, at: datetime) -> str:
    late = left.late if left else due_at < at
    if late:
        return "late"
    days = left.days if left else (due_at - at).days
    return "soon" if days < SOON_DAYS else "calm"


def problem_clocks(problem_id: int, code: str, at: datetime) -> list[dict[str, Any]]:
    """Return the clocks that run for a problem, the one that matters most first."""
    rows = clocks_of(problem_id)
    if not rows:
        return []
    rows.sort(key=lambda clock: (clock.purpose is Purpose.CONCERN, clock.due_at))
    holders = organization_names(clock.organization_id for clock in rows)
    shown = public_clocks(rows, calendar_for(code), at)
    return [_shown(clock, holders.get(clock.clock.organization_id or 0), at) for clock in shown]


def _shown(shown: PublicClock, holder: Organization | None, at: datetime) -> dict[str, Any]:
    clock, left = shown.clock, shown.remaining
    # Late by no working time yet, over a weekend for example: the time that everybody's clock shows.
    counts = left is not None and not (left.late and left.days == left.hours == 0)
    text = _remaining(left) if left and counts else escape(time_left(clock.due_at, at)[0])
    kind = "body" if holder is not None and holder.kind in PUBLIC_KINDS else "organization"
    return {
        "promise": _promise(clock.purpose, holder.short_name or holder.name if holder else gettext("负责单位")),
        "remaining_text": text,
        "level": _level(left, clock.due_at, at),
        "cells": [cell.state.value for cell in shown.cells] if len(shown.cells) <= 40 else [],
        "start_text": gettext("%(at)s 开始", at=format_datetime(clock.started_at, gettext("MM-dd HH:mm"))),
        "due_text": format_datetime(clock.due_at, gettext("MM-dd EEE HH:mm")),
        "holder": {"kind": kind, "name": holder.name} if holder else None,
        "basis": words(Words(clock.basis)),
        "pauses": [gettext("时钟暂停：%(reason)s", reason=pause.reason) for pause in shown.pauses if pause.end is None],
    }
