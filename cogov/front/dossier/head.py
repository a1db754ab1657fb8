"""The head of a dossier: who raised it, what it says, and what it is at."""

from __future__ import annotations

from typing import Any

from flask_babel import format_date, gettext

from cogov.ground.pages import words
from cogov.people.queries import organization_names
from cogov.problems.models import Problem
from cogov.problems.rules.ribbon import ENDING_WORDS, STAGE_WORDS
from cogov.problems.rules.stages import Official, Stage

LONG = 160


def raised_by(problem: Problem, head: Any) -> str:
    """Say who raised the problem, and on which day."""
    day = format_date(problem.raised_at, gettext("M月d日"))
    if problem.organization_id is not None:
        name = organization_names([problem.organization_id])[problem.organization_id].name
    elif head.raiser_ordinals:
        name = gettext("住户 %(n)s", n=head.raiser_ordinals[0])
    else:
        name = gettext("一位住户")
    return gettext("%(day)s由 %(name)s 提出", day=day, name=name)


def told(problem: Problem) -> dict[str, str]:
    """Return what the title does not say yet: it often is the first sentence of the words."""
    text = problem.text.strip()
    if text.startswith(problem.title):
        text = text[len(problem.title) :].lstrip("。！？!?;；,， \n")
    if len(text) <= LONG:
        return {"short": text, "rest": ""}
    return {"short": text[:LONG].rstrip() + "…", "rest": text}


_STAGE_ICONS = {
    Stage.RAISED: "route",
    Stage.GATHERING: "messages",
    Stage.DECIDING: "checkbox",
    Stage.ACTING: "clipboard-check",
    Stage.OFFICIAL: "building-bank",
    Stage.MEDIATING: "users",
    Stage.CONFIRMING: "help-circle",
    Stage.ENDED: "flag",
}


def pills(problem: Problem) -> list[dict[str, str]]:
    """Return what the problem is at, on both sides, as pills."""
    ours = STAGE_WORDS[problem.stage] if problem.ending is None else ENDING_WORDS[problem.ending]
    theirs = problem.stage is Stage.OFFICIAL
    pills = [{"kind": "body" if theirs else "ours", "icon": _STAGE_ICONS[problem.stage], "text": words(ours)}]
    if problem.official is Official.OPEN and not theirs:
        pills.append({"kind": "body", "icon": "building-bank", "text": gettext("官方办理中")})
    if problem.official is Official.CLOSED and problem.stage is not Stage.ENDED:
        pills.append({"kind": "body", "icon": "building-bank", "text": gettext("官方已结案")})
    if problem.hidden:
        pills.append({"kind": "plain", "icon": "eye-off", "text": gettext("不公开")})
    if problem.round > 1:
        pills.append({"kind": "time", "icon": "refresh", "text": gettext("第 %(n)s 轮", n=problem.round)})
    return pills
