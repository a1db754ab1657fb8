"""The way a problem takes: triage and appeal, the raisers' word, mediation and conclusion."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Flag, Id, Text, verb_of
from cogov.ground.scopes import Scope
from cogov.moderation.rules import marks_in
from cogov.problems.api.current import ProblemSchema, WordsBody, WrittenSchema, doors, problem_shown
from cogov.problems.commands import (
    answer_appeal,
    appeal_triage,
    conclude_deliberation,
    confirm_problem,
    record_mediation,
    triage_problem,
)
from cogov.problems.rules.acts import WORDS_MAX
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer


class TriageBody(Body):
    """What somebody makes of the proposal; without a lane it is confirmed as it stands."""

    lane = Choice(Lane)
    reason = Choice(ReasonCode)
    rule = Choice(RuleCode)
    body = Id(metadata={"description": "Id of the organization that is to act."})
    duty_item = Id()
    channel = Text(120, load_default="")
    same_as = Text(16, load_default="", metadata={"description": "Number of the problem into which it is merged."})
    words = Text(WORDS_MAX, load_default="", metadata={"description": "Required where it differs from the proposal."})
    hidden = Flag(allow_none=True, load_default=None)


@doors.route("/problems/<number>/triage", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(TriageBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="triage_problem",
    summary="Confirm or change the way that the rules propose",
    description="Moderators, dispatchers and the street office of the place. An empty body confirms the proposal; "
    "a lane of one's own needs a reason in `words`. Lane A hands it to a body, B to the people, AB to "
    "both, M to mediation, X to where it belongs.",
)
def triage(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Triage a problem."""
    triage_problem(
        g.actor,
        number,
        lane=told.get("lane"),
        reason=told.get("reason"),
        rule=told.get("rule"),
        body_id=told.get("body"),
        duty_item_id=told.get("duty_item"),
        channel=told["channel"],
        same_as=told["same_as"],
        words=told["words"],
        hidden=told["hidden"],
    )
    return problem_shown(number)


@doors.route("/problems/<number>/appeal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(WordsBody)
@doors.response(200, WrittenSchema)
@doors.doc(
    operationId="appeal_triage",
    summary="Appeal against the triage, once, as one of the raisers",
    description="One of the raisers, once, within the days the place gives. The street office answers within its "
    "limit.",
)
def appeal(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Appeal against a triage."""
    kept = appeal_triage(g.actor, number, words=told["words"])
    return problem_shown(number) | {"masked": marks_in(kept.words)}


class ConfirmBody(Body):
    """Whether it is fixed; who says no says what is still wrong."""

    answer = Choice(ConfirmationAnswer, required=True)
    words = Text(WORDS_MAX, load_default="")


@doors.route("/problems/<number>/confirmation", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ConfirmBody)
@doors.response(200, WrittenSchema)
@doors.doc(
    operationId="confirm_problem",
    summary="Say, as one of the raisers, whether it is fixed",
    description="One of the raisers, once in each round, after the work is done. One `not_fixed` begins the next "
    "round; when all say `fixed`, the problem ends.",
)
def confirm(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Confirm that a problem is fixed, or say that it is not."""
    kept = confirm_problem(g.actor, number, answer=told["answer"], words=told["words"])
    return problem_shown(number) | {"masked": marks_in(kept.words)}


class AppealAnswerBody(Body):
    """What comes of an appeal, and why."""

    outcome = Choice(AppealOutcome, required=True)
    words = Text(WORDS_MAX, required=True)


@doors.route("/problems/<number>/appeal/answer", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(AppealAnswerBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="answer_appeal",
    summary="Answer an appeal for the street office",
    description="The street office above the place. Granted, the problem is triaged anew; an ending that it had "
    "is lifted.",
)
def answer(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Answer an appeal."""
    answer_appeal(g.actor, number, outcome=told["outcome"], words=told["words"])
    return problem_shown(number)


class MediationBody(Body):
    """Whether the two agreed, and on what; without names."""

    agreed = Flag(required=True)
    words = Text(WORDS_MAX, required=True)


@doors.route("/problems/<number>/mediation", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(MediationBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="record_mediation",
    summary="Record what came of a mediation",
    description="A moderator of the place, or the street office. With it the problem ends, "
    "whether the two agreed or not.",
)
def mediate(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Record a mediation."""
    record_mediation(g.actor, number, agreed=told["agreed"], words=told["words"])
    return problem_shown(number)


@doors.route("/problems/<number>/conclusion", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(WordsBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="conclude_deliberation",
    summary="Close a deliberation that needs no vote",
    description="A moderator of the place, while no vote and no unanswered concern is open. An open case goes on; "
    "otherwise the raisers are asked whether it is fixed.",
)
def conclude(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Conclude a deliberation."""
    conclude_deliberation(g.actor, number, words=told["words"])
    return problem_shown(number)
