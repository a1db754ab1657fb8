"""Reading meetings, and the list of names for whoever runs one."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.announcements.queries import reaching
from cogov.ground.api import Page, Text, When, Whole, cursor, part, reading, verb_of
from cogov.ground.db import found
from cogov.ground.refusals import insist
from cogov.ground.scopes import Scope
from cogov.meetings.api.current import (
    AttendeeSchema,
    MeetingMinutesSchema,
    MeetingSchema,
    MeetingsSchema,
    doors,
    face,
    head,
    minutes_shown,
    shown,
)
from cogov.meetings.queries.loading import PAGE, MeetingShown, listed, meeting
from cogov.meetings.queries.records import attendance_list, minutes_of
from cogov.meetings.queries.versions import VersionShown, compared, versions_of
from cogov.meetings.rules.calling import why_not_run
from cogov.meetings.rules.kinds import MinutesState
from cogov.meetings.rules.record import why_not_edit
from cogov.places.queries import community_by_code
from cogov.threads.api.versions import PieceSchema


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
    rows = [head(row) for row in listed(reaching(here.code), before=before)]
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
    return shown(meeting_id)


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
    return minutes_shown(meeting_id)


class MinutesVersionSchema(Schema):
    """A version of minutes: when it was written, and by whom for the organization that called the meeting."""

    version = fields.Integer()
    at = When()
    by = fields.String(metadata={"description": "Empty for the first, which was drafted from what happened."})
    organization = fields.String()
    current = fields.Boolean(metadata={"description": "Whether it is the one that holds now."})


class MinutesVersionsSchema(Schema):
    """A part of the list of versions."""

    items = fields.List(fields.Nested(MinutesVersionSchema))
    next = fields.String()


class ComparedMinutesSchema(MinutesVersionSchema):
    """A version of minutes with its words, and what it changed in another one."""

    text = fields.String()
    against = fields.Integer(
        allow_none=True, metadata={"description": "The version it is compared with; none for the first."}
    )
    difference = fields.List(fields.Nested(PieceSchema))


class ComparedQuery(Schema):
    """With which version one is compared; the one before it unless asked."""

    against = Whole(1, 100_000, load_default=None)


def _version(of: VersionShown) -> dict[str, Any]:
    return {
        "version": of.version,
        "at": of.at,
        "by": of.by.public_name if of.by else "",
        "organization": of.by.organization_name if of.by else "",
        "current": of.current,
    }


def _with_minutes(meeting_id: int) -> MeetingShown:
    it = meeting(meeting_id)
    held = minutes_of(it.id)
    insist(why_not_edit(it.state, MinutesState.DRAFT if held else None))
    return it


@doors.route("/meetings/<id:meeting_id>/minutes/versions")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, MinutesVersionsSchema)
@doors.doc(
    operationId="list_meeting_minutes_versions",
    summary="The versions of the minutes of a meeting, the latest first",
    description="Anybody, once the meeting is over: the one that holds now, and those that people were asked to sign. "
    "Earlier drafts are listed for those who were there and who keep the minutes. Each says when it was written and by "
    "whom; its words are with it.",
)
def list_meeting_minutes_versions(asked: dict[str, Any], meeting_id: int) -> dict[str, Any]:
    """List the versions of minutes."""
    versions, following = versions_of(g.actor, _with_minutes(meeting_id), before=cursor(asked["after"]))
    return {"items": [_version(each) for each in versions], "next": str(following or "")}


@doors.route("/meetings/<id:meeting_id>/minutes/versions/<id:version>")
@reading
@doors.arguments(ComparedQuery, location="query")
@doors.response(200, ComparedMinutesSchema)
@doors.doc(
    operationId="show_meeting_minutes_version",
    summary="One version of the minutes of a meeting, and what it changed in another one",
    description="Anybody, once the meeting is over; drafts from before people were asked to sign are for those who "
    "were there and who keep the minutes. What was taken down is gone from every version; what was said of a problem "
    "that is not public is left out while it is not.",
)
def show_meeting_minutes_version(asked: dict[str, Any], meeting_id: int, version: int) -> dict[str, Any]:
    """Show a version of minutes."""
    shown = compared(g.actor, _with_minutes(meeting_id), version, asked["against"])
    return {**_version(shown.shown), "text": shown.text, "against": shown.against, "difference": shown.pieces}


class NamedSchema(AttendeeSchema):
    """Somebody on the list of who is there."""

    called = fields.String(metadata={"description": "The pseudonym, or what the desk entered."})
    at = When()
    left_at = When(allow_none=True)


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
    return {
        "items": [
            {**face(each.face), "called": each.name, "at": each.at, "left_at": each.left_at}
            for each in attendance_list(it.id)
        ]
    }
