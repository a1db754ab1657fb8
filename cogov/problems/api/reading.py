"""Reading problems: the list of a community, and one of them."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Choice, Flag, Id, Page, RefusalSchema, Text, cursor, part, reading
from cogov.ground.db import found
from cogov.places.queries import community_by_code
from cogov.problems.api.current import ProblemSchema, RowSchema, doors, problem_shown, row_of
from cogov.problems.queries import list_problems
from cogov.problems.rules.stages import Ending, Stage


class ListSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(RowSchema))
    next = fields.String(metadata={"description": "Ask for it with `after`; empty at the end."})


class ListQuery(Page):
    """Which problems: those of a community, at a stage, in a grid, or one's own."""

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    stage = Choice(Stage)
    ending = Choice(Ending)
    grid = Id(metadata={"description": "Id of a grid."})
    mine = Flag(load_default=False)


@doors.route("/problems")
@reading
@doors.arguments(ListQuery, location="query")
@doors.response(200, ListSchema)
@doors.alt_response(404, schema=RefusalSchema, success=False)
@doors.doc(
    operationId="list_problems",
    summary="The problems of a community, the newest first",
    description="Anybody. What is hidden is listed for those alone who have a part in it. Ask on with `after`, "
    "the `next` of the part before.",
)
def list_(asked: dict[str, Any]) -> dict[str, Any]:
    """List problems by keyset."""
    here, limit = found(community_by_code(asked["place"])), asked["limit"]
    rows = list_problems(
        g.actor,
        here.id,
        stage=asked.get("stage"),
        ending=asked.get("ending"),
        grid_id=asked.get("grid"),
        mine=asked["mine"],
        before_id=cursor(asked["after"]),
        limit=limit + 1,
    )
    inside = g.actor.inside(here.code)
    return part([row_of(row, inside=inside) for row in rows], limit, lambda row: str(row["id"]))


@doors.route("/problems/<number>")
@reading
@doors.response(200, ProblemSchema)
@doors.alt_response(404, schema=RefusalSchema, success=False)
@doors.doc(
    operationId="show_problem",
    summary="A problem, its triage, and what you may do with it",
    description="Anybody; what is hidden is found by those alone who have a part in it. `acts` says what the "
    "person of the token may do now, and if not, why.",
)
def show(number: str) -> dict[str, Any]:
    """Show one problem."""
    return problem_shown(number)
