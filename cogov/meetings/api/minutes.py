"""The minutes: written, signed, settled."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Flag, Text, verb_of
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.api.current import MeetingMinutesSchema, doors, minutes_shown
from cogov.meetings.rules.kinds import MINUTES_LENGTH, REASON_LENGTH


class MinutesBody(Body):
    """The words of the minutes."""

    text = Text(MINUTES_LENGTH, required=True)


@doors.route("/meetings/<id:meeting_id>/minutes", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(MinutesBody)
@doors.response(200, MeetingMinutesSchema)
@doors.doc(
    operationId="write_minutes",
    summary="Give the minutes a new version",
    description="Who serves the organization that called the meeting, until they are final; who signed is asked anew.",
)
def write_minutes(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Write the minutes."""
    commands.write_minutes(g.actor, meeting_id, text=told["text"])
    return minutes_shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/minutes/signing", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingMinutesSchema)
@doors.doc(
    operationId="put_out_minutes",
    summary="Ask those who were there to sign",
    description="Who serves the organization that called the meeting.",
)
def put_out_minutes(meeting_id: int) -> dict[str, Any]:
    """Ask for signatures."""
    commands.put_out_minutes(g.actor, meeting_id)
    return minutes_shown(meeting_id)


class SignBody(Body):
    """Whether the minutes are right, and if not, what is wrong."""

    agrees = Flag(required=True)
    reason = Text(REASON_LENGTH, load_default="")


@doors.route("/meetings/<id:meeting_id>/minutes/signatures", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(SignBody)
@doors.response(201, MeetingMinutesSchema)
@doors.doc(
    operationId="sign_minutes",
    summary="Endorse the minutes, or object with a reason",
    description="Who was there, once for each version.",
)
def sign_minutes(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Sign the minutes."""
    commands.sign_minutes(g.actor, meeting_id, agrees=told["agrees"], reason=told["reason"])
    return minutes_shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/minutes/final", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingMinutesSchema)
@doors.doc(
    operationId="settle_minutes",
    summary="Make the minutes final",
    description="Who serves the organization that called the meeting, when more than half of those who can have "
    "signed, or a week after they were asked. Every problem on the agenda hears of it.",
)
def settle_minutes(meeting_id: int) -> dict[str, Any]:
    """Settle the minutes."""
    commands.settle_minutes(g.actor, meeting_id)
    return minutes_shown(meeting_id)
