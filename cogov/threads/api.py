"""Threads for programs: messages, concerns with their answers, solutions with their versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    Page,
    Said,
    Text,
    When,
    Whole,
    cursor,
    door,
    reading,
    shown_at,
    verb_of,
)
from cogov.ground.scopes import Scope
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.queries import ThreadPanel
from cogov.threads.queries.bylines import Byline
from cogov.threads.rules import ConcernState, MessageKind, ThreadTab

doors = door("threads", "What is said about a problem: messages, concerns, solutions")

LONG = 4000


# What is shown --------------------------------------------------------------------------------------------------------


class BylineSchema(Schema):
    """Under what name somebody stands on a dossier."""

    kind = fields.String(metadata={"description": "person, organization or body"})
    name = Said()
    acting_for = fields.String()
    until = When(allow_none=True)


class MessageSchema(Schema):
    """A message with the latest of its replies."""

    id = fields.Integer()
    kind = Choice(MessageKind)
    text = fields.String()
    at = fields.String(metadata={"description": "A moment; for readers from outside, residents' messages by day."})
    by = fields.Nested(BylineSchema, attribute="byline")
    own = fields.Boolean()
    reply_count = fields.Integer()
    replies = fields.List(fields.Nested(lambda: MessageSchema(exclude=("replies", "reply_count"))))


class AnswerSchema(Schema):
    """An answer to a concern, or why it was overruled."""

    text = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    solution_number = fields.Integer(allow_none=True)
    solution_version = fields.Integer(allow_none=True)


class ConcernSchema(Schema):
    """A concern: the harm, what would remove it, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    harm = fields.String()
    remedy = fields.String()
    at = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    own = fields.Boolean()
    state = Choice(ConcernState)
    due_at = When(allow_none=True)
    overdue = fields.Boolean()
    answer = fields.Nested(AnswerSchema, allow_none=True)
    overruling = fields.Nested(AnswerSchema, allow_none=True)


class SolutionSchema(Schema):
    """The latest version of a solution; cost in fen."""

    id = fields.Integer(attribute="text.solution_id")
    number = fields.Integer(attribute="text.number")
    version = fields.Integer(attribute="text.version")
    version_id = fields.Integer(attribute="text.version_id")
    title = fields.String(attribute="text.title")
    text = fields.String(attribute="text.text")
    cost = fields.Integer(attribute="text.cost", allow_none=True)
    needs_permit = fields.Boolean(attribute="text.needs_permit")
    at = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    solves = fields.List(fields.Integer(), metadata={"description": "Numbers of the concerns whose answer names it."})


def _parts(of: type[Schema]) -> type[Schema]:
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(of)), "next": fields.String()}, name=f"{of.__name__[:-6]}List"
    )


def _exact(panel: ThreadPanel, byline: Byline) -> bool:
    return panel.exact_times or byline.kind != "person"


def _plain(panel: ThreadPanel, shown: Any) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    plain["at"] = shown_at(shown.at, exact=_exact(panel, shown.byline))
    for answer in ("answer", "overruling"):
        if plain.get(answer) is not None:
            plain[answer] = _plain(panel, plain[answer])
    if "replies" in plain:
        plain["replies"] = [_plain(panel, reply) for reply in shown.replies]
    return plain


def _listed(number: str, tab: ThreadTab, after: str, window_of: Callable[[ThreadPanel], Any]) -> dict[str, Any]:
    problem = problem_for(g.actor, number)
    panel = queries.panel(g.actor, problem, tab, after=cursor(after) or 0)
    window = window_of(panel)
    return {"items": [_plain(panel, each) for each in window.items], "next": str(window.after or "")}


def _last(problem: Problem, tab: ThreadTab, key: int, window_of: Callable[[ThreadPanel], Any]) -> dict[str, Any]:
    """Return what a verb has just made, as a reader sees it."""
    panel = queries.panel(g.actor, problem, tab, after=key - 1)
    return _plain(panel, window_of(panel).items[0])


def _messages(panel: ThreadPanel) -> Any:
    return panel.messages


def _concerns(panel: ThreadPanel) -> Any:
    return panel.concerns


def _solutions(panel: ThreadPanel) -> Any:
    return panel.solutions


# Messages -------------------------------------------------------------------------------------------------------------


@doors.route("/problems/<number>/messages")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, _parts(MessageSchema))
@doors.doc(
    operationId="list_messages",
    summary="The messages of a problem, the oldest first",
    description="Anybody who can see the problem. Each message stands with the latest of its replies.",
)
def list_messages(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List messages."""
    return _listed(number, ThreadTab.DISCUSSION, asked["after"], _messages)


class MessageBody(Body):
    """A message, and what it is meant as."""

    kind = Choice(MessageKind, required=True)
    text = Text(LONG, required=True, metadata={"example": "晚上没地方充电，只好从楼上拉线。"})
    reply_to = Id(metadata={"description": "Id of the message that is answered."})


@doors.route("/problems/<number>/messages", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(MessageBody)
@doors.response(201, MessageSchema(only=("id", "kind", "text")))
@doors.doc(
    operationId="post_message",
    summary="Say something about a problem",
    description="Who lives, owns or serves in the place, while the problem is talked about. `reply_to` names the "
    "message that is answered.",
)
def post_message(told: dict[str, Any], number: str) -> Any:
    """Post a message."""
    return commands.post_message(g.actor, number, kind=told["kind"], text=told["text"], reply_to=told.get("reply_to"))


# Concerns -------------------------------------------------------------------------------------------------------------


@doors.route("/problems/<number>/concerns")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, _parts(ConcernSchema))
@doors.doc(
    operationId="list_concerns",
    summary="The concerns of a problem, by number",
    description="Anybody who can see the problem. A concern is `open`, `answered`, `overruled` or `withdrawn`; "
    "while one is open no vote is announced.",
)
def list_concerns(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List concerns."""
    return _listed(number, ThreadTab.CONCERNS, asked["after"], _concerns)


class ConcernBody(Body):
    """What harm somebody fears, and what would remove it."""

    harm = Text(LONG, required=True, metadata={"example": "东门空地是救护车的回车场，建了棚救护车进不来。"})
    remedy = Text(LONG, required=True, metadata={"example": "消防大队书面确认回车半径够。"})


@doors.route("/problems/<number>/concerns", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ConcernBody)
@doors.response(201, ConcernSchema)
@doors.doc(
    operationId="raise_concern",
    summary="Raise a serious concern; no vote is announced while it has no answer",
    description="Who lives, owns or serves in the place, while the problem is talked about. It must be answered "
    "within the days of the place.",
)
def raise_concern(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Raise a concern."""
    concern = commands.raise_concern(g.actor, number, harm=told["harm"], remedy=told["remedy"])
    return _last(problem_for(g.actor, number), ThreadTab.CONCERNS, concern.number, _concerns)


class AnswerBody(Body):
    """An answer, and the version of a solution that removes the harm, if one does."""

    text = Text(LONG, required=True)
    solution_version = Id()


@doors.route("/concerns/<id:concern_id>/answer", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AnswerBody)
@doors.response(200, ConcernSchema)
@doors.doc(
    operationId="answer_concern",
    summary="Answer a concern",
    description="An official, a moderator, the owners' committee, or who removes the harm in a version of "
    "their own solution. `solution_version` names the version that removes the harm.",
)
def answer_concern(told: dict[str, Any], concern_id: int) -> dict[str, Any]:
    """Answer a concern."""
    commands.answer_concern(g.actor, concern_id, text=told["text"], solution_version_id=told.get("solution_version"))
    return _concern(concern_id)


class OverrulingBody(Body):
    """Why the vote goes on although the concern is not removed; it is public."""

    reason = Text(LONG, required=True)


def _concern(concern_id: int) -> dict[str, Any]:
    concern, problem = queries.concern_for(g.actor, concern_id)
    return _last(problem, ThreadTab.CONCERNS, concern.number, _concerns)


@doors.route("/concerns/<id:concern_id>/overruling", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(OverrulingBody)
@doors.response(200, ConcernSchema)
@doors.doc(
    operationId="propose_overruling",
    summary="Propose that a concern no longer holds the vote up",
    description="The chair, once, with a public reason, for a concern of somebody else. Somebody of another "
    "office must agree before the vote goes on.",
)
def propose_overruling(told: dict[str, Any], concern_id: int) -> dict[str, Any]:
    """Propose that a concern is overruled."""
    commands.propose_overruling(g.actor, concern_id, reason=told["reason"])
    return _concern(concern_id)


@doors.route("/concerns/<id:concern_id>/overruling/agreement", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, ConcernSchema)
@doors.doc(
    operationId="agree_overruling",
    summary="Agree, as the second office, that a concern is overruled",
    description="A second person: of the street office, the owners' committee, or a moderator.",
)
def agree_overruling(concern_id: int) -> dict[str, Any]:
    """Agree that a concern is overruled."""
    commands.agree_overruling(g.actor, concern_id)
    return _concern(concern_id)


@doors.route("/concerns/<id:concern_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, ConcernSchema)
@doors.doc(
    operationId="withdraw_concern",
    summary="Withdraw one's own concern",
    description="Who raised it, or their organization, while it waits for an answer.",
)
def withdraw_concern(concern_id: int) -> dict[str, Any]:
    """Withdraw a concern."""
    commands.withdraw_concern(g.actor, concern_id)
    return _concern(concern_id)


# Solutions ------------------------------------------------------------------------------------------------------------


@doors.route("/problems/<number>/solutions")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, _parts(SolutionSchema))
@doors.doc(
    operationId="list_solutions",
    summary="The solutions of a problem, each in its latest version",
    description="Anybody who can see the problem. Each stands in its latest version; earlier ones stay as they were.",
)
def list_solutions(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List solutions."""
    return _listed(number, ThreadTab.SOLUTIONS, asked["after"], _solutions)


class SolutionBody(Body):
    """What could be done, what it costs in fen, and whether it needs a permit."""

    title = Text(80, required=True, metadata={"example": "东门充电棚"})
    text = Text(LONG, required=True)
    cost = Whole(0, 10**15, allow_none=True, load_default=None, metadata={"description": "In fen."})
    needs_permit = Flag(load_default=False)


@doors.route("/problems/<number>/solutions", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(SolutionBody)
@doors.response(201, SolutionSchema)
@doors.doc(
    operationId="propose_solution",
    summary="Propose a solution",
    description="Who lives, owns or serves in the place, while the problem is talked about. The `version_id` is "
    "what a motion names as `solution_version`.",
)
def propose_solution(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Propose a solution."""
    solution = commands.propose_solution(g.actor, number, **told)
    return _last(problem_for(g.actor, number), ThreadTab.SOLUTIONS, solution.number, _solutions)


@doors.route("/solutions/<id:solution_id>/versions", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(SolutionBody)
@doors.response(201, SolutionSchema)
@doors.doc(
    operationId="revise_solution",
    summary="Give a solution a new version",
    description="Its author, a moderator or the owners' committee. The new version stands beside the earlier ones.",
)
def revise_solution(told: dict[str, Any], solution_id: int) -> dict[str, Any]:
    """Revise a solution."""
    commands.revise_solution(g.actor, solution_id, **told)
    solution, problem = queries.solution_for(g.actor, solution_id)
    return _last(problem, ThreadTab.SOLUTIONS, solution.number, _solutions)
