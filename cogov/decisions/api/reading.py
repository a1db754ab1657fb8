"""Reading decisions and their results."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.decisions import queries
from cogov.decisions.api.current import doors
from cogov.decisions.api.shown import DecisionSchema, RowsSchema, shown_plainly
from cogov.decisions.queries import DecisionRow
from cogov.ground.api import (
    Flag,
    Page,
    Text,
    cursor,
    part,
    reading,
)
from cogov.ground.db import found
from cogov.places.queries import community_by_code


class ListQuery(Page):
    """Decisions that run or come, or those that are closed."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    closed = Flag(load_default=False)


@doors.route("/decisions")
@reading
@doors.arguments(ListQuery, location="query")
@doors.response(200, RowsSchema)
@doors.doc(
    operationId="list_decisions",
    summary="The decisions of a community",
    description="Anybody. Those that run or come; with `closed` those that are over, the latest first.",
)
def list_decisions(asked: dict[str, Any]) -> dict[str, Any]:
    """List decisions."""
    here = found(community_by_code(asked["place"]))
    if not asked["closed"]:
        return {"items": queries.unfinished_decisions(g.actor, here.id), "next": ""}
    rows = queries.closed_decisions(g.actor, here.id, before_id=cursor(asked["after"]))
    return part(rows, queries.PAGE_SIZE - 1, _mark)


def _mark(row: DecisionRow) -> str:
    return str(row.id)


@doors.route("/decisions/<id:decision_id>")
@reading
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="show_decision",
    summary="A decision, and your voice in it",
    description="Anybody who can see the problem. While it runs nothing is said of any choice; `mine` names the "
    "voices of the person of the token, `result` is there after the close.",
)
def show_decision(decision_id: int) -> dict[str, Any]:
    """Show a decision."""
    return shown_plainly(queries.shown_decision(g.actor, decision_id))
