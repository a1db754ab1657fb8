"""Open rounds: asked, answered openly, summed up; nothing is decided by them."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands
from cogov.decisions.api.current import doors
from cogov.decisions.api.shown import shown_words
from cogov.decisions.queries.rounds import rounds_of, shown_round
from cogov.decisions.rules.rounds import QUESTION_LONGEST, SUMMARY_LONGEST, Reason, RoundChoice, RoundKind, Voice
from cogov.ground import scopes
from cogov.ground.api import Body, Choice, RefusalSchema, Text, When, reading, shown_at, verb_of
from cogov.ground.pages import words
from cogov.problems.queries import problem_for
from cogov.threads.rules.concerns import REASON_LENGTH


class RoundRowSchema(Schema):
    """An open round in a list."""

    id = fields.Integer()
    kind = Choice(RoundKind)
    question = fields.String()
    closes_at = When()
    runs = fields.Boolean()
    summary = fields.String()
    answers = fields.Integer(metadata={"description": "How many people answered."})


class RoundListSchema(Schema):
    """The open rounds of a problem, the newest first."""

    rounds = fields.List(fields.Nested(RoundRowSchema))


class RoundAnswerSchema(Schema):
    """What somebody said."""

    name = fields.String(metadata={"description": "The name on the dossier."})
    voice = Choice(Voice, allow_none=True, metadata={"description": "Nothing for readers from outside."})
    choice = Choice(RoundChoice)
    at = fields.String(metadata={"description": "The moment; for readers from outside the day alone."})
    concern = fields.Integer(
        allow_none=True, metadata={"description": "Number of the concern in which a block gives its reason."}
    )
    mine = fields.Boolean()


class RoundSchema(Schema):
    """An open round. Voices are never added up."""

    id = fields.Integer()
    number = fields.String(metadata={"description": "Of the problem."})
    kind = Choice(RoundKind)
    question = fields.String()
    asked_for = fields.String()
    opened_at = When()
    closes_at = When()
    closed_at = When(allow_none=True)
    summary = fields.String()
    runs = fields.Boolean()
    tally = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()))
    answers = fields.List(fields.Nested(RoundAnswerSchema))
    mine = Choice(RoundChoice, allow_none=True)
    refusal = fields.Nested(
        RefusalSchema, allow_none=True, metadata={"description": "Why the person of the token cannot answer."}
    )


def _round(round_id: int) -> dict[str, Any]:
    shown = shown_round(g.actor, round_id)
    told = {
        "answers": [
            {**vars(answer), "name": words(answer.name), "at": shown_at(answer.at, exact=shown.exact)}
            for answer in shown.answers
        ],
        "tally": {str(voice): {str(each): n for each, n in counts.items()} for voice, counts in shown.tally.items()},
        "refusal": shown_words(shown.why_not_answer),
    }
    return vars(shown) | told


@doors.route("/problems/<number>/rounds")
@reading
@doors.response(200, RoundListSchema)
@doors.doc(
    operationId="list_rounds",
    summary="The open rounds of a problem",
    description="Anybody who can see the problem. A round decides nothing, and owners, tenants and "
    "others are never added up.",
)
def list_rounds(number: str) -> dict[str, Any]:
    """List the open rounds of a problem."""
    return {"rounds": rounds_of(problem_for(g.actor, number).id)}


@doors.route("/rounds/<id:round_id>")
@reading
@doors.response(200, RoundSchema)
@doors.doc(
    operationId="show_round",
    summary="Who said what in an open round",
    description="Anybody who can see the problem. Nothing is decided by a round; owners, tenants and others who live "
    "here are counted apart.",
)
def show_round(round_id: int) -> dict[str, Any]:
    """Show an open round."""
    return _round(round_id)


class RoundBody(Body):
    """What is asked, how it is answered, and until when."""

    question = Text(QUESTION_LONGEST, required=True)
    kind = Choice(RoundKind, load_default=RoundKind.HANDS)
    closes_at = When(required=True)


@doors.route("/problems/<number>/rounds", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(RoundBody)
@doors.response(201, RoundSchema)
@doors.doc(
    operationId="open_round",
    summary="Ask everybody of the place one question, to be answered openly",
    description="Moderators and chairs. A show of hands, or a round of consent, in which somebody can block with a "
    "reason. Not about a topic that was declared fixed.",
)
def open_round(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Ask a round."""
    return _round(commands.open_round(g.actor, number, **told).id)


class RoundAnswerBody(Body):
    """What is said; a block gives its harm and what would remove it."""

    choice = Choice(RoundChoice, required=True)
    harm = Text(REASON_LENGTH, load_default="")
    remedy = Text(REASON_LENGTH, load_default="")


@doors.route("/rounds/<id:round_id>/answers", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(RoundAnswerBody)
@doors.response(200, RoundSchema)
@doors.doc(
    operationId="answer_round",
    summary="Answer an open round under one's name on the dossier",
    description="Whoever lives or owns here, until the close; answering again replaces the answer. A block raises a "
    "concern, which the accountable body has to answer.",
)
def answer_round(told: dict[str, Any], round_id: int) -> dict[str, Any]:
    """Answer a round."""
    reason = Reason(told["harm"], told["remedy"])
    commands.answer_round(g.actor, round_id, choice=told["choice"], reason=reason)
    return _round(round_id)


class SummaryBody(Body):
    """What was heard."""

    summary = Text(SUMMARY_LONGEST, required=True)


@doors.route("/rounds/<id:round_id>/closure", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(SummaryBody)
@doors.response(200, RoundSchema)
@doors.doc(
    operationId="close_round",
    summary="End an open round and say what was heard",
    description="Moderators and chairs, once, before the announced hour or after it.",
)
def close_round(told: dict[str, Any], round_id: int) -> dict[str, Any]:
    """End a round."""
    commands.close_round(g.actor, round_id, summary=told["summary"])
    return _round(round_id)
