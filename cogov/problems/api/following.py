"""How much somebody wants to hear of a problem."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.api.current import doors
from cogov.problems.commands import follow_problem, quieten_problem, unfollow_problem
from cogov.problems.queries import level_of, problem_for
from cogov.problems.rules.following import FollowLevel


class FollowBody(Body):
    """How much somebody wants to hear of a problem: every step, only what waits for them, or nothing more."""

    level = Choice(FollowLevel, required=True)


_FOLLOWING = {
    FollowLevel.ALL: follow_problem,
    FollowLevel.NEEDS: quieten_problem,
    FollowLevel.NONE: unfollow_problem,
}


@doors.route("/problems/<number>/following", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(FollowBody)
@doors.response(200, FollowBody)
@doors.doc(
    operationId="follow_problem",
    summary="Follow a problem, hear less of it, or follow it no longer",
    description="Anybody signed in who can see it. `all` tells of every step, `needs` only of what waits for you, "
    "`none` ends the following; a question to you, a vote and a duty still arrive.",
)
def follow(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Set how much one hears of a problem."""
    return {"level": _FOLLOWING[told["level"]](g.actor, number).level}


@doors.route("/problems/<number>/following")
@verb_of(Scope.READ)
@doors.response(200, FollowBody)
@doors.doc(
    operationId="show_following",
    summary="How much you hear of a problem",
    description="The person of the token. Who is on a dossier hears of every step until they say otherwise.",
)
def following(number: str) -> dict[str, Any]:
    """Show how much one hears of a problem."""
    return {"level": level_of(g.actor, problem_for(g.actor, number).id)}
