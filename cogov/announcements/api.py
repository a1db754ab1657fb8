"""Announcements for programs: what hangs at a place, and the acts of who announces."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.announcements import commands, queries
from cogov.announcements.queries import PAGE, AnnouncementShown
from cogov.announcements.rules import (
    REASON_LENGTH,
    SPOT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    AnnouncementKind,
)
from cogov.announcements.rules import Text as Said_
from cogov.ground.api import Body, Choice, Flag, Page, Text, When, cursor, door, part, reading, verb_of
from cogov.ground.db import found
from cogov.ground.scopes import Scope
from cogov.places.queries import community_by_code, place_by_code

doors = door("announcements", "What committee, owners' committee and street office announce")


class AnnouncementSchema(Schema):
    """An announcement in its latest version."""

    id = fields.Integer()
    kind = Choice(AnnouncementKind)
    title = fields.String()
    text = fields.String()
    place = fields.String(attribute="place_name")
    organization = fields.String(attribute="organization_name")
    by = fields.String(attribute="public_name")
    pinned = fields.Boolean()
    version = fields.Integer()
    published_at = When()
    corrected_at = When(allow_none=True)
    until = When(metadata={"description": "Until when it hangs."})
    meeting_at = When(allow_none=True)
    meeting_spot = fields.String()
    problem = fields.String(metadata={"description": "Number of the problem it is about, or empty."})
    withdrawn_at = When(allow_none=True)
    withdrawal = fields.String(metadata={"description": "Why it was withdrawn."})
    over = fields.Boolean()


class AnnouncementsSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(AnnouncementSchema))
    next = fields.String()


def _plain(shown: AnnouncementShown) -> dict[str, Any]:
    about = queries.about(g.actor, shown.problem_id)
    return {name: getattr(shown, name) for name in shown.__dataclass_fields__} | {"problem": about[0] if about else ""}


def _shown(announcement_id: int) -> dict[str, Any]:
    return _plain(queries.announcement(announcement_id))


class AnnouncementsQuery(Page):
    """Of which community, of which kind, those that hang or those that are over."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    place = Text(32, required=True, metadata={"description": "Code of the community."})
    kind = Choice(AnnouncementKind)
    past = Flag(load_default=False)


@doors.route("/announcements")
@reading
@doors.arguments(AnnouncementsQuery, location="query")
@doors.response(200, AnnouncementsSchema)
@doors.doc(
    operationId="list_announcements",
    summary="What is announced for a community, the latest first",
    description="Anybody. What hangs for a community, for what lies above it and in it; with `past` what is over.",
)
def list_announcements(asked: dict[str, Any]) -> dict[str, Any]:
    """List announcements."""
    here, before = found(community_by_code(asked["place"])), cursor(asked["after"])
    rows = queries.listed(queries.reaching(here.code), past=asked["past"], kind=asked.get("kind"), before=before)
    return part([_plain(row) for row in rows], PAGE, lambda row: str(row["id"]))


@doors.route("/announcements/<id:announcement_id>")
@reading
@doors.response(200, AnnouncementSchema)
@doors.doc(
    operationId="show_announcement",
    summary="An announcement",
    description="Anybody, also when it is over or withdrawn: it can be read for ever under its id.",
)
def show_announcement(announcement_id: int) -> dict[str, Any]:
    """Show an announcement."""
    return _shown(announcement_id)


class TextBody(Body):
    """What an announcement says, and until when it hangs."""

    title = Text(TITLE_LENGTH, required=True)
    text = Text(TEXT_LENGTH, required=True)
    until = When(required=True)
    meeting_at = When(allow_none=True, load_default=None)
    meeting_spot = Text(SPOT_LENGTH, load_default="")


class AnnounceBody(TextBody):
    """A new announcement: where it hangs, of which kind it is, and about which problem."""

    place = Text(32, required=True, metadata={"description": "Code of the place: community, grid or street."})
    kind = Choice(AnnouncementKind, required=True)
    pinned = Flag(load_default=False)
    problem = Text(16, load_default="", metadata={"description": "Number of the problem it is about."})


class CorrectBody(TextBody):
    """The new words, and why they are corrected."""

    reason = Text(REASON_LENGTH, required=True)


class WithdrawBody(Body):
    """Why an announcement is withdrawn."""

    reason = Text(REASON_LENGTH, required=True)


def _said(told: dict[str, Any]) -> Said_:
    return Said_(told["title"], told["text"], told["until"], told["meeting_at"], told["meeting_spot"])


@doors.route("/announcements", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(AnnounceBody)
@doors.response(201, AnnouncementSchema)
@doors.doc(
    operationId="publish_announcement",
    summary="Announce something",
    description="Moderators, chairs, the owners' committee and the street office, within what they answer for. It "
    "hangs for a year at most; a meeting names its time and place.",
)
def publish_announcement(told: dict[str, Any]) -> dict[str, Any]:
    """Announce something."""
    made = commands.publish_announcement(
        g.actor,
        place_id=place_by_code(told["place"]).id,
        kind=told["kind"],
        text=_said(told),
        pinned=told["pinned"],
        number=told["problem"],
    )
    return _shown(made.id)


@doors.route("/announcements/<id:announcement_id>/correction", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(CorrectBody)
@doors.response(200, AnnouncementSchema)
@doors.doc(
    operationId="correct_announcement",
    summary="Correct an announcement; earlier versions stay readable",
    description="Who speaks for the organization that announced it. Earlier versions stay readable.",
)
def correct_announcement(told: dict[str, Any], announcement_id: int) -> dict[str, Any]:
    """Correct an announcement."""
    commands.correct_announcement(g.actor, announcement_id, text=_said(told), reason=told["reason"])
    return _shown(announcement_id)


@doors.route("/announcements/<id:announcement_id>/withdrawal", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(WithdrawBody)
@doors.response(200, AnnouncementSchema)
@doors.doc(
    operationId="withdraw_announcement",
    summary="Withdraw an announcement, with a reason",
    description="Who speaks for the organization that announced it. It stays readable, marked as withdrawn.",
)
def withdraw_announcement(told: dict[str, Any], announcement_id: int) -> dict[str, Any]:
    """Withdraw an announcement."""
    commands.withdraw_announcement(g.actor, announcement_id, reason=told["reason"])
    return _shown(announcement_id)
