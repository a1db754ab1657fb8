"""Solutions with their versions, for programs."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Flag, Page, Text, Whole, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.api.current import LONG, SolutionSchema, doors, last_made, listed, parts, solutions_of
from cogov.threads.rules.solutions import SIDE_LENGTH
from cogov.threads.rules.speaking import ThreadTab


@doors.route("/problems/<number>/solutions")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(SolutionSchema))
@doors.doc(
    operationId="list_solutions",
    summary="The solutions of a problem, each in its latest version",
    description="Anybody who can see the problem. Each stands in its latest version; earlier ones stay as they were.",
)
def list_solutions(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List solutions."""
    return listed(number, ThreadTab.SOLUTIONS, asked["after"], solutions_of)


class SolutionBody(Body):
    """What could be done, what it costs in fen, and whether it needs a permit."""

    title = Text(80, required=True, metadata={"example": "东门充电棚"})
    text = Text(LONG, required=True)
    cost = Whole(0, 10**15, allow_none=True, load_default=None, metadata={"description": "In fen."})
    needs_permit = Flag(load_default=False)
    benefits = Text(SIDE_LENGTH, load_default="", metadata={"example": "没有车位的住户"})
    bears = Text(SIDE_LENGTH, load_default="", metadata={"example": "公共收益出钱，东门少两个车位"})


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
    return last_made(problem_for(g.actor, number), ThreadTab.SOLUTIONS, solution.number, solutions_of)


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
    return last_made(problem, ThreadTab.SOLUTIONS, solution.number, solutions_of)
