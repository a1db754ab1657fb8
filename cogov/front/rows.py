"""Problems and needs as the macros show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from cogov.front.map import Spot
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.pages import dossier_url, words
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import ProblemRow, seen_by
from cogov.problems.rules.ribbon import Standing, in_words, steps
from cogov.problems.rules.stages import Official, Stage

PINS = 60


def due_text(due_at: datetime | None, at: datetime) -> tuple[str, str]:
    """Return a deadline in words and how pressing it is: calm, soon (three days) or late."""
    if due_at is None:
        return "", "calm"
    left = int((due_at - at).total_seconds())
    if left < 0:
        return gettext("逾期 %(time)s", time=span(-left)), "late"
    return gettext("还剩 %(time)s", time=span(left)), "soon" if left < 3 * 86400 else "calm"


def span(seconds: int) -> str:
    """Return a span of time in the two units that matter."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    if days:
        return gettext("%(d)s 天 %(h)s 小时", d=days, h=hours) if hours and days < 4 else gettext("%(d)s 天", d=days)
    return gettext("%(h)s 小时", h=hours) if hours else gettext("%(m)s 分钟", m=max(rest // 60, 1))


def problem_rows(rows: Iterable[ProblemRow], at: datetime) -> list[dict[str, Any]]:
    """Return lines of a list as the macro shows them."""
    return [_row(row, at) for row in rows]


def _row(row: ProblemRow, at: datetime) -> dict[str, Any]:
    standing = Standing(row.lane, row.stage, row.official, row.ending)
    text, level = due_text(row.due_at, at) if row.stage is not Stage.ENDED else ("", "calm")
    return {
        "url": dossier_url(row.number),
        "title": row.title,
        "steps": [{"state": step.state} for step in steps(standing)],
        "words": words(in_words(standing)),
        "tone": "body" if row.stage is Stage.OFFICIAL else "ours",
        "holder": row.accountable_name if row.stage is not Stage.ENDED else "",
        "due_text": text,
        "level": level,
        "met_text": gettext("%(n)s 户遇到", n=row.households) if row.households else "",
    }


def need_items(needs: Iterable[Need]) -> list[dict[str, Any]]:
    """Return what waits for a person as the macro shows it, the next due first."""
    at = now()
    return [_need(need, at) for need in needs]


def _need(need: Need, at: datetime) -> dict[str, Any]:
    text, level = due_text(need.due_at, at)
    url = url_for(need.endpoint, **need.values)
    return {
        "pill": {"kind": need.kind, "icon": need.icon, "text": words(need.pill)},
        "title": need.title,
        "line": words(need.line),
        "due_text": text,
        "level": level,
        "url": url,
        "actions": [{"url": url, "text": words(need.action), "method": "get", "primary": False}],
    }


_PINS = {
    Stage.RAISED: ("新", "ours"),
    Stage.GATHERING: ("议", "ours"),
    Stage.MEDIATING: ("议", "ours"),
    Stage.DECIDING: ("表", "ours"),
    Stage.ACTING: ("认", "claim"),
    Stage.OFFICIAL: ("办", "body"),
    Stage.CONFIRMING: ("确", "confirm"),
}


def spots(by: Actor, community_id: int) -> list[Spot]:
    """Return the open problems of a community that have a pin, the latest first."""
    query = (
        select(
            Problem.number,
            Problem.title,
            Problem.longitude,
            Problem.latitude,
            Problem.stage,
            Problem.official,
            Problem.emergency,
        )
        .where(
            Problem.community_id == community_id,
            Problem.stage != Stage.ENDED,
            Problem.longitude.is_not(None),
            seen_by(by),
        )
        .order_by(Problem.id.desc())
        .limit(PINS)
    )
    return [_spot(*row) for row in session().execute(query)]


def _spot(
    number: str,
    title: str,
    longitude: int | None,
    latitude: int | None,
    stage: Stage,
    official: Official,
    emergency: bool,
) -> Spot:
    mark, kind = ("急", "danger") if emergency and official is Official.OPEN else _PINS[stage]
    return Spot(longitude or 0, latitude or 0, mark, kind, dossier_url(number), title)
