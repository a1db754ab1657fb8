"""Moderation for programs: the same verbs and the same refusals as on the pages, and the public ledger."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from cogov.front.moderation.reading import Sheet, sheet_of
from cogov.ground.api import Body, Choice, Flag, Text, When, door, reading, verb_of
from cogov.ground.clock import now
from cogov.ground.scopes import Scope
from cogov.moderation import commands
from cogov.moderation.commands import BASIS_LENGTH, ORGAN_LENGTH
from cogov.moderation.queries import SINCE, blocks_counted, ledger, orders
from cogov.moderation.rules import (
    APPEAL_LENGTH,
    WORDS_LENGTH,
    FlagReason,
    HoldReason,
    Order,
    ReviewState,
    ReviewVerdict,
    SubjectKind,
)
from cogov.opinion.commands import flag_statement, withdraw_statement
from cogov.places.queries import place_by_code
from cogov.threads.commands import flag_message, withdraw_message
from cogov.threads.queries.slowing import times_slowed

doors = door("moderation", "What was written and should perhaps not stand: flags, reviews, appeals, the ledger")


class FlagOfReviewSchema(Schema):
    """A flag: why, never by whom."""

    reason = Choice(FlagReason)
    words = fields.String()


class ReviewAppealSchema(Schema):
    """The author's appeal, and what a second person answered."""

    words = fields.String()
    at = When()
    granted = fields.Boolean(allow_none=True)
    answer = fields.String()
    answered_at = When(allow_none=True)


class ReviewSchema(Schema):
    """A review, for the author or for those who decide it."""

    id = fields.Integer()
    subject = Choice(SubjectKind)
    subject_id = fields.Integer()
    problem = fields.String(metadata={"description": "Number of the problem it was said about."})
    state = Choice(ReviewState)
    held = Choice(HoldReason, allow_none=True)
    above = fields.Boolean(metadata={"description": "The street office decides: it is about the committee itself."})
    own = fields.Boolean()
    text = fields.String(metadata={"description": "The words; empty where they are sealed and no look was asked for."})
    flagged_text = fields.String(metadata={"description": "What it said when it was flagged, if it was edited since."})
    sealed = fields.Boolean()
    flags = fields.List(fields.Nested(FlagOfReviewSchema))
    opened_at = When()
    reason = Choice(FlagReason, allow_none=True)
    words = fields.String()
    decided_at = When(allow_none=True)
    appeal_until = When(allow_none=True)
    appeal = fields.Nested(ReviewAppealSchema, allow_none=True)
    order_organ = fields.String()
    order_basis = fields.String()
    order_date = fields.Date(allow_none=True)


def _plain(sheet: Sheet) -> dict[str, Any]:
    review = sheet.shown.review
    names = ("id", "subject", "subject_id", "state", "held", "opened_at", "reason", "words", "decided_at")
    orders_ = ("appeal_until", "order_organ", "order_basis", "order_date")
    return {
        **{name: getattr(review, name) for name in (*names, *orders_)},
        "problem": sheet.about.number,
        "above": review.above and not sheet.own,  # it could tell the author who flagged
        "own": sheet.own,
        "text": sheet.text,
        "flagged_text": sheet.flagged,
        "sealed": sheet.sealed,
        "flags": sheet.shown.flags,
        "appeal": sheet.shown.appeal,
    }


class FlagBody(Body):
    """Why a message should perhaps not stand."""

    reason = Choice(FlagReason, required=True)
    words = Text(WORDS_LENGTH, metadata={"example": "写了邻居的电话。"})
    about_committee = Flag(metadata={"description": "It is about the committee; then the level above decides."})


class FlaggedSchema(Schema):
    """That a flag was taken."""

    flagged = fields.Boolean()


@doors.route("/messages/<id:message_id>/flags", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(FlagBody)
@doors.response(201, FlaggedSchema)
@doors.doc(
    operationId="flag_message",
    summary="Flag a message",
    description="Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.",
)
def flag(told: dict[str, Any], message_id: int) -> dict[str, Any]:
    """Flag a message."""
    flag_message(
        g.actor,
        message_id,
        reason=told["reason"],
        words=told.get("words") or "",
        about_committee=bool(told.get("about_committee")),
    )
    return {"flagged": True}


class WithdrawnMessageSchema(Schema):
    """A message that was taken back."""

    id = fields.Integer()
    state = fields.String()


@doors.route("/messages/<id:message_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, WithdrawnMessageSchema)
@doors.doc(
    operationId="withdraw_message",
    summary="Take one's own message back",
    description="Its author, while it stands; the words are erased.",
)
def withdraw(message_id: int) -> Any:
    """Take a message back."""
    return withdraw_message(g.actor, message_id)


@doors.route("/reviews/<id:review_id>")
@reading
@doors.response(200, ReviewSchema)
@doors.doc(
    operationId="show_review",
    summary="A review",
    description="The author, and those who decide it; to others it does not exist.",
)
def show(review_id: int) -> dict[str, Any]:
    """Show a review."""
    return _plain(sheet_of(g.actor, review_id))


class ReviewDecisionBody(Body):
    """Leave it or take it down."""

    verdict = Choice(ReviewVerdict, required=True)
    reason = Choice(FlagReason, metadata={"description": "The clause; needed to take it down."})
    words = Text(WORDS_LENGTH, metadata={"example": "请删去电话再发。"})


@doors.route("/reviews/<id:review_id>/decision", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(ReviewDecisionBody)
@doors.response(200, ReviewSchema)
@doors.doc(
    operationId="decide_review",
    summary="Leave a text, or take it down",
    description="A moderator of the place or the street office; of what is about the committee, the street office.",
)
def decide(told: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Decide a review."""
    commands.decide_review(
        g.actor, review_id, verdict=told["verdict"], reason=told.get("reason"), words=told.get("words") or ""
    )
    return _plain(sheet_of(g.actor, review_id))


class OrderBody(Body):
    """An order: organ, legal basis, day."""

    organ = Text(ORGAN_LENGTH, required=True, metadata={"example": "区网信办"})
    basis = Text(BASIS_LENGTH, required=True, metadata={"example": "网络信息内容生态治理规定第六条"})
    dated = fields.Date(required=True, metadata={"example": "2026-11-02"})


@doors.route("/reviews/<id:review_id>/order", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(OrderBody)
@doors.response(200, ReviewSchema)
@doors.doc(
    operationId="order_text_down",
    summary="Take a text down by order",
    description="The street office; organ, basis and day stand in the public ledger.",
)
def order(told: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Take a text down by order."""
    ordered = commands.order_down(g.actor, review_id, order=Order(told["organ"], told["basis"], told["dated"]))
    return _plain(sheet_of(g.actor, ordered.id))


@doors.route("/reviews/<id:review_id>/look", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, ReviewSchema)
@doors.doc(
    operationId="look_at_sealed",
    summary="Read sealed words",
    description="Those who decide; the look is written down.",
)
def look(review_id: int) -> dict[str, Any]:
    """Read sealed words."""
    commands.read_sealed(g.actor, review_id)
    return _plain(sheet_of(g.actor, review_id, open_seal=True))


class RemovalAppealBody(Body):
    """Why it should be put back."""

    words = Text(APPEAL_LENGTH, required=True, metadata={"example": "我说的是单位的做法，没有骂人。"})


@doors.route("/reviews/<id:review_id>/appeal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(RemovalAppealBody)
@doors.response(201, ReviewSchema)
@doors.doc(
    operationId="appeal_removal", summary="Appeal against a removal", description="The author, once, within the limit."
)
def appeal(told: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Appeal against a removal."""
    commands.appeal_removal(g.actor, review_id, words=told["words"])
    return _plain(sheet_of(g.actor, review_id))


class RemovalAnswerBody(Body):
    """What a second person answers."""

    granted = Flag(required=True)
    words = Text(APPEAL_LENGTH, required=True, metadata={"example": "批评单位不违反规则，恢复。"})


@doors.route("/reviews/<id:review_id>/appeal/answer", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(RemovalAnswerBody)
@doors.response(200, ReviewSchema)
@doors.doc(
    operationId="answer_removal_appeal",
    summary="Answer an appeal",
    description="Somebody who has not acted in the matter before.",
)
def answer(told: dict[str, Any], review_id: int) -> dict[str, Any]:
    """Answer an appeal."""
    commands.answer_removal_appeal(g.actor, review_id, granted=told["granted"], words=told["words"])
    return _plain(sheet_of(g.actor, review_id))


class LedgerQuery(Schema):
    """Of which place."""

    place = fields.String(required=True, validate=validate.Length(1, 20), metadata={"description": "Code of a place."})


class OrderedSchema(Schema):
    """What was taken down by order."""

    organ = fields.String()
    basis = fields.String()
    dated = fields.Date()


class LedgerSchema(Schema):
    """Counts of the last twelve months."""

    reviews = fields.Integer()
    open = fields.Integer()
    kept = fields.Integer()
    removed = fields.Integer()
    ordered = fields.Integer()
    held = fields.Integer()
    appeals = fields.Integer()
    answered = fields.Integer()
    overturned = fields.Integer()
    overdue = fields.Integer()
    hours = fields.Integer(allow_none=True, metadata={"description": "The middle time to a decision, whole hours."})
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer())
    orders = fields.List(fields.Nested(OrderedSchema))
    blocks = fields.Integer(metadata={"description": "People who could not write for a while."})
    blocks_appealed = fields.Integer()
    blocks_ended = fields.Integer(metadata={"description": "Those that ended by an appeal."})
    slowed = fields.Integer(metadata={"description": "How often a topic was slowed."})


@doors.route("/moderation")
@reading
@doors.arguments(LedgerQuery, location="query")
@doors.response(200, LedgerSchema)
@doors.doc(
    operationId="moderation_ledger",
    summary="The public ledger of moderation",
    description="Anybody. Counts, reasons, times, the share that was overturned, and orders with organ, basis and day.",
)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """Show the ledger."""
    place = place_by_code(asked["place"])
    counts, blocks = ledger(place, now() - SINCE), blocks_counted(place, now() - SINCE)
    return {
        **{name: getattr(counts, name) for name in counts.__dataclass_fields__},
        "reasons": {reason.value: number for reason, number in counts.reasons.items()},
        "orders": orders(place),
        "blocks": blocks.blocks,
        "blocks_appealed": blocks.appealed,
        "blocks_ended": blocks.ended,
        "slowed": times_slowed(place, now() - SINCE),
    }


@doors.route("/statements/<id:statement_id>/flags", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(FlagBody)
@doors.response(201, FlaggedSchema)
@doors.doc(
    operationId="flag_statement",
    summary="Flag a statement",
    description="Anybody who is signed in; flagging again changes one's flag. Nobody is told who flagged.",
)
def flag_of_statement(told: dict[str, Any], statement_id: int) -> dict[str, Any]:
    """Flag a statement."""
    flag_statement(
        g.actor,
        statement_id,
        reason=told["reason"],
        words=told.get("words") or "",
        about_committee=bool(told.get("about_committee")),
    )
    return {"flagged": True}


@doors.route("/statements/<id:statement_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, WithdrawnMessageSchema)
@doors.doc(
    operationId="withdraw_statement",
    summary="Take one's own statement back",
    description="Its author, while it stands; the words are erased, and answers to it count no more.",
)
def withdraw_of_statement(statement_id: int) -> Any:
    """Take a statement back."""
    return withdraw_statement(g.actor, statement_id)
