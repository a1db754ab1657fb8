"""Pledges for programs: what is promised, exactly, and what became of it."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Id, Page, Text, When, Whole, cursor, reading, shown_at, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.api.current import BylineSchema, as_read, doors, inside_place, parts
from cogov.threads.queries.pledges import PledgeShown, pledge_for, pledges
from cogov.threads.rules.pledges import MOST_FEN, WHAT_LENGTH, PledgeKind, PledgeState


class PledgeSchema(Schema):
    """What somebody promised, exactly, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    kind = Choice(PledgeKind)
    amount = fields.Integer(allow_none=True, metadata={"description": "Money in fen, time in hours."})
    what = fields.String()
    state = Choice(PledgeState)
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    solution = fields.Integer(
        attribute="solution_number", allow_none=True, metadata={"description": "Number of the solution it is for."}
    )
    called_at = When(allow_none=True, metadata={"description": "When it was asked for, its solution being decided."})
    seen_by = fields.Nested(BylineSchema, allow_none=True)


def _pledge(shown: PledgeShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    exact = inside or shown.byline.kind != "person"
    said = {"byline": as_read(shown.byline, exact=inside), "seen_by": as_read(shown.seen_by, exact=inside)}
    return plain | said | {"at": shown_at(shown.at, exact=exact)}


@doors.route("/problems/<number>/pledges")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(PledgeSchema))
@doors.doc(
    operationId="list_pledges",
    summary="What is promised for a problem and its solutions, by number",
    description="Anybody who can see the problem. A pledge is no vote; one that was withdrawn stays on the list.",
)
def list_pledges(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List pledges."""
    problem = problem_for(g.actor, number)
    window = pledges(g.actor, problem.id, queries.dossier_of(problem), after=cursor(asked["after"]) or 0)
    inside = inside_place(problem)
    return {"items": [_pledge(each, inside=inside) for each in window.items], "next": str(window.after or "")}


class PledgeBody(Body):
    """What is promised: fen, hours, or a thing in words."""

    kind = Choice(PledgeKind, required=True)
    amount = Whole(1, MOST_FEN, allow_none=True, load_default=None, metadata={"description": "In fen, or in hours."})
    what = Text(WHAT_LENGTH, load_default="", metadata={"example": "两把梯子"})
    solution = Id(load_default=None, allow_none=True, metadata={"description": "Id of the solution it is for."})


def _one_pledge(pledge_id: int) -> dict[str, Any]:
    pledge, problem = pledge_for(g.actor, pledge_id)
    window = pledges(g.actor, problem.id, queries.dossier_of(problem), after=pledge.number - 1)
    return _pledge(window.items[0], inside=inside_place(problem))


@doors.route("/problems/<number>/pledges", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(PledgeBody)
@doors.response(201, PledgeSchema)
@doors.doc(
    operationId="make_pledge",
    summary="Promise money, hours or a thing",
    description="Who lives, owns or serves in the place. It never counts as a vote; when the solution is decided, who "
    "promised is told.",
)
def make_pledge(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Make a pledge."""
    solution_id = told.pop("solution")
    return _one_pledge(commands.make_pledge(g.actor, number, solution_id=solution_id, **told).id)


@doors.route("/pledges/<id:pledge_id>/keeping", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, PledgeSchema)
@doors.doc(
    operationId="keep_pledge",
    summary="Say that a pledge was kept",
    description="A moderator, the owners' committee or the street office, and never who made it or their organization.",
)
def keep_pledge(pledge_id: int) -> dict[str, Any]:
    """Say that a pledge was kept."""
    commands.keep_pledge(g.actor, pledge_id)
    return _one_pledge(pledge_id)


@doors.route("/pledges/<id:pledge_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, PledgeSchema)
@doors.doc(
    operationId="withdraw_pledge",
    summary="Take one's own pledge back",
    description="Who made it, or their organization, until it was kept. That it was made stays on record.",
)
def withdraw_pledge(pledge_id: int) -> dict[str, Any]:
    """Take a pledge back."""
    commands.withdraw_pledge(g.actor, pledge_id)
    return _one_pledge(pledge_id)
