"""Problems and needs as the macros show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_pgettext
from sqlalchemy import select

from cogov.front.map import Spot
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.deadlines import left
from cogov.ground.needs import Need
from cogov.ground.pages import dossier_url, words
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import ProblemRow, seen_by
from cogov.problems.rules.stages import Official, Stage
from cogov.problems.views.listing import line

PINS = 60


def problem_rows(rows: Iterable[ProblemRow], at: datetime) -> list[dict[str, Any]]:
    """Return lines of a list as the macro shows them."""
    return [line(row, at) for row in rows]


def need_items(needs: Iterable[Need]) -> list[dict[str, Any]]:
    """Return what waits for a person as the macro shows it, the next due first."""
    at = now()
    return [_need(need, at) for need in needs]


def _need(need: Need, at: datetime) -> dict[str, Any]:
    text, level = left(need.due_at, at)
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
    Stage.RAISED: (lazy_pgettext("pin", "新"), "ours"),
    Stage.GATHERING: (lazy_pgettext("pin", "议"), "ours"),
    Stage.MEDIATING: (lazy_pgettext("pin", "议"), "ours"),
    Stage.DECIDING: (lazy_pgettext("pin", "表"), "ours"),
    Stage.ACTING: (lazy_pgettext("pin", "认"), "claim"),
    Stage.OFFICIAL: (lazy_pgettext("pin", "办"), "body"),
    Stage.CONFIRMING: (lazy_pgettext("pin", "确"), "confirm"),
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
    mark, kind = (lazy_pgettext("pin", "急"), "danger") if emergency and official is Official.OPEN else _PINS[stage]
    return Spot(longitude or 0, latitude or 0, str(mark), kind, dossier_url(number), title)
