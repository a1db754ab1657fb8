"""Conversations, for programs."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields

from cogov.ground.api import Body, Choice, Text, When, reading, verb_of
from cogov.ground.clock import now
from cogov.ground.pages import words
from cogov.ground.scopes import Scope
from cogov.ground.words import say
from cogov.opinion import commands
from cogov.opinion.api.current import ConversationSchema, conversation, doors
from cogov.opinion.queries import asked_of, conversations_of
from cogov.opinion.queries.showing import taking
from cogov.opinion.rules.stages import QUESTION_LENGTH, STATEMENT_LENGTH, ConversationState
from cogov.opinion.rules.taking import MOST_SEEDS
from cogov.problems.queries import problem_for


class QuestionSchema(Schema):
    """A question that was asked, or is."""

    id = fields.Integer()
    number = fields.Integer()
    question = fields.String()
    opens_at = When()
    closes_at = When()
    closed_at = When(allow_none=True)
    state = Choice(ConversationState)


class QuestionListSchema(Schema):
    """All questions of a problem, the last one first."""

    items = fields.List(fields.Nested(QuestionSchema))


@doors.route("/problems/<number>/conversations")
@reading
@doors.response(200, QuestionListSchema)
@doors.doc(
    operationId="list_conversations",
    summary="What a neighbourhood was asked about a problem, the last question first",
    description="Anybody who can see the problem. One question of a problem is open at a time; those before it stay.",
)
def list_conversations(number: str) -> dict[str, Any]:
    """List conversations."""
    rows = conversations_of(problem_for(g.actor, number).id)
    kept = ("id", "number", "question", "opens_at", "closes_at", "closed_at")
    at = now()
    return {
        "items": [{**{name: getattr(row, name) for name in kept}, "state": asked_of(row).state(at)} for row in rows]
    }


def _few(statements: list[str]) -> None:
    if len(statements) > MOST_SEEDS:
        raise ValidationError(words(say("最多 {n} 条观点。", n=MOST_SEEDS)))


class QuestionBody(Body):
    """A question, when it may be answered, and statements to begin with."""

    question = Text(QUESTION_LENGTH, required=True, metadata={"example": "东门的路灯怎么改，大家才放心？"})
    opens_at = When(metadata={"description": "Now, where it is left out."})
    closes_at = When(required=True)
    statements = fields.List(
        Text(STATEMENT_LENGTH), load_default=list, validate=_few, metadata={"maxItems": MOST_SEEDS}
    )


@doors.route("/problems/<number>/conversations", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(QuestionBody)
@doors.response(201, ConversationSchema)
@doors.doc(
    operationId="open_conversation",
    summary="Ask a neighbourhood a question",
    description="A moderator, the owners' committee, the chair, an official or the street office; one question of a "
    "problem is open at a time. What people answer is told to nobody, and binds nobody.",
)
def open_conversation(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Open a conversation."""
    opened = commands.open_conversation(
        g.actor,
        number,
        question=told["question"],
        opens_at=told.get("opens_at"),
        closes_at=told["closes_at"],
        statements=told["statements"],
    )
    return conversation(taking(g.actor, opened.id))


@doors.route("/conversations/<id:conversation_id>")
@reading
@doors.response(200, ConversationSchema)
@doors.doc(
    operationId="read_conversation",
    summary="A question, how far you are, what you are asked next, and what became of what you wrote",
    description="Anybody who can see the problem; what concerns you stands there only for you.",
)
def read_conversation(conversation_id: int) -> dict[str, Any]:
    """Read a conversation."""
    return conversation(taking(g.actor, conversation_id))


@doors.route("/conversations/<id:conversation_id>/closure", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, ConversationSchema)
@doors.doc(
    operationId="close_conversation",
    summary="Close a conversation before its time",
    description="Who may open one. Its last map is drawn afterwards, in the background.",
)
def close_conversation(conversation_id: int) -> dict[str, Any]:
    """Close a conversation."""
    commands.close_conversation(g.actor, conversation_id)
    return conversation(taking(g.actor, conversation_id))
