"""Reading cases: the desk, the cases of a problem, one case."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.cases import queries
from cogov.cases.api.current import CaseSchema, case_plain, case_shown, doors
from cogov.cases.queries import DeskFilter
from cogov.cases.rules import CaseState
from cogov.ground.api import Choice, Page, When, reading, verb_of
from cogov.ground.refusals import NotFound
from cogov.ground.scopes import Scope
from cogov.problems.queries import problem_for


class RowSchema(Schema):
    """A line of the desk: what waits, and until when."""

    kind = fields.String(metadata={"description": "case, call, concern or resolution"})
    subject = fields.Integer(attribute="subject_id")
    case = fields.Integer(attribute="case_id", allow_none=True)
    number = fields.String()
    problem = fields.String(attribute="problem_number")
    title = fields.String()
    state = Choice(CaseState, allow_none=True)
    due_at = When()
    late = fields.Boolean()
    paused = fields.Boolean()
    emergency = fields.Boolean()


class RowsSchema(Schema):
    """A part of the desk."""

    items = fields.List(fields.Nested(RowSchema))
    next = fields.String()


class DeskQuery(Page):
    """Which part of the desk."""

    part = Choice(DeskFilter, load_default=DeskFilter.MINE)


@doors.route("/cases")
@verb_of(Scope.OFFICE)
@doors.arguments(DeskQuery, location="query")
@doors.response(200, RowsSchema)
@doors.doc(
    operationId="list_cases",
    summary="What waits at your desk, by deadline",
    description="Who serves a body, a supervision centre or an office: cases, calls, concerns and resolutions "
    "that wait, by deadline.",
)
def list_cases(asked: dict[str, Any]) -> dict[str, Any]:
    """List what waits at the desk."""
    place = queries.desk_place(asked["after"])
    if asked["after"] and place is None:
        raise NotFound
    page = queries.desk(g.actor, asked["part"], place, asked["limit"])
    return {"items": page.rows, "next": queries.desk_mark(page.after)}


@doors.route("/problems/<number>/cases")
@reading
@doors.response(200, CaseSchema(many=True))
@doors.doc(
    operationId="list_cases_of_problem",
    summary="The cases of a problem, the latest first",
    description="Anybody who can see the problem. Each reopening is the next round of the same case.",
)
def list_cases_of(number: str) -> list[dict[str, Any]]:
    """List the cases of a problem."""
    problem = problem_for(g.actor, number)
    return [case_plain(queries.case_view(g.actor, case)) for case in queries.cases_of(g.actor, problem)]


@doors.route("/cases/<id:case_id>")
@reading
@doors.response(200, CaseSchema)
@doors.doc(
    operationId="show_case",
    summary="A case, its stamps and steps, and which of them are yours",
    description="Anybody who can see its problem. `stamps` are the five seals with who put them, `missing` is "
    "what closing still lacks, `offers` are the steps that are yours.",
)
def show_case(case_id: int) -> dict[str, Any]:
    """Show a case."""
    return case_shown(case_id)
