"""Meetings for programs: the notice and the agenda, what happens while they are open, the minutes."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.announcements.queries import reaching
from cogov.announcements.rules import SPOT_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from cogov.ground.api import Body, Choice, Flag, Id, Page, Text, When, Whole, cursor, door, part, reading, verb_of
from cogov.ground.db import found
from cogov.ground.pages import words
from cogov.ground.refusals import insist
from cogov.ground.scopes import Scope
from cogov.meetings import commands
from cogov.meetings.queries.floor import Face, MotionShown, TurnShown, floor
from cogov.meetings.queries.loading import PAGE, MeetingShown, agenda, code_of, listed, meeting
from cogov.meetings.queries.records import attendance_list, minutes_of
from cogov.meetings.rules.calling import why_not_run
from cogov.meetings.rules.kinds import (
    FORCE,
    ITEM_LENGTH,
    LABEL_LENGTH,
    MINUTES_LENGTH,
    MOTION_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    Category,
    Hand,
    ItemState,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    NoteKind,
    Presence,
    Stand,
)
from cogov.meetings.rules.record import why_not_edit
from cogov.places.queries import community_by_code, place_by_code

doors = door("meetings", "Meetings of a place: notice, agenda, speaking queue, hands by category, minutes")


class AttendeeSchema(Schema):
    """Somebody in a meeting, under the number that they have there."""

    ordinal = fields.Integer()
    name = fields.String(metadata={"description": "A number; the public name of who acts for an organization."})
    acting_for = fields.String()
    category = Choice(Category)
    presence = Choice(Presence)
    entered = fields.Boolean(metadata={"description": "Without a phone: the desk does what they say."})


class CountSchema(Schema):
    """The hands of one category; they are never added up."""

    category = Choice(Category)
    in_favour = fields.Integer()
    against = fields.Integer()
    abstained = fields.Integer()


class MotionSchema(Schema):
    """A motion, or an amendment of one, with its hands."""

    id = fields.Integer()
    item = fields.Integer()
    text = fields.String()
    before = fields.String(metadata={"description": "The wording that an amendment would replace."})
    state = Choice(MeetingMotionState)
    mover = fields.Nested(AttendeeSchema)
    amends = fields.Integer(allow_none=True)
    reconsiders = fields.Integer(allow_none=True)
    hands = fields.List(fields.Nested(CountSchema))
    own_hand = Choice(Hand, allow_none=True)
    decided_at = When(allow_none=True)


class TurnSchema(Schema):
    """A turn to speak."""

    id = fields.Integer()
    side = Choice(Stand)
    who = fields.Nested(AttendeeSchema)
    own = fields.Boolean()
    called_at = When(allow_none=True)
    prompted = fields.Boolean(metadata={"description": "Asked to keep to the matter and not to the person."})


class ItemSchema(Schema):
    """An item of the agenda."""

    id = fields.Integer()
    position = fields.Integer()
    title = fields.String()
    problem = fields.String(metadata={"description": "Number of the problem, or empty."})
    state = Choice(ItemState)


class PresentSchema(Schema):
    """How many of a category are there in one way."""

    category = Choice(Category)
    presence = Choice(Presence)
    count = fields.Integer()


class MeetingHeadSchema(Schema):
    """A meeting in a list."""

    id = fields.Integer()
    announcement = fields.Integer(attribute="announcement_id", metadata={"description": "Its notice."})
    state = Choice(MeetingState)
    title = fields.String()
    text = fields.String()
    begins = When()
    spot = fields.String()
    place = fields.String(attribute="place_code")
    organization = fields.String(attribute="organization_name")
    turn_seconds = fields.Integer()
    cancelled_at = When(allow_none=True)
    cancelled_because = fields.String()
    opened_at = When(allow_none=True)
    closed_at = When(allow_none=True)


class MeetingSchema(MeetingHeadSchema):
    """A meeting with its agenda and what lies on the floor now."""

    agenda = fields.List(fields.Nested(ItemSchema))
    present = fields.List(fields.Nested(PresentSchema))
    chair = fields.Nested(AttendeeSchema, allow_none=True)
    own = fields.Nested(AttendeeSchema, allow_none=True, metadata={"description": "Who asks, if they are there."})
    motion = fields.Nested(MotionSchema, allow_none=True)
    amendment = fields.Nested(MotionSchema, allow_none=True)
    settled = fields.List(fields.Nested(MotionSchema))
    speaking = fields.Nested(TurnSchema, allow_none=True)
    queue = fields.List(fields.Nested(TurnSchema), metadata={"description": "In the order in which they are called."})
    force = fields.String(metadata={"description": "The legal force of hands, in words."})
    code = fields.String(metadata={"description": "The check-in code, for whoever runs the meeting; else empty."})


class MeetingsSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(MeetingHeadSchema))
    next = fields.String()


class SignatureSchema(Schema):
    """A signature under the minutes."""

    who = fields.Nested(AttendeeSchema)
    agrees = fields.Boolean()
    reason = fields.String()
    at = When()


class MeetingMinutesSchema(Schema):
    """The minutes in the version that holds now, with what was signed of it."""

    meeting = fields.Integer()
    version = fields.Integer()
    state = Choice(MinutesState)
    text = fields.String()
    written_at = When()
    signing_since = When(allow_none=True)
    final_at = When(allow_none=True)
    may_sign = fields.Integer(metadata={"description": "How many of those who were there can sign by themselves."})
    signatures = fields.List(fields.Nested(SignatureSchema))


def _face(face: Face) -> dict[str, Any]:
    kept = {name: getattr(face, name) for name in ("ordinal", "acting_for", "category", "presence", "entered")}
    return {**kept, "name": words(face.name)}


def _motion(shown: MotionShown | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    kept = {name: getattr(shown, name) for name in ("id", "text", "before", "state", "own_hand", "decided_at")}
    hands = [
        {"category": each, "in_favour": count.in_favour, "against": count.against, "abstained": count.abstained}
        for each in Category
        if (count := shown.counts.get(each)) is not None
    ]
    return {
        **kept,
        "item": shown.item_id,
        "mover": _face(shown.mover),
        "amends": shown.amends_id,
        "reconsiders": shown.reconsiders_id,
        "hands": hands,
    }


def _turn(shown: TurnShown | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    kept = {name: getattr(shown, name) for name in ("id", "side", "own", "called_at", "prompted")}
    return {**kept, "who": _face(shown.who)}


def _head(it: MeetingShown) -> dict[str, Any]:
    return {name: getattr(it, name) for name in it.__dataclass_fields__}


def _shown(meeting_id: int) -> dict[str, Any]:
    by, it = g.actor, meeting(meeting_id)
    here = floor(it.id, by, it.chair_id)
    runs = why_not_run(by, it.organization_id, it.presides) is None
    return {
        **_head(it),
        "agenda": [
            {
                "id": row.id,
                "position": place,
                "title": row.title,
                "problem": row.number,
                "state": row.state,
            }
            for place, row in enumerate(agenda(by, it.id), 1)
        ],
        "present": [
            {"category": category, "presence": way, "count": number}
            for (category, way), number in sorted(here.present.items())
        ],
        "chair": _face(here.chair) if here.chair else None,
        "own": _face(here.faces[here.own]) if here.own is not None else None,
        "motion": _motion(here.motion),
        "amendment": _motion(here.amendment),
        "settled": [_motion(each) for each in here.settled],
        "speaking": _turn(here.speaking),
        "queue": [_turn(each) for each in here.queue],
        "force": words(FORCE),
        "code": code_of(it.id) if runs else "",
    }


def _minutes(meeting_id: int) -> dict[str, Any]:
    it = meeting(meeting_id)
    held = minutes_of(it.id, g.actor.person_id)
    insist(why_not_edit(it.state, MinutesState.DRAFT if held else None))
    shown = found(held)
    kept = ("version", "state", "text", "written_at", "signing_since", "final_at")
    return {
        **{name: getattr(shown, name) for name in kept},
        "meeting": it.id,
        "may_sign": shown.present,
        "signatures": [
            {"who": _face(each.who), "agrees": each.agrees, "reason": each.reason, "at": each.at}
            for each in shown.signatures
        ],
    }


# Reading --------------------------------------------------------------------------------------------------------------


class MeetingsQuery(Page):
    """Of which community."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    place = Text(32, required=True, metadata={"description": "Code of the community."})


@doors.route("/meetings")
@reading
@doors.arguments(MeetingsQuery, location="query")
@doors.response(200, MeetingsSchema)
@doors.doc(
    operationId="list_meetings",
    summary="Meetings called for a community, the latest first",
    description="Anybody. What was called for a community, for what lies above it and in it.",
)
def list_meetings(asked: dict[str, Any]) -> dict[str, Any]:
    """List meetings."""
    here, before = found(community_by_code(asked["place"])), cursor(asked["after"])
    rows = [_head(row) for row in listed(reaching(here.code), before=before)]
    return part(rows, PAGE, lambda row: str(row["id"]))


@doors.route("/meetings/<id:meeting_id>")
@reading
@doors.response(200, MeetingSchema)
@doors.doc(
    operationId="show_meeting",
    summary="A meeting: agenda, who is there in numbers, the floor",
    description="Anybody. People stand under their number in the meeting, those of organizations under their public "
    "name. The code is for whoever runs the meeting.",
)
def show_meeting(meeting_id: int) -> dict[str, Any]:
    """Show a meeting."""
    return _shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/minutes")
@reading
@doors.response(200, MeetingMinutesSchema)
@doors.doc(
    operationId="show_meeting_minutes",
    summary="The minutes of a meeting",
    description="Anybody, once the meeting is over.",
)
def show_meeting_minutes(meeting_id: int) -> dict[str, Any]:
    """Show the minutes."""
    return _minutes(meeting_id)


class NamedSchema(AttendeeSchema):
    """Somebody on the list of who is there."""

    called = fields.String(metadata={"description": "The pseudonym, or what the desk entered."})
    at = When()


class AttendanceSchema(Schema):
    """The list of who is there."""

    items = fields.List(fields.Nested(NamedSchema))


@doors.route("/meetings/<id:meeting_id>/attendance")
@verb_of(Scope.OFFICE)
@doors.response(200, AttendanceSchema)
@doors.doc(
    operationId="list_attendance",
    summary="Who is there, by name",
    description="Whoever runs the meeting, while it is open or as its organization; everybody else reads how many.",
)
def list_attendance(meeting_id: int) -> dict[str, Any]:
    """List who is there."""
    it = meeting(meeting_id)
    insist(why_not_run(g.actor, it.organization_id, it.presides))
    return {"items": [{**_face(each.face), "called": each.name, "at": each.at} for each in attendance_list(it.id)]}


# Calling and the agenda -----------------------------------------------------------------------------------------------


class CallBody(Body):
    """A new meeting."""

    place = Text(32, required=True, metadata={"description": "Code of the place: community, grid or street."})
    title = Text(TITLE_LENGTH, required=True)
    text = Text(TEXT_LENGTH, required=True)
    begins = When(required=True)
    spot = Text(SPOT_LENGTH, required=True)
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
    given = {name: told[name] for name in ("title", "text", "begins", "spot", "turn_seconds")}
    return _shown(commands.call_meeting(g.actor, place_id=place_by_code(told["place"]).id, **given).id)


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
    return _shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/removal", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(operationId="strike_item", summary="Take an item off the agenda", description="Whoever runs the meeting.")
def strike_item(meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Strike an item."""
    commands.strike_item(g.actor, meeting_id, meeting_item_id)
    return _shown(meeting_id)


@doors.route("/meetings/<id:meeting_id>/agenda/<id:meeting_item_id>/earlier", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, MeetingSchema)
@doors.doc(operationId="move_item_up", summary="Move an item one place up", description="Whoever runs the meeting.")
def move_item_up(meeting_id: int, meeting_item_id: int) -> dict[str, Any]:
    """Move an item up."""
    commands.move_item_up(g.actor, meeting_id, meeting_item_id)
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _minutes(meeting_id)


# In the hall ----------------------------------------------------------------------------------------------------------


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


FOR_WHOM = "Number of somebody without a phone for whom the desk acts; for oneself without it."


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


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
    return _shown(meeting_id)


# The minutes ----------------------------------------------------------------------------------------------------------


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
    return _minutes(meeting_id)


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
    return _minutes(meeting_id)


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
    return _minutes(meeting_id)


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
    return _minutes(meeting_id)
