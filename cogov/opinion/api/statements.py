"""Statements and answers, for programs."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Page, Text, cursor, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.moderation.rules import HoldReason, Mask
from cogov.opinion import commands
from cogov.opinion.api.current import ConversationSchema, StatementSchema, conversation, doors, statement
from cogov.opinion.queries.showing import statements_of, taking
from cogov.opinion.rules.stages import STATEMENT_LENGTH, VALUES, StanceWord, StatementState


class StatementListSchema(Schema):
    """Statements by number."""

    items = fields.List(fields.Nested(StatementSchema))
    next = fields.String()


@doors.route("/conversations/<id:conversation_id>/statements")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, StatementListSchema)
@doors.doc(
    operationId="list_statements",
    summary="The statements of a conversation, by number",
    description="Anybody who can see the problem. How a statement was answered stands in `counted` once you have "
    "answered it, or when the conversation is over; who answered what is told to nobody.",
)
def list_statements(asked: dict[str, Any], conversation_id: int) -> dict[str, Any]:
    """List statements."""
    _, shown, more = statements_of(g.actor, conversation_id, after=cursor(asked["after"]) or 0)
    return {"items": [statement(each) for each in shown], "next": str(more or "")}


class StatementBody(Body):
    """One opinion that others can agree or disagree with."""

    text = Text(STATEMENT_LENGTH, required=True, metadata={"example": "后半夜可以调暗一半。"})


class WrittenSchema(Schema):
    """A statement as it was written: masked where it named somebody's number, held where somebody has to look."""

    id = fields.Integer()
    number = fields.Integer()
    text = fields.String()
    state = Choice(StatementState)
    masked = fields.List(Choice(Mask))
    held = Choice(HoldReason, allow_none=True)


@doors.route("/conversations/<id:conversation_id>/statements", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(StatementBody)
@doors.response(201, WrittenSchema)
@doors.doc(
    operationId="write_statement",
    summary="Write a statement for others to answer",
    description="Who lives, owns or serves in the place, while the conversation is open. What stands already is "
    "refused (`already_written`) and named.",
)
def write_statement(told: dict[str, Any], conversation_id: int) -> dict[str, Any]:
    """Write a statement."""
    written = commands.write_statement(g.actor, conversation_id, text=told["text"])
    row = written.statement
    kept = {name: getattr(row, name) for name in ("id", "number", "text", "state")}
    return kept | {"masked": written.masked, "held": written.held}


class StanceBody(Body):
    """What you answer."""

    answer = Choice(StanceWord, required=True)


@doors.route("/statements/<id:statement_id>/answer", methods=["POST"])
@verb_of(Scope.TAKE_PART, keyed=False)
@doors.arguments(StanceBody)
@doors.response(200, ConversationSchema)
@doors.doc(
    operationId="answer_statement",
    summary="Agree, disagree or pass on a statement; answering again changes the answer",
    description="Who lives or owns in the place, for themselves, while the conversation is open; nobody their own "
    "statement. Nothing of it stands in the journal. The reply says what you are asked next.",
)
def answer_statement(told: dict[str, Any], statement_id: int) -> dict[str, Any]:
    """Answer a statement."""
    row = commands.answer_statement(g.actor, statement_id, VALUES[told["answer"]])
    return conversation(taking(g.actor, row.conversation_id))


@doors.route("/statements/<id:statement_id>/answer", methods=["DELETE"])
@verb_of(Scope.TAKE_PART, keyed=False)
@doors.response(200, ConversationSchema)
@doors.doc(
    operationId="withdraw_answer",
    summary="Take an answer back, as if it had not been given",
    description="Who gave it, while the conversation is open.",
)
def withdraw_answer(statement_id: int) -> dict[str, Any]:
    """Take an answer back."""
    row = commands.withdraw_answer(g.actor, statement_id)
    return conversation(taking(g.actor, row.conversation_id))
