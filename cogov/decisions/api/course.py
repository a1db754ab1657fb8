"""Closing at another hour, annulling, objections, outcome."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import doors
from cogov.decisions.api.shown import shown_words
from cogov.decisions.queries.course import course_of
from cogov.decisions.rules.course import OBJECTION_LONGEST, STATEMENT_LONGEST, CourseKind
from cogov.decisions.rules.law import Annuller
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    RefusalSchema,
    Text,
    When,
    reading,
    verb_of,
)


class CourseActSchema(Schema):
    """Another hour to close, or an annulment, asked for by one person and signed by another."""

    id = fields.Integer()
    kind = Choice(CourseKind)
    reason = fields.String()
    closes_at = When(allow_none=True)
    annuller = Choice(Annuller, allow_none=True)
    document = fields.String()
    dated = fields.Date(allow_none=True)
    asked_for = fields.String(metadata={"description": "The organization for which it was asked."})
    asked_at = When()
    until = When(metadata={"description": "Until when a second person can sign."})
    settled_at = When(allow_none=True)
    agreed = fields.Boolean(allow_none=True)


class ObjectionSchema(Schema):
    """An objection to a result, without who made it, and its answer."""

    id = fields.Integer()
    text = fields.String()
    at = When()
    answer = fields.String()
    answered_for = fields.String()
    answered_at = When(allow_none=True)
    mine = fields.Boolean()


class CourseSchema(Schema):
    """What was asked for, objected and said of a vote."""

    acts = fields.List(fields.Nested(CourseActSchema))
    objections = fields.List(fields.Nested(ObjectionSchema))
    objections_until = When(allow_none=True)
    annulled_at = When(allow_none=True)
    statement = fields.String()
    stated_at = When(allow_none=True)
    review_on = fields.Date(allow_none=True)
    refusals = fields.Dict(keys=fields.String(), values=fields.Nested(RefusalSchema, allow_none=True))


def _course(decision_id: int) -> dict[str, Any]:
    decision, _ = queries.decision_for(g.actor, decision_id)
    course = course_of(g.actor, decision)
    acts = ("object", "answer", "state")
    return {**vars(course), "refusals": {act: shown_words(getattr(course, f"why_not_{act}")) for act in acts}}


@doors.route("/decisions/<id:decision_id>/course")
@reading
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="show_course",
    summary="Whether a vote closes at another hour, was annulled or objected to, and what became of it",
    description="Anybody who can see the problem. Another hour and an annulment are asked for and signed by two "
    "people on the page of the vote; `refusals` says whether the person of the token may object, answer and state.",
)
def show_course(decision_id: int) -> dict[str, Any]:
    """Show the course of a vote."""
    return _course(decision_id)


class ObjectionBody(Body):
    """What is wrong with the result."""

    text = Text(OBJECTION_LONGEST, required=True)


@doors.route("/decisions/<id:decision_id>/objections", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(ObjectionBody)
@doors.response(201, CourseSchema)
@doors.doc(
    operationId="object_to_result",
    summary="Object to a result before it takes effect",
    description="Those who vote here, once each, in the days for which the place lets a result wait. It is shown "
    "without a name and answered before anything takes effect.",
)
def object_to_result(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Object to a result."""
    commands.object_to(g.actor, decision_id, text=told["text"])
    return _course(decision_id)


class ObjectionAnswerBody(Body):
    """The answer, which everybody reads."""

    answer = Text(OBJECTION_LONGEST, required=True)


@doors.route("/objections/<id:objection_id>/answer", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(ObjectionAnswerBody)
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="answer_objection",
    summary="Answer an objection to a result",
    description="Those who put motions on the agenda, and the street office, once.",
)
def answer_objection(told: dict[str, Any], objection_id: int) -> dict[str, Any]:
    """Answer an objection."""
    return _course(commands.answer_objection(g.actor, objection_id, answer=told["answer"]).decision_id)


class OutcomeBody(Body):
    """What became of it, and when it is looked at again."""

    statement = Text(STATEMENT_LONGEST, required=True)
    review_on = fields.Date(allow_none=True, load_default=None)


@doors.route("/decisions/<id:decision_id>/outcome", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(OutcomeBody)
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="state_outcome",
    summary="Say what became of a decision, and when it is looked at again",
    description="Those who put motions on the agenda, and the street office. The last word stands; on the day of "
    "review everybody of the dossier is reminded.",
)
def state_outcome(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Say what became of a decision."""
    commands.state_outcome(g.actor, decision_id, **told)
    return _course(decision_id)
