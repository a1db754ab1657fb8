"""Coming in, being entered by the desk, and the chair."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Text, Whole, verb_of
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.api.current import MeetingSchema, doors, shown
from cogov.meetings.rules.kinds import LABEL_LENGTH, Category, Presence


class CheckInBody(Body):
    """How one takes part, and the code from the wall for who is in the room."""

    presence = Choice(Presence, required=True)
    code = Text(6, load_default="")


@doors.route("/meetings/<id:meeting_id>/attendance", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(CheckInBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="check_in",
    summary="Check in to an open meeting, in the room or online",
    description="Who lives, owns or serves at the place. One is counted as what one acts as.",
)
def check_in(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Check in."""
    commands.check_in(g.actor, meeting_id, presence=told["presence"], code=told["code"])
    return shown(meeting_id)


class EntryBody(Body):
    """Somebody in the room without a phone."""

    label = Text(LABEL_LENGTH, required=True, metadata={"description": "Unit or pseudonym; only the desk sees it."})
    category = Choice(Category, required=True)


@doors.route("/meetings/<id:meeting_id>/attendance/entries", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(EntryBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="enter_attendee",
    summary="Enter somebody without a phone",
    description="Whoever runs the meeting, who then does for them what they say, by their number.",
)
def enter_attendee(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Enter an attendee."""
    commands.enter_attendee(g.actor, meeting_id, label=told["label"], category=told["category"])
    return shown(meeting_id)


class LeaveBody(Body):
    """Who leaves."""

    ordinal = Whole(
        1,
        10_000,
        load_default=None,
        allow_none=True,
        metadata={"description": "Number of somebody who went away, for whoever runs the meeting; oneself without it."},
    )


@doors.route("/meetings/<id:meeting_id>/attendance/leaving", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(LeaveBody)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="check_out",
    summary="Leave a meeting before it is over",
    description="Who is there, or whoever runs the meeting for somebody who went away. Hands that were raised stay; "
    "who is gone raises none and does not count towards the quorum. Check in again to come back.",
)
def check_out(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Leave."""
    commands.check_out(g.actor, meeting_id, ordinal=told["ordinal"])
    return shown(meeting_id)


class BackBody(Body):
    """Who is there again."""

    ordinal = Whole(1, 10_000, required=True)


@doors.route("/meetings/<id:meeting_id>/attendance/returns", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(BackBody)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="come_back",
    summary="Note that somebody without a phone is there again",
    description="Whoever runs the meeting; all others check in again by themselves.",
)
def come_back(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Come back."""
    commands.come_back(g.actor, meeting_id, ordinal=told["ordinal"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/code", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="renew_code",
    summary="Replace the check-in code",
    description="Whoever runs the meeting; the code before lets nobody in any more, and wrong tries are forgotten.",
)
def renew_code(meeting_id: int) -> dict[str, Any]:
    """Renew the code."""
    commands.renew_code(g.actor, meeting_id)
    return shown(meeting_id)


class ChairBody(Body):
    """Who presides from now on."""

    ordinal = Whole(1, 10_000, required=True)


@doors.route("/meetings/<id:meeting_id>/chair", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(ChairBody)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="hand_over_chair",
    summary="Hand over the chair",
    description="Whoever runs the meeting: who presides takes no part, and hands over first.",
)
def hand_over_chair(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """Hand over the chair."""
    commands.hand_over_chair(g.actor, meeting_id, ordinal=told["ordinal"])
    return shown(meeting_id)
