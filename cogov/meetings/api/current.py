"""What programs are shown of a meeting, and its door."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Choice, When, door
from cogov.ground.db import found
from cogov.ground.pages import words
from cogov.ground.refusals import insist
from cogov.meetings.queries.floor import Face, MotionShown, TurnShown, floor
from cogov.meetings.queries.loading import MeetingShown, agenda, code_of, meeting
from cogov.meetings.queries.records import minutes_of
from cogov.meetings.rules.calling import why_not_run
from cogov.meetings.rules.kinds import (
    FORCE,
    Category,
    FollowUp,
    Hand,
    ItemState,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    Presence,
    Stand,
)
from cogov.meetings.rules.record import why_not_edit

doors = door("meetings", "Meetings of a place: notice, agenda, speaking queue, hands by category, minutes")

FOR_WHOM = "Number of somebody without a phone for whom the desk acts; for oneself without it."


class AttendeeSchema(Schema):
    """Somebody in a meeting, under the number that they have there."""

    ordinal = fields.Integer()
    name = fields.String(metadata={"description": "A number; the public name of who acts for an organization."})
    acting_for = fields.String()
    category = Choice(Category)
    presence = Choice(Presence)
    gone = fields.Boolean(metadata={"description": "They left before the end."})
    entered = fields.Boolean(metadata={"description": "Without a phone: the desk does what they say."})


class CountSchema(Schema):
    """The hands of one category; they are never added up."""

    category = Choice(Category)
    in_favour = fields.Integer()
    against = fields.Integer()
    abstained = fields.Integer()


class OutcomeSchema(Schema):
    """What followed from a motion that was carried: a task, a motion put to the vote, or a case."""

    kind = Choice(FollowUp)
    subject = fields.Integer(metadata={"description": "Id of the task, the motion, or the case."})
    title = fields.String()
    state = fields.String(metadata={"description": "How far it is, in words."})
    at = When()


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
    present = fields.Integer(
        allow_none=True, metadata={"description": "Residents and owners there when hands were counted."}
    )
    outcomes = fields.List(fields.Nested(OutcomeSchema), metadata={"description": "What followed once it was carried."})


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
    quorum = fields.Integer(metadata={"description": "Residents and owners that must be there for hands; 0 for any."})
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


def face(of: Face) -> dict[str, Any]:
    """Return somebody under their number."""
    kept = {name: getattr(of, name) for name in ("ordinal", "acting_for", "category", "presence", "gone", "entered")}
    return {**kept, "name": words(of.name)}


def _motion(of: MotionShown | None) -> dict[str, Any] | None:
    if of is None:
        return None
    kept = {name: getattr(of, name) for name in ("id", "text", "before", "state", "own_hand", "decided_at")}
    hands = [
        {"category": each, "in_favour": count.in_favour, "against": count.against, "abstained": count.abstained}
        for each in Category
        if (count := of.counts.get(each)) is not None
    ]
    return {
        **kept,
        "item": of.item_id,
        "mover": face(of.mover),
        "amends": of.amends_id,
        "reconsiders": of.reconsiders_id,
        "hands": hands,
        "present": of.present,
        "outcomes": [
            {
                "kind": each.kind,
                "subject": each.subject_id,
                "title": each.title,
                "state": words(each.state) if each.state else "",
                "at": each.at,
            }
            for each in of.outcomes
        ],
    }


def _turn(of: TurnShown | None) -> dict[str, Any] | None:
    if of is None:
        return None
    kept = {name: getattr(of, name) for name in ("id", "side", "own", "called_at", "prompted")}
    return {**kept, "who": face(of.who)}


def head(it: MeetingShown) -> dict[str, Any]:
    """Return a meeting as a list shows it."""
    return {name: getattr(it, name) for name in it.__dataclass_fields__}


def shown(meeting_id: int) -> dict[str, Any]:
    """Return a meeting with what lies on its floor."""
    by, it = g.actor, meeting(meeting_id)
    here = floor(it.id, by, it.chair_id)
    runs = why_not_run(by, it.organization_id, it.presides) is None
    return {
        **head(it),
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
        "chair": face(here.chair) if here.chair else None,
        "own": face(here.faces[here.own]) if here.own is not None else None,
        "motion": _motion(here.motion),
        "amendment": _motion(here.amendment),
        "settled": [_motion(each) for each in here.settled],
        "speaking": _turn(here.speaking),
        "queue": [_turn(each) for each in here.queue],
        "force": words(FORCE),
        "code": code_of(it.id) if runs else "",
    }


def minutes_shown(meeting_id: int) -> dict[str, Any]:
    """Return the minutes, once there are some."""
    it = meeting(meeting_id)
    held = minutes_of(it.id, g.actor)
    insist(why_not_edit(it.state, MinutesState.DRAFT if held else None))
    now = found(held)
    kept = ("version", "state", "text", "written_at", "signing_since", "final_at")
    return {
        **{name: getattr(now, name) for name in kept},
        "meeting": it.id,
        "may_sign": now.present,
        "signatures": [
            {"who": face(each.who), "agrees": each.agrees, "reason": each.reason, "at": each.at}
            for each in now.signatures
        ],
    }
