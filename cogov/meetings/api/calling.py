"""Calling a meeting, its agenda, opening and closing it."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.announcements.rules import SPOT_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from cogov.ground.api import Body, Choice, Text, When, Whole, verb_of
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.api.current import MeetingMinutesSchema, MeetingSchema, doors, minutes_shown, shown
from cogov.meetings.rules.calling import QUORUM_MOST
from cogov.meetings.rules.kinds import ITEM_LENGTH, NOTE_LENGTH, NoteKind
from cogov.places.queries import place_by_code


class CallBody(Body):
    """A new meeting."""

    place = Text(32, required=True, metadata={"description": "Code of the place: community, grid or street."})
    title = Text(TITLE_LENGTH, required=True)
    text = Text(TEXT_LENGTH, required=True)
    begins = When(required=True)
    spot = Text(SPOT_LENGTH, required=True)
    quorum = Whole(
        0, QUORUM_MOST, load_default=0, metadata={"description": "Residents and owners that must be there for hands."}
    )
    turn_seconds = Whole(1, 3600, load_default=180, metadata={"description": "60, 120, 180 or 300."})


@doors.route("/meetings", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(CallBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="call_meeting",
    summary="Call a meeting",
    description="Who may announce at the place. Its notice is an announcement of the kind `meeting`: to move the "
    "meeting correct that, to call it off withdraw it.",
)
def call_meeting(told: dict[str, Any]) -> dict[str, Any]:
    """Call a meeting."""
    given = {name: told[name] for name in ("title", "text", "begins", "spot", "turn_seconds", "quorum")}
    return shown(commands.call_meeting(g.actor, place_id=place_by_code(told["place"]).id, **given).id)


class ItemBody(Body):
    """An item for the agenda: a problem, or a matter of its own."""

    problem = Text(16, load_default="")
    title = Text(ITEM_LENGTH, load_default="")


@doors.route("/meetings/<id:meeting_id>/agenda", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(ItemBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="list_item",
    summary="Put a problem or another matter on the agenda",
    description="Whoever runs the meeting, until it is over. A problem is listed once, and is public.",
)
def list_item(told: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """List an item."""
    commands.list_item(g.actor, meeting_id, number=told["problem"], title=told["title"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/removal", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(operationId="strike_item", summary="Take an item off the agenda", description="Whoever runs the meeting.")
def strike_item(meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Strike an item."""
    commands.strike_item(g.actor, meeting_id, meeting_item_id)
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/earlier", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(operationId="move_item_up", summary="Move an item one place up", description="Whoever runs the meeting.")
def move_item_up(meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Move an item up."""
    commands.move_item_up(g.actor, meeting_id, meeting_item_id)
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/floor", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="take_up_item",
    summary="Come to an item of the agenda",
    description="Whoever runs the meeting, when no motion lies on the floor. The queue of the item before goes home.",
)
def take_up_item(meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Take up an item."""
    commands.take_up(g.actor, meeting_id, meeting_item_id)
    return shown(meeting_id)


class NoteBody(Body):
    """A point, what was agreed, or a task that somebody wishes for."""

    kind = Choice(NoteKind, required=True)
    text = Text(NOTE_LENGTH, required=True)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/notes", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(NoteBody)
@doors.response(201, MeetingSchema)
@doors.doc(
    operationId="note_down",
    summary="Note something about an item",
    description="Whoever runs the meeting; it goes into the draft of the minutes.",
)
def note_down(told: dict[str, Any], meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Note something down."""
    commands.note_down(g.actor, meeting_id, meeting_item_id, kind=told["kind"], text=told["text"])
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/opening", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="open_meeting",
    summary="Open a meeting; who opens it presides",
    description="Who serves the organization that called it, from two hours before, with something on the agenda.",
)
def open_meeting(meeting_id: int) -> dict[str, Any]:
    """Open a meeting."""
    commands.open_meeting(g.actor, meeting_id)
    return shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/closing", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingMinutesSchema)
@doors.doc(
    operationId="close_meeting",
    summary="Close a meeting; its minutes are drafted",
    description="Whoever runs the meeting, when no motion lies on the floor.",
)
def close_meeting(meeting_id: int) -> dict[str, Any]:
    """Close a meeting."""
    commands.close_meeting(g.actor, meeting_id)
    return minutes_shown(meeting_id)
