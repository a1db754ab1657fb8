"""Standing behind a solution for an organization, and saying what is at stake."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Text, verb_of
from cogov.ground.scopes import Scope
from cogov.threads import commands, queries
from cogov.threads.api.current import SolutionSchema, doors, last_made, solutions_of
from cogov.threads.rules.interests import INTEREST_LENGTH, InterestKind
from cogov.threads.rules.speaking import ThreadTab


def _solution(solution_id: int) -> dict[str, Any]:
    solution, problem = queries.solution_for(g.actor, solution_id)
    return last_made(problem, ThreadTab.SOLUTIONS, solution.number, solutions_of)


@doors.route("/solutions/<id:solution_id>/endorsement", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, SolutionSchema)
@doors.doc(
    operationId="endorse_solution",
    summary="Stand behind a solution, for an organization",
    description="Who speaks for an organization whose mandate reaches the place, once; not for its own solution. It "
    "is shown apart from people and is no vote.",
)
def endorse_solution(solution_id: int) -> dict[str, Any]:
    """Endorse a solution."""
    commands.endorse_solution(g.actor, solution_id)
    return _solution(solution_id)


@doors.route("/solutions/<id:solution_id>/endorsement/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, SolutionSchema)
@doors.doc(
    operationId="withdraw_endorsement",
    summary="Take the endorsement of one's organization back",
    description="Who speaks for the organization. That it was there stays on record.",
)
def withdraw_endorsement(solution_id: int) -> dict[str, Any]:
    """Take an endorsement back."""
    commands.withdraw_endorsement(g.actor, solution_id)
    return _solution(solution_id)


class InterestBody(Body):
    """What is at stake for who speaks; without a kind, what was said is taken back."""

    kind = Choice(InterestKind, load_default=None, allow_none=True)
    words = Text(INTEREST_LENGTH, load_default="", metadata={"example": "一楼的业主"})


@doors.route("/problems/<number>/interest", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(InterestBody)
@doors.response(200, InterestBody)
@doors.doc(
    operationId="state_interest",
    summary="Say what is at stake for you in a problem, or take it back",
    description="Who lives, owns or serves in the place. It stands beside your messages; the words are for readers of "
    "the place.",
)
def state_interest(told: dict[str, Any], number: str) -> dict[str, Any]:
    """State an interest."""
    stated = commands.state_interest(g.actor, number, kind=told["kind"], words=told["words"])
    return {"kind": stated.kind, "words": stated.words} if stated is not None else {"kind": None, "words": ""}
