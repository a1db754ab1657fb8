"""The speaking queue."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Flag, Whole, verb_of
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.api.current import FOR_WHOM, MeetingSchema, doors, shown
from cogov.meetings.rules.kinds import Stand


class SpeakBody(Body):
    """What one wants to speak for."""

    side = Choice(Stand, required=True)
    ordinal = Whole(1, 10_000, load_default=None, allow_none=True, metadata={"description": FOR_WHOM})


@doors.route("/meetings/<id:meeting_id>/turns", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(SpeakBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="ask_to_speak",
    summary="Enter the speaking queue",
    description="Who is there and does not preside; for and against need a motion.",
)
def ask_to_speak(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Ask to speak."""
    commands.ask_to_speak(g.actor, meeting_id, side=told["side"], ordinal=told["ordinal"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/turns/<id:turn_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="leave_queue",
    summary="Leave the speaking queue",
    description="Who is in it, or whoever runs the meeting for somebody who went away.",
)
def leave_queue(meeting_id: int, turn_id: int) -> dict[str, Any]:
    """Leave the queue."""
    commands.leave_queue(g.actor, meeting_id, turn_id)
    return shown(meeting_id)


class NextBody(Body):
    """Which turn the caller sees speaking, so that two calls call one person."""

    after = Whole(0, 2**53, load_default=0, metadata={"description": "Id of the turn that speaks now; 0 for nobody."})
    stop = Flag(load_default=False, metadata={"description": "Only end the turn, and call nobody."})


@doors.route("/meetings/<id:meeting_id>/turns/next", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(NextBody)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="call_next_speaker",
    summary="Call the next speaker",
    description="Whoever runs the meeting. Who has not spoken on the motion comes first, for and against take turns.",
)
def call_next_speaker(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Call the next speaker."""
    commands.call_next(g.actor, meeting_id, after=told["after"], stop=told["stop"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/turns/<id:turn_id>/prompt", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="prompt_speaker",
    summary="Ask the speaker to keep to the matter",
    description="Whoever runs the meeting; everybody sees it on the wall.",
)
def prompt_speaker(meeting_id: int, turn_id: int) -> dict[str, Any]:
    """Prompt the speaker."""
    commands.prompt_speaker(g.actor, meeting_id, turn_id)
    return shown(meeting_id)
