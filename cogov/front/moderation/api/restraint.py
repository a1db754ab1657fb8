"""Restraint for programs: slow mode of a topic, and blocks with the appeal of whom they are about."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.front.moderation.api.taking_down import doors
from cogov.ground.api import Body, Choice, Flag, Text, When, Whole, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.moderation import commands
from cogov.moderation.models import WritingBlock
from cogov.moderation.queries import block_for
from cogov.moderation.rules import APPEAL_LENGTH, WORDS_LENGTH, FlagReason
from cogov.moderation.rules.blocking import MOST_DAYS
from cogov.problems.queries import problem_for
from cogov.threads.commands import block_author, end_slow_mode, set_slow_mode
from cogov.threads.queries.slowing import slowed
from cogov.threads.rules.slowing import MOST_HOURS, MOST_MINUTES, SLOW_REASON_LENGTH


class SlowModeSchema(Schema):
    """Whether a topic is slow: each person writes one message in so many minutes."""

    minutes = fields.Integer(allow_none=True)
    reason = fields.String(allow_none=True)
    until = When(allow_none=True)


def _slow(number: str) -> Any:
    slow = slowed(problem_for(g.actor, number).id)
    return slow if slow is not None else {"minutes": None, "reason": None, "until": None}


@doors.route("/problems/<number>/slow-mode")
@reading
@doors.response(200, SlowModeSchema)
@doors.doc(
    operationId="show_slow_mode",
    summary="Whether a topic is slow",
    description="Anybody who can see the problem. All three are null where nobody has slowed it, or its time is over.",
)
def show_slow_mode(number: str) -> Any:
    """Show slow mode."""
    return _slow(number)


class SlowModeBody(Body):
    """One message in so many minutes, for so many hours, and why."""

    minutes = Whole(1, MOST_MINUTES, required=True)
    hours = Whole(1, MOST_HOURS, required=True)
    reason = Text(SLOW_REASON_LENGTH, required=True, metadata={"example": "吵得太快，先缓一缓。"})


@doors.route("/problems/<number>/slow-mode", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(SlowModeBody)
@doors.response(201, SlowModeSchema)
@doors.doc(
    operationId="set_slow_mode",
    summary="Let each person write one message in so many minutes",
    description="A moderator, the chair or the street office; reason and end are public. Who speaks for an "
    "organization is not slowed.",
)
def set_slow(told: dict[str, Any], number: str) -> Any:
    """Slow a topic."""
    set_slow_mode(g.actor, number, **told)
    return _slow(number)


@doors.route("/problems/<number>/slow-mode/ending", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, SlowModeSchema)
@doors.doc(operationId="end_slow_mode", summary="End slow mode", description="Whoever may set it.")
def end_slow(number: str) -> Any:
    """End slow mode."""
    end_slow_mode(g.actor, number)
    return _slow(number)


class BlockSchema(Schema):
    """That somebody may not write in a topic or a place until a day, and their appeal."""

    id = fields.Integer()
    reason = Choice(FlagReason)
    words = fields.String()
    at = When()
    until = When()
    ended_at = When(allow_none=True)
    whole_place = fields.Boolean()
    appeal = fields.String()
    appealed_at = When(allow_none=True)
    granted = fields.Boolean(allow_none=True)
    answer = fields.String()
    answered_at = When(allow_none=True)


_NAMES = [name for name in BlockSchema().fields if name != "whole_place"]


def _plain(block: WritingBlock) -> dict[str, Any]:
    return {**{name: getattr(block, name) for name in _NAMES}, "whole_place": block.problem_id is None}


class BlockBody(Body):
    """Where, for how long, under which clause and why the author of a message may not write."""

    whole_place = Flag(load_default=False)
    days = Whole(1, MOST_DAYS, required=True)
    reason = Choice(FlagReason, required=True)
    words = Text(WORDS_LENGTH, required=True, metadata={"example": "三次写了邻居的电话。"})


@doors.route("/messages/<id:message_id>/block", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(BlockBody)
@doors.response(201, BlockSchema)
@doors.doc(
    operationId="block_author",
    summary="Keep the author of a message from writing for a while",
    description="A moderator or the street office; of what is about the committee, the street office. They are told "
    "the clause, the reason, the end and how to appeal; reading, seconding and voting go on.",
)
def block(told: dict[str, Any], message_id: int) -> dict[str, Any]:
    """Block an author."""
    return _plain(block_author(g.actor, message_id, **told))


@doors.route("/blocks/<id:block_id>")
@reading
@doors.response(200, BlockSchema)
@doors.doc(
    operationId="show_block",
    summary="A block",
    description="Whom it is about, and those who decide; to others it does not exist.",
)
def show_block(block_id: int) -> dict[str, Any]:
    """Show a block."""
    return _plain(block_for(g.actor, block_id).block)


class BlockAppealBody(Body):
    """Why one should be able to write again."""

    words = Text(APPEAL_LENGTH, required=True, metadata={"example": "我没有写过电话。"})


@doors.route("/blocks/<id:block_id>/appeal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(BlockAppealBody)
@doors.response(201, BlockSchema)
@doors.doc(operationId="appeal_block", summary="Appeal against a block", description="Whom it is about, once.")
def appeal_block(told: dict[str, Any], block_id: int) -> dict[str, Any]:
    """Appeal against a block."""
    return _plain(commands.appeal_block(g.actor, block_id, words=told["words"]))


class BlockAnswerBody(Body):
    """What a second person answers."""

    granted = Flag(required=True)
    words = Text(APPEAL_LENGTH, required=True, metadata={"example": "看过了，恢复。"})


@doors.route("/blocks/<id:block_id>/appeal/answer", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(BlockAnswerBody)
@doors.response(200, BlockSchema)
@doors.doc(
    operationId="answer_block_appeal",
    summary="Answer the appeal against a block",
    description="Somebody who decides such matters and did not set it; granted, it ends now.",
)
def answer_block(told: dict[str, Any], block_id: int) -> dict[str, Any]:
    """Answer the appeal."""
    return _plain(commands.answer_block_appeal(g.actor, block_id, granted=told["granted"], words=told["words"]))
