"""Changes to solutions for programs: proposed, taken or not, with what became of each."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Flag, Text, Whole, reading, shown_at, verb_of
from cogov.ground.scopes import Scope
from cogov.threads import commands, queries
from cogov.threads.api.current import (
    LONG,
    BylineSchema,
    SolutionSchema,
    as_read,
    doors,
    inside_place,
    last_made,
    solutions_of,
)
from cogov.threads.api.versions import PieceSchema
from cogov.threads.queries.amendments import AmendmentShown, amendment_for, amendment_shown, amendments
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.solutions import SIDE_LENGTH, TITLE_LENGTH, Content
from cogov.threads.rules.speaking import ThreadTab


class AmendmentSchema(Schema):
    """A change to a solution: the whole of it as it would read, what that changes, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    on_version = fields.Integer()
    title = fields.String(attribute="content.title")
    text = fields.String(attribute="content.text")
    cost = fields.Integer(attribute="content.cost", allow_none=True)
    needs_permit = fields.Boolean(attribute="content.needs_permit")
    benefits = fields.String(attribute="content.benefits")
    bears = fields.String(attribute="content.bears")
    difference = fields.List(fields.Nested(PieceSchema), attribute="pieces")
    why = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    state = Choice(AmendmentState)
    answer = fields.String()
    answered_by = fields.Nested(BylineSchema, attribute="answered", allow_none=True)
    became_version = fields.Integer(allow_none=True)
    became_solution = fields.Integer(
        attribute="became_number", allow_none=True, metadata={"description": "Number of the solution it became."}
    )


class AmendmentListSchema(Schema):
    """The changes to a solution, the newest first."""

    items = fields.List(fields.Nested(AmendmentSchema))


def _amendment(shown: AmendmentShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    exact = inside or shown.byline.kind != "person"
    said = {"byline": as_read(shown.byline, exact=inside), "answered": as_read(shown.answered, exact=inside)}
    return plain | said | {"at": shown_at(shown.at, exact=exact)}


def _one_amendment(amendment_id: int) -> dict[str, Any]:
    amendment, solution, problem = amendment_for(g.actor, amendment_id)
    shown = amendment_shown(g.actor, amendment, solution, queries.dossier_of(problem))
    return _amendment(shown, inside=inside_place(problem))


@doors.route("/solutions/<id:solution_id>/amendments")
@reading
@doors.response(200, AmendmentListSchema)
@doors.doc(
    operationId="list_amendments",
    summary="The changes that were proposed to a solution, the newest first",
    description="Anybody who can see the problem. `difference` is what a change does to the text it was written on.",
)
def list_amendments(solution_id: int) -> dict[str, Any]:
    """List changes."""
    solution, problem = queries.solution_for(g.actor, solution_id)
    shown = amendments(g.actor, solution, queries.dossier_of(problem))
    return {"items": [_amendment(each, inside=inside_place(problem)) for each in shown]}


class AmendmentBody(Body):
    """The whole of a solution as it would read, and why."""

    title = Text(TITLE_LENGTH, required=True)
    text = Text(LONG, required=True)
    cost = Whole(0, 10**15, allow_none=True, load_default=None, metadata={"description": "In fen."})
    needs_permit = Flag(load_default=False)
    benefits = Text(SIDE_LENGTH, load_default="")
    bears = Text(SIDE_LENGTH, load_default="")
    why = Text(LONG, required=True)


@doors.route("/solutions/<id:solution_id>/amendments", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentBody)
@doors.response(201, AmendmentSchema)
@doors.doc(
    operationId="propose_amendment",
    summary="Propose a change to a solution",
    description="Who lives, owns or serves in the place, while the problem is talked about. Who proposed the solution, "
    "a moderator or the owners' committee takes it in or turns it down with a reason.",
)
def propose_amendment(told: dict[str, Any], solution_id: int) -> dict[str, Any]:
    """Propose a change."""
    why = told.pop("why")
    made = commands.propose_amendment(g.actor, solution_id, content=Content(**told), why=why)
    return _one_amendment(made.id)


class AmendmentAnswerBody(Body):
    """What is said to who proposed the change."""

    words = Text(LONG, load_default="")


class AmendmentReasonBody(Body):
    """Why a change is not taken in; it is public."""

    words = Text(LONG, required=True)


@doors.route("/amendments/<id:amendment_id>/acceptance", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentAnswerBody)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="accept_amendment",
    summary="Take a change in: it becomes the next version, in the name of who proposed it",
    description="Who proposed the solution, a moderator or the owners' committee; only while the solution stands as it "
    "was when the change was written.",
)
def accept_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Take a change in."""
    commands.accept_amendment(g.actor, amendment_id, words=told["words"])
    return _one_amendment(amendment_id)


@doors.route("/amendments/<id:amendment_id>/rejection", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentReasonBody)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="reject_amendment",
    summary="Turn a change down, with a public reason",
    description="Who proposed the solution, a moderator or the owners' committee. Who proposed the change may still "
    "make a solution of it.",
)
def reject_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Turn a change down."""
    commands.reject_amendment(g.actor, amendment_id, words=told["words"])
    return _one_amendment(amendment_id)


class PromotionBody(Body):
    """Under which name a change becomes a solution; empty keeps the name in it."""

    title = Text(TITLE_LENGTH, load_default="")


@doors.route("/amendments/<id:amendment_id>/promotion", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(PromotionBody)
@doors.response(201, SolutionSchema)
@doors.doc(
    operationId="promote_amendment",
    summary="Make a solution of its own of one's change",
    description="Who proposed the change, while it waits or when it was turned down. The solution says out of which "
    "it grew.",
)
def promote_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Make a solution of a change."""
    solution = commands.promote_amendment(g.actor, amendment_id, title=told["title"])
    _, problem = queries.solution_for(g.actor, solution.id)
    return last_made(problem, ThreadTab.SOLUTIONS, solution.number, solutions_of)


@doors.route("/amendments/<id:amendment_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="withdraw_amendment",
    summary="Take one's own change back",
    description="Who proposed it, or their organization, while it waits.",
)
def withdraw_amendment(amendment_id: int) -> dict[str, Any]:
    """Take a change back."""
    commands.withdraw_amendment(g.actor, amendment_id)
    return _one_amendment(amendment_id)
