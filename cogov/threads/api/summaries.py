"""The summary of a discussion for programs, what is proposed, what people say of minutes, and how far one has read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Flag, Id, Text, Whole, reading, shown_at, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.api.current import LONG, BylineSchema, doors
from cogov.threads.api.versions import PieceSchema
from cogov.threads.queries import reading as readings
from cogov.threads.queries.summaries import (
    SummaryShown,
    answers_of,
    changes_of,
    own_answer,
    summaries,
    summary_for,
    top_summary,
)
from cogov.threads.rules.summaries import MOST_SOURCES, REASON_LENGTH, SummaryKind, SummaryState

NUMBERS = 1_000_000


class SummarySchema(Schema):
    """A version of the summary of a discussion; minutes are answered by who takes part."""

    id = fields.Integer()
    number = fields.Integer(allow_none=True, metadata={"description": "None while it is only proposed."})
    kind = Choice(SummaryKind)
    state = Choice(SummaryState)
    text = fields.String()
    base = fields.Integer(metadata={"description": "The number of the version that it was written on."})
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    sources = fields.List(fields.Integer(), metadata={"description": "Messages that it rests on."})
    endorsed = fields.Integer()
    objected = fields.Integer()
    reason = fields.String(metadata={"description": "Why it was declined."})
    changes = fields.List(fields.Nested(PieceSchema), metadata={"description": "Against the version it stands upon."})


class MinutesAnswerSchema(Schema):
    """What somebody who takes part says of minutes."""

    endorses = fields.Boolean()
    reason = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()


class SummariesSchema(Schema):
    """All versions of a summary, the latest first; proposals; and what people say of the latest minutes."""

    versions = fields.List(fields.Nested(SummarySchema))
    proposed = fields.List(fields.Nested(SummarySchema))
    declined = fields.List(fields.Nested(SummarySchema))
    answers = fields.List(fields.Nested(MinutesAnswerSchema))
    own_answer = fields.Boolean(allow_none=True, metadata={"description": "Whether you endorsed the minutes."})


def _plain(shown: Any, *, inside: bool, changes: Any = ()) -> dict[str, Any]:
    told = {name: getattr(shown, name) for name in shown.__dataclass_fields__}
    told["at"] = shown_at(shown.at, exact=inside or shown.byline.kind != "person")
    return {**told, "changes": changes}


def _all(problem: Problem) -> dict[str, Any]:
    inside = g.actor.inside(queries.dossier_of(problem).code)
    top = top_summary(problem.id)
    standing = summaries(problem.id, SummaryState.STANDING)
    current = top.latest.text if top.latest else ""

    def shown(found: Iterable[SummaryShown], upon: str) -> list[dict[str, Any]]:
        return [_plain(each, inside=inside, changes=changes_of(each, upon) if upon else ()) for each in found]

    return {
        "versions": shown(standing, ""),
        "proposed": shown(summaries(problem.id, SummaryState.PROPOSED), current),
        "declined": shown(summaries(problem.id, SummaryState.DECLINED), ""),
        "answers": [_plain(each, inside=inside) for each in answers_of(problem.id, top.minutes.id)]
        if top.minutes
        else [],
        "own_answer": own_answer(g.actor, top),
    }


@doors.route("/problems/<number>/summary")
@reading
@doors.response(200, SummariesSchema)
@doors.doc(
    operationId="show_summary",
    summary="What stands on top of a discussion, with its versions and proposals",
    description="Anybody who can see the problem. A proposal says what it changes in the version that stands.",
)
def show_summary(number: str) -> dict[str, Any]:
    """Show the summary of a discussion."""
    return _all(problem_for(g.actor, number))


class ProposedSummaryBody(Body):
    """Another version of the summary, and on which one it was written."""

    text = Text(LONG, required=True, metadata={"example": "大家同意装灯；还没定谁出电费。"})
    base = Whole(0, NUMBERS, required=True, metadata={"description": "Number of the version seen, 0 for none."})
    sources = fields.List(Id(), load_default=list, metadata={"maxItems": MOST_SOURCES})


class SummaryBody(ProposedSummaryBody):
    """A version of the summary; as minutes it asks who takes part."""

    kind = Choice(SummaryKind, load_default=SummaryKind.SUMMARY)


@doors.route("/problems/<number>/summary", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(SummaryBody)
@doors.response(201, SummariesSchema)
@doors.doc(
    operationId="write_summary",
    summary="Give the summary of a discussion a new version",
    description="A moderator, the chair or the owners' committee, upon the version that stands.",
)
def write_summary(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Write the summary."""
    commands.write_summary(g.actor, number, **told)
    return _all(problem_for(g.actor, number))


@doors.route("/problems/<number>/summary/proposals", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ProposedSummaryBody)
@doors.response(201, SummariesSchema)
@doors.doc(
    operationId="propose_summary",
    summary="Propose another version of the summary",
    description="Who may speak about the problem; a few proposals of one person may wait at once.",
)
def propose_summary(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Propose a version of the summary."""
    commands.propose_summary(g.actor, number, **told)
    return _all(problem_for(g.actor, number))


class AcceptanceBody(Body):
    """Beside which version the proposal was seen."""

    base = Whole(0, NUMBERS, required=True)


@doors.route("/summaries/<id:summary_id>/acceptance", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(AcceptanceBody)
@doors.response(200, SummariesSchema)
@doors.doc(
    operationId="accept_summary",
    summary="Make a proposed version the summary",
    description="Who keeps the summary, for a proposal of somebody else.",
)
def accept_summary(told: dict[str, Any], summary_id: int) -> dict[str, Any]:
    """Accept a proposal."""
    commands.accept_summary(g.actor, summary_id, base=told["base"])
    return _all(summary_for(g.actor, summary_id)[1])


class RefusalBody(Body):
    """Why a proposal is not taken; it is public."""

    reason = Text(REASON_LENGTH, required=True, metadata={"example": "这一句还没有商量过。"})


@doors.route("/summaries/<id:summary_id>/refusal", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(RefusalBody)
@doors.response(200, SummariesSchema)
@doors.doc(
    operationId="decline_summary",
    summary="Decline a proposed version of the summary",
    description="Who keeps the summary, for a proposal of somebody else, with a public reason.",
)
def decline_summary(told: dict[str, Any], summary_id: int) -> dict[str, Any]:
    """Decline a proposal."""
    commands.decline_summary(g.actor, summary_id, reason=told["reason"])
    return _all(summary_for(g.actor, summary_id)[1])


class AnswerOfMinutesBody(Body):
    """Whether minutes are right; who objects says what is wrong."""

    endorses = Flag(required=True)
    reason = Text(REASON_LENGTH, metadata={"example": "我说的是三楼，不是二楼。"})


@doors.route("/summaries/<id:summary_id>/answers", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AnswerOfMinutesBody)
@doors.response(201, SummariesSchema)
@doors.doc(
    operationId="answer_minutes",
    summary="Endorse minutes, or object to them",
    description="Who may speak about the problem and did not write them; answering again changes one's answer.",
)
def answer_minutes(told: dict[str, Any], summary_id: int) -> dict[str, Any]:
    """Answer minutes."""
    commands.answer_minutes(g.actor, summary_id, endorses=told["endorses"], reason=told.get("reason") or "")
    return _all(summary_for(g.actor, summary_id)[1])


class ReadingSchema(Schema):
    """What is new to you in a thread; nobody else is told."""

    marked = fields.Boolean()
    count = fields.Integer(metadata={"description": "At most a hundred."})
    first = fields.Integer(allow_none=True, metadata={"description": "Id of the first new message."})


class ReadingBody(Body):
    """Up to which message one has read; everything unless named."""

    message = Id()


@doors.route("/problems/<number>/reading", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ReadingBody)
@doors.response(200, ReadingSchema)
@doors.doc(
    operationId="mark_read",
    summary="Remember how far you have read a thread",
    description="Anybody who can see the problem; the mark is yours alone and never goes back.",
)
def mark_read(told: dict[str, Any], number: str) -> Any:
    """Remember how far somebody has read."""
    commands.mark_read(g.actor, number, message=told.get("message"))
    return readings.reading(g.actor, problem_for(g.actor, number).id)
