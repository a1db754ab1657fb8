"""What programs are shown of a conversation; what somebody answered is shown to nobody but themselves."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from cogov.ground.api import Choice, Said, When, door
from cogov.opinion.queries.showing import StatementShown, Taking
from cogov.opinion.rules.stages import VALUES, ConversationState, StanceWord, StatementState

doors = door("opinion", "What a neighbourhood is asked: statements, answers, and the map of opinions")

WORDS = {value: word for word, value in VALUES.items()}


class StatementSchema(Schema):
    """A statement; how it was answered stands in `counted` once one has answered it, or when all is over."""

    id = fields.Integer()
    number = fields.Integer()
    text = fields.String()
    state = Choice(StatementState)
    by = fields.String(metadata={"description": "The organization that wrote it; residents' names are not told."})
    own = fields.Boolean()
    answer = Choice(StanceWord, allow_none=True, metadata={"description": "What you answered, if you did."})
    counted = Said(allow_none=True)


class OwnStatementSchema(Schema):
    """What you wrote, and what became of it, in sentences."""

    id = fields.Integer()
    number = fields.Integer()
    text = fields.String()
    state = Choice(StatementState)
    told = fields.List(Said())


class ConversationSchema(Schema):
    """A question to a neighbourhood, how far it is, and what you are asked next."""

    id = fields.Integer()
    number = fields.Integer()
    problem = fields.String()
    question = fields.String()
    opens_at = When()
    closes_at = When()
    closed_at = When(allow_none=True)
    state = Choice(ConversationState)
    people = fields.Integer()
    statements = fields.Integer()
    to_answer = fields.Integer(metadata={"description": "Statements that are yours to answer: all but your own."})
    answered = fields.Integer(metadata={"description": "How many of them you have answered."})
    asked = fields.Nested(StatementSchema, allow_none=True, metadata={"description": "What you are asked next."})
    own = fields.List(fields.Nested(OwnStatementSchema))
    drawn_at = When(allow_none=True, metadata={"description": "When its map was drawn last."})


def statement(shown: StatementShown) -> dict[str, Any]:
    """Return a statement as programs see it."""
    plain = {name: getattr(shown, name) for name in ("id", "number", "text", "state", "by", "own", "counted")}
    return plain | {"answer": None if shown.answer is None else WORDS[shown.answer]}


def conversation(taken: Taking) -> dict[str, Any]:
    """Return a conversation as programs see it."""
    row = taken.conversation
    kept = ("id", "number", "question", "opens_at", "closes_at", "closed_at")
    seen = ("state", "people", "statements", "to_answer", "answered", "own", "drawn_at")
    return {
        **{name: getattr(row, name) for name in kept},
        **{name: getattr(taken, name) for name in seen},
        "problem": taken.problem.number,
        "asked": None if taken.asked is None else statement(taken.asked),
    }
