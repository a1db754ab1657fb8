"""What those who are called and those who raised it say: the answer to a call, and that it is not fixed."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.cases import commands, queries
from cogov.cases.api.current import CallSchema, CaseSchema, SaidBody, case_shown, doors
from cogov.ground.api import verb_of
from cogov.ground.scopes import Scope
from cogov.problems.commands import confirm_problem
from cogov.problems.queries import problem_by_id
from cogov.problems.rules.stages import ConfirmationAnswer


@doors.route("/calls/<id:call_id>/answer", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(SaidBody)
@doors.response(200, CallSchema(only=("id", "state")))
@doors.doc(
    operationId="answer_call",
    summary="Answer for the body that was called",
    description="The body that was called. What was done, or why not; it is public.",
)
def answer_call(told: dict[str, Any], call_id: int) -> Any:
    """Answer a call."""
    return commands.answer_call(g.actor, call_id, **told)


@doors.route("/cases/<id:case_id>/reopening", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(SaidBody(only=("words",)))
@doors.response(200, CaseSchema)
@doors.doc(
    operationId="reopen_case",
    summary="Say, as one of the raisers, that it is not fixed: the next round begins",
    description="One of the raisers, after it was closed. It says `not_fixed` in `confirm_problem`; the next "
    "round goes to the same body.",
)
def reopen_case(told: dict[str, Any], case_id: int) -> dict[str, Any]:
    """Reopen a case by the raiser's word."""
    problem = problem_by_id(g.actor, queries.case_for(g.actor, case_id).problem_id)
    confirm_problem(g.actor, problem.number, answer=ConfirmationAnswer.NOT_FIXED, words=told["words"])
    return case_shown(case_id)
