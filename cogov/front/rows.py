"""Problems and needs as the macros show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for

from cogov.ground.clock import now
from cogov.ground.deadlines import left
from cogov.ground.needs import Need
from cogov.ground.pages import words
from cogov.problems.queries import ProblemRow
from cogov.problems.views.listing import line


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
