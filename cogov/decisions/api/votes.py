"""Casting, closing, and the answer of the body that is named."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import MARKS, doors
from cogov.decisions.api.shown import DecisionSchema, ResolutionSchema, shown_plainly
from cogov.decisions.queries import ResolutionShown
from cogov.decisions.rules.matters import Bar
from cogov.decisions.rules.methods import LONGEST_MARKS
from cogov.decisions.rules.methods import REASON_LONGEST as BALLOT_REASON_LONGEST
from cogov.decisions.rules.motions import REASON_LONGEST
from cogov.decisions.rules.stages import AdoptAnswer
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    Text,
    When,
    verb_of,
)


class NoticeBody(Body):
    """When ballots are taken; rule, options and electorate freeze when the notice is published."""

    opens_at = When(required=True)
    closes_at = When(required=True)
    item_confirmed = Flag(load_default=False)
    touches = fields.List(
        Choice(Bar), required=True, metadata={"description": "What of the things no vote can do it would touch: []."}
    )


@doors.route("/motions/<id:motion_id>/notice", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(NoticeBody)
@doors.response(201, DecisionSchema)
@doors.doc(
    operationId="publish_notice",
    summary="Publish the voting notice",
    description="Those whom the rule names, for a motion that is tabled. No concern may be open, and the days "
    "of notice of the rule must lie before "
    "`opens_at`. Rule, options and electorate freeze.",
)
def publish_notice(told: dict[str, Any], motion_id: int) -> dict[str, Any]:
    """Publish a notice."""
    decision = commands.publish_notice(g.actor, motion_id, **told)
    return shown_plainly(queries.shown_decision(g.actor, decision.id))


@doors.route("/decisions/<id:decision_id>/opening", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="open_decision",
    summary="Say that the announced hour has come; the clock does it too",
    description="Who can see the problem. The clock does it by itself when the hour has come; before that, and "
    "again, it does nothing.",
)
def open_decision(decision_id: int) -> dict[str, Any]:
    """Open a vote whose hour has come."""
    queries.decision_for(g.actor, decision_id)
    commands.open_decision(g.actor, decision_id)
    return shown_plainly(queries.shown_decision(g.actor, decision_id))


class BallotBody(Body):
    """The choice or the marks; who has several voices says which one."""

    option = Id(allow_none=True, load_default=None, metadata={"description": "Where one option is chosen."})
    marks = Text(LONGEST_MARKS, load_default="", metadata={"description": MARKS, "example": "1:2 3:1"})
    reason = Text(BALLOT_REASON_LONGEST, load_default="")
    reason_public = Flag(
        load_default=False,
        metadata={"description": "Whether the reason may be published after the close, once a moderator has read it."},
    )
    head = Id(allow_none=True, load_default=None)


class ReceiptSchema(Schema):
    """That a ballot was taken; it shows no choice."""

    ordinal = fields.Integer()
    receipt = fields.String()
    cast_at = When()
    missing = fields.Integer(
        metadata={
            "description": "Only where all co-owners cast one ballot, and it is not cast yet: how many have not "
            "signed; 0 if they have marked it differently."
        }
    )


@doors.route("/decisions/<id:decision_id>/ballot", methods=["POST"])
@verb_of(scopes.Scope.VOTE, keyed=False)
@doors.arguments(BallotBody)
@doors.response(200, ReceiptSchema)
@doors.doc(
    operationId="cast_ballot",
    summary="Cast your ballot; until closing, the last one counts",
    description="Those on the electorate, while it runs. The last ballot before the close counts; the receipt "
    "shows no choice. It takes no `Idempotency-Key`, because the answer kept under it would say how "
    "you voted.",
)
def cast_ballot(told: dict[str, Any], decision_id: int) -> Any:
    """Cast a ballot."""
    ballot = commands.cast_ballot(
        g.actor,
        decision_id,
        option_id=told["option"],
        marks=told["marks"],
        reason=told["reason"],
        head_id=told["head"],
    )
    if told["reason_public"]:
        commands.allow_reason(g.actor, decision_id, head_id=ballot.head_id, agrees=True)
    return ballot


@doors.route("/decisions/<id:decision_id>/closing", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="close_decision",
    summary="Count a vote whose hour has come; the clock does it too",
    description="Who can see the problem. The clock does it by itself when the hour has come; before that it "
    "is refused.",
)
def close_decision(decision_id: int) -> dict[str, Any]:
    """Close a vote."""
    queries.decision_for(g.actor, decision_id)
    commands.close_decision(g.actor, decision_id)
    return shown_plainly(queries.shown_decision(g.actor, decision_id))


class AnswerBody(Body):
    """Whether the body adopts what was resolved; if not wholly, why."""

    answer = Choice(AdoptAnswer, required=True)
    reason = Text(REASON_LONGEST, load_default="")


@doors.route("/resolutions/<id:resolution_id>/answer", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(AnswerBody)
@doors.response(200, ResolutionSchema)
@doors.doc(
    operationId="answer_resolution",
    summary="Answer a resolution for the body that it names",
    description="An official of the body that the resolution names, once. Whoever does not adopt it wholly says "
    "why; a late answer is shown as late.",
)
def answer_resolution(told: dict[str, Any], resolution_id: int) -> ResolutionShown:
    """Answer a resolution."""
    commands.answer_resolution(g.actor, resolution_id, **told)
    resolution, _ = queries.resolution_for(g.actor, resolution_id)
    return queries.shown_resolution(g.actor, resolution)
