"""Tasks as cards: what they are for, where, when, how many are missing, who verifies, and who is bound by a claim."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import format_datetime, gettext

from cogov.ground.clock import now
from cogov.ground.pages import dossier_url, once_token, words
from cogov.people.rules import Actor
from cogov.tasks.queries import TaskShown
from cogov.tasks.rules import ClaimState, TaskState
from cogov.tasks.views.current import bp

_SOON_DAYS = 3
_CELLS = 40


@bp.app_template_global("task_cards")
def cards(tasks: list[TaskShown]) -> list[dict[str, Any]]:
    """Return tasks as the macro of task cards takes them."""
    return [card(task) for task in tasks]


def card(task: TaskShown) -> dict[str, Any]:
    """Return a task as the macro of task cards takes it; on its own page the acts stand beside it."""
    return {
        "title": task.title,
        "url": url_for("tasks.show", task_id=task.id),
        "pill": _pill(task),
        **_due(task),
        "source_text": gettext("来自问题 %(number)s：%(title)s", number=task.problem_number, title=task.problem_title),
        "source_url": dossier_url(task.problem_number, tab="tasks"),
        "facts": _facts(task),
        "shifts": _shifts(task),
        "lines": _lines(task),
        "note": _note(task),
        "mine": task.mine is not None,
    }


def _pill(task: TaskShown) -> dict[str, str]:
    if task.state is TaskState.DONE:
        return {"kind": "ours", "icon": "circle-check", "text": gettext("已完成")}
    if task.state is TaskState.CANCELLED:
        return {"kind": "plain", "icon": "x", "text": gettext("已取消")}
    if task.mine is not None:
        mine = {
            ClaimState.ACTIVE: gettext("您认领了"),
            ClaimState.HANDED_IN: gettext("等核实"),
            ClaimState.VERIFIED: gettext("您做完了"),
        }
        return {"kind": "ours", "icon": "user-check", "text": mine.get(task.mine, "")}
    if task.free < 1:
        waits = {"kind": "time", "icon": "hourglass", "text": gettext("待核实")}
        return waits if task.waiting else {"kind": "plain", "icon": "users", "text": gettext("名额已满，在做")}
    return {"kind": "ours", "icon": "heart-handshake", "text": gettext("等人认领")}


def _due(task: TaskShown) -> dict[str, str]:
    if task.mine is not ClaimState.ACTIVE or task.my_due_at is None:
        return {"due_text": "", "level": "calm"}
    left = task.my_due_at - now()
    level = "late" if left.total_seconds() < 0 else "soon" if left.days < _SOON_DAYS else "calm"
    at = format_datetime(task.my_due_at, gettext("M月d日 HH:mm"))
    return {"due_text": gettext("%(at)s 前交", at=at), "level": level}


def _facts(task: TaskShown) -> list[dict[str, str]]:
    facts = [{"icon": "building-community", "text": gettext("%(name)s发布", name=task.organization_name)}]
    if task.from_resolution:
        facts.append({"icon": "gavel", "text": gettext("按表决通过的决议")})
    if task.meeting_point:
        facts.append({"icon": "map-pin", "text": task.meeting_point})
    if task.starts_at is not None:
        facts.append({"icon": "calendar", "text": format_datetime(task.starts_at, gettext("M月d日 HH:mm"))})
    facts.append({"icon": "clock", "text": gettext("认领后 %(n)s 天内交", n=task.days)})
    return facts


def _shifts(task: TaskShown) -> dict[str, Any] | None:
    if task.state is not TaskState.OPEN:
        return None
    mine = 1 if task.mine is not None else 0
    cells = ["taken"] * (task.taken - mine) + ["mine"] * mine + ["open"] * task.free
    text = gettext("%(taken)s/%(slots)s 人，还缺 %(n)s", taken=task.taken, slots=task.slots, n=task.free)
    full = gettext("%(slots)s 人，名额已满", slots=task.slots)
    return {"text": text if task.free else full, "cells": cells if task.slots <= _CELLS else []}


def _lines(task: TaskShown) -> list[dict[str, str]]:
    if task.state is not TaskState.OPEN:
        return []
    lines = [{"label": gettext("做完由谁核实"), "text": gettext("不是认领人：居委会、业委会或网格员")}]
    if task.waiting:
        lines.append({"label": gettext("等核实"), "text": gettext("%(n)s 份", n=task.waiting)})
    return lines


def _note(task: TaskShown) -> str:
    return gettext("到期没交，名额自动放回，不扣信用；做不了也可以自己退回。") if task.state is TaskState.OPEN else ""


def with_claim(by: Actor, task: TaskShown) -> dict[str, Any]:
    """Return a card that can be claimed from: the button says for whom, as that is who is bound by it."""
    made = card(task)
    if by.person_id is None or task.why_not_claim is not None:
        return made
    held = by.acting.id if task.claiming_for and by.acting is not None else ""
    text = gettext("认领一个名额")
    if task.claiming_for:
        text = gettext("为%(organization)s认领", organization=task.claiming_for)
    action = {
        "url": url_for("tasks.claim", task_id=task.id),
        "text": text,
        "method": "post",
        "primary": True,
        "fields": {"once": once_token(), "acting": held},
    }
    return {**made, "actions": [action]}


@bp.app_template_global()
def why_words(refusal: Any) -> str:
    """Return the sentence of a refusal, empty for none."""
    return words(refusal.message) if refusal is not None else ""
