"""Motions, amendments, and hands."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Id, Text, Whole, verb_of
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.api.current import FOR_WHOM, MeetingSchema, doors, shown
from cogov.meetings.rules.kinds import MOTION_LENGTH, Hand


class MotionBody(Body):
    """A motion, new wording for the one on the floor, or a settled one to take up again."""

    text = Text(MOTION_LENGTH, required=True)
    amends = Id(load_default=None, allow_none=True)
    reconsiders = Id(load_default=None, allow_none=True)
    ordinal = Whole(1, 10_000, load_default=None, allow_none=True, metadata={"description": FOR_WHOM})


@doors.route("/meetings/<id:meeting_id>/motions", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(MotionBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="move_in_meeting",
    summary="Move something in a meeting",
    description="Who is there and does not preside. One motion lies on the floor at a time, and one amendment of it; "
    "only somebody of the majority then moves to reconsider.",
)
def move_in_meeting(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Move something."""
    commands.move_motion(g.actor, meeting_id, **told)
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="withdraw_in_meeting",
    summary="Take a motion back",
    description="Its mover, before hands are raised.",
)
def withdraw_in_meeting(meeting_id: int, meeting_motion_id: int) -> dict[str, Any]:
    """Take a motion back."""
    commands.withdraw_motion(g.actor, meeting_id, meeting_motion_id)
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands-opening", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="open_hands",
    summary="Ask for hands on a motion",
    description="Whoever runs the meeting; an amendment comes before its motion.",
)
def open_hands(meeting_id: int, meeting_motion_id: int) -> dict[str, Any]:
    """Open hands."""
    commands.open_hands(g.actor, meeting_id, meeting_motion_id)
    return shown(meeting_id)


class HandBody(Body):
    """How a hand is raised."""

    hand = Choice(Hand, required=True)
    ordinal = Whole(1, 10_000, load_default=None, allow_none=True, metadata={"description": FOR_WHOM})


@doors.route("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(HandBody)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="raise_hand",
    summary="Raise a hand",
    description="Who is there and does not preside; it may be raised otherwise until hands are counted. An open show "
    "of hands of the meeting, not the owners' statutory vote.",
)
def raise_hand(told: dict[str, Any], meeting_id: int, meeting_motion_id: int) -> dict[str, Any]:
    """Raise a hand."""
    commands.raise_hand(g.actor, meeting_id, meeting_motion_id, hand=told["hand"], ordinal=told["ordinal"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/motions/<id:meeting_motion_id>/hands-closing", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="count_hands",
    summary="Count the hands on a motion",
    description="Whoever runs the meeting. Residents and owners decide, each category for itself: more for than "
    "against passes, a tie fails. Nothing is added up.",
)
def count_hands(meeting_id: int, meeting_motion_id: int) -> dict[str, Any]:
    """Count hands."""
    commands.count_hands(g.actor, meeting_id, meeting_motion_id)
    return shown(meeting_id)
