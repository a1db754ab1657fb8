"""One's own news for programs: what is new and why one is told, and how much one wants to hear."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Id, Page, When, Whole, door, verb_of
from cogov.ground.refusals import NotFound
from cogov.ground.scopes import Scope
from cogov.tell.choices import choices_of, choose
from cogov.tell.levels import NoticeLevel, NoticeTopic
from cogov.tell.notices import PAGE, Group, Key, NoticeFilter, groups, latest, mark_read
from cogov.tell.wording import items

doors = door("tell", "Your own news, and how much of it you want")


class NoticeSchema(Schema):
    """The news about one problem or announcement: the latest step, and how much more there is."""

    topic = fields.Integer(
        metadata={"description": "A problem's own number of this list, an announcement's below zero."}
    )
    last = fields.Integer(metadata={"description": "Send it as `up_to` of `read_notices`."})
    problem = fields.String(metadata={"description": "Number of the problem; empty for an announcement."})
    title = fields.String()
    sentence = fields.String()
    why = fields.String(metadata={"description": "Why you are told."})
    at = When()
    unread = fields.Integer()
    pressing = fields.Boolean(metadata={"description": "Whether something waits for you."})


class NoticesSchema(Schema):
    """A part of the news: what presses stands before what does not, then the latest first."""

    items = fields.List(fields.Nested(NoticeSchema))
    next = fields.String()


class NoticesQuery(Page):
    """All news, what waits for you, or what you have not read."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    show = Choice(NoticeFilter, load_default=NoticeFilter.ALL)


def _key(mark: str) -> Key | None:
    if not mark:
        return None
    pressing, _, last = mark.partition("-")
    if not (pressing in ("0", "1") and last.isascii() and last.isdigit() and len(last) < 19):
        raise NotFound
    return Key(pressing == "1", int(last))


@doors.route("/notices")
@verb_of(Scope.READ)
@doors.arguments(NoticesQuery, location="query")
@doors.response(200, NoticesSchema)
@doors.doc(
    operationId="list_notices",
    summary="Your news, by problem and announcement",
    description="The person of the token. What waits for you stands first; each topic says why you are told.",
)
def list_notices(asked: dict[str, Any]) -> dict[str, Any]:
    """List one's news."""
    rows = groups(g.actor, asked["show"], _key(asked["after"]))
    shown = rows[:PAGE]
    following = f"{int(shown[-1].pressing)}-{shown[-1].last_id}" if len(rows) > PAGE else ""
    return {"items": _plain(shown), "next": following}


def _plain(shown: list[Group]) -> list[dict[str, Any]]:
    told = latest(g.actor, [group.shown_id for group in shown])
    held = [group for group in shown if group.shown_id in told]
    return [
        {
            "topic": group.topic,
            "last": group.last_id,
            "problem": line["number"],
            "title": line["title"],
            "sentence": line["sentence"].striptags(),
            "why": line["why"],
            "at": told[group.shown_id][1].at,
            "unread": group.unread,
            "pressing": group.pressing,
        }
        for group, line in zip(held, items(g.actor, held, told, choices_of(g.actor)), strict=True)
    ]


class ReadBody(Body):
    """Up to which piece of news, and of which topic; without one, of all."""

    up_to = Id(required=True)
    topic = Whole(-(2**31), 2**31, allow_none=True, load_default=None)


class DoneSchema(Schema):
    """That it was done."""

    done = fields.Boolean()


@doors.route("/notices/reading", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ReadBody)
@doors.response(200, DoneSchema)
@doors.doc(
    operationId="read_notices",
    summary="Take your news as read",
    description="The person of the token: all news up to `up_to`, or that of one topic.",
)
def read_notices(told: dict[str, Any]) -> dict[str, Any]:
    """Take one's news as read."""
    mark_read(g.actor, told["up_to"], told["topic"])
    return {"done": True}


class ChoicesSchema(Schema):
    """How much you hear of each kind; what waits for you is always told."""

    dossiers = Choice(NoticeLevel)
    community = Choice(NoticeLevel)


class ChoicesBody(Body):
    """How much you want to hear; a kind that is left out stays as it is."""

    dossiers = Choice(NoticeLevel)
    community = Choice(NoticeLevel)


def _choices() -> dict[str, NoticeLevel]:
    return {topic.value: level for topic, level in choices_of(g.actor).items()}


@doors.route("/me/notices")
@verb_of(Scope.READ)
@doors.response(200, ChoicesSchema)
@doors.doc(
    operationId="show_notice_choices",
    summary="How much you hear of each kind",
    description="The person of the token. What waits for you is told whatever you chose.",
)
def show_notice_choices() -> dict[str, NoticeLevel]:
    """Show how much one hears of each kind."""
    return _choices()


@doors.route("/me/notices", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ChoicesBody)
@doors.response(200, ChoicesSchema)
@doors.doc(
    operationId="choose_notices",
    summary="Hear more or less of a kind",
    description="The person of the token. A kind that is left out stays as it is.",
)
def choose_notices(told: dict[str, Any]) -> dict[str, NoticeLevel]:
    """Choose how much one hears of each kind."""
    choose(g.actor, {NoticeTopic(kind): level for kind, level in told.items()})
    return _choices()
