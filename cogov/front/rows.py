"""Problems and needs as the macros show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext, to_user_timezone

from cogov.ground.clock import now
from cogov.ground.deadlines import left
from cogov.ground.needs import Deed, Need
from cogov.ground.pages import dossier_url, once_token, words
from cogov.problems.queries import Done, ProblemRow
from cogov.problems.views.listing import line

# How a need looks: green what is decided among us, blue what a public body owes, vermilion what waits for one's word.
_LOOKS = {
    "vote": "ours",
    "notice": "ours",
    "tabling": "ours",
    "confirm": "sign",
    "claim": "time",
    "verification": "time",
}


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
    deeds = need.deeds or (Deed(need.action, "", need.endpoint),)
    return {
        "pill": {"kind": _LOOKS.get(need.kind, "plain"), "icon": need.icon, "text": words(need.pill)},
        "title": need.title,
        "line": words(need.line),
        "due_text": text,
        "level": level,
        "url": url,
        "actions": [_deed(deed, need) for deed in deeds],
    }


def _deed(deed: Deed, need: Need) -> dict[str, Any]:
    fields = {**deed.fields, "once": once_token()} if deed.fields else {}
    return {
        "url": url_for(deed.endpoint, **need.values),
        "text": words(deed.text),
        "icon": deed.icon,
        "method": "post" if fields else "get",
        "fields": fields,
    }


def done_rows(rows: Iterable[Done]) -> list[dict[str, Any]]:
    """Return what was just fixed: how many days it took, and what those who raised it said."""
    return [
        {"url": dossier_url(row.number), "title": row.title, "by_body": row.by_body, "line": _outcome(row)}
        for row in rows
    ]


def _outcome(row: Done) -> str:
    days = (to_user_timezone(row.ended_at).date() - to_user_timezone(row.raised_at).date()).days
    took = ngettext("共 %(n)s 天。", "共 %(n)s 天。", days, n=days) if days else gettext("当天办完。")
    return took + _answers(row.asked, row.fixed)


def _answers(asked: int, fixed: int) -> str:
    if asked == 1:
        return gettext("提出人说修好了。")
    if fixed >= asked:
        return gettext("%(n)s 位提出人都说修好了。", n=asked)
    return gettext(
        "%(n)s 位提出人中 %(fixed)s 位说修好了，%(silent)s 位没回答。", n=asked, fixed=fixed, silent=asked - fixed
    )
