"""Concerns with their answers, for programs."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Id, Page, Text, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.api.current import LONG, ConcernSchema, concerns_of, doors, last_made, listed, parts
from cogov.threads.rules.speaking import ThreadTab


@doors.route("/problems/<number>/concerns")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(ConcernSchema))
@doors.doc(
    operationId="list_concerns",
    summary="The concerns of a problem, by number",
    description="Anybody who can see the problem. A concern is `open`, `answered`, `overruled` or `withdrawn`; "
    "while one is open no vote is announced.",
)
def list_concerns(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List concerns."""
    return listed(number, ThreadTab.CONCERNS, asked["after"], concerns_of)


class ConcernBody(Body):
    """What harm somebody fears, and what would remove it."""

    harm = Text(LONG, required=True, metadata={"example": "东门空地是救护车的回车场，建了棚救护车进不来。"})
    remedy = Text(LONG, required=True, metadata={"example": "消防大队书面确认回车半径够。"})
    solution = Id(load_default=None, allow_none=True, metadata={"description": "Id of the one solution it is about."})


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
    concern = commands.raise_concern(
        g.actor, number, harm=told["harm"], remedy=told["remedy"], solution_id=told["solution"]
    )
    return last_made(problem_for(g.actor, number), ThreadTab.CONCERNS, concern.number, concerns_of)


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
    return last_made(problem, ThreadTab.CONCERNS, concern.number, concerns_of)


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
