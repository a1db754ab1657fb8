"""Cases for programs: every step of the official loop, from verification to closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.cases import commands, queries
from cogov.cases.queries import CaseView, DeskFilter
from cogov.cases.rules import CallState, CaseState, RefusalReason, StampKind, StepKind
from cogov.duties.queries import PublicClock
from cogov.files.api import Sent, bytes_of, used
from cogov.files.queries import pictures_folder
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    Page,
    Picture,
    RefusalSchema,
    Said,
    Text,
    When,
    door,
    reading,
    refusal_of,
    verb_of,
)
from cogov.ground.clock import now
from cogov.ground.refusals import NotFound
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.people.rules import Actor
from cogov.problems.commands import confirm_problem
from cogov.problems.queries import problem_by_id, problem_for
from cogov.problems.rules.stages import ConfirmationAnswer

doors = door("cases", "What is handed to a public body, step by step")

WORDS, BASIS = 2000, 200


# What is shown --------------------------------------------------------------------------------------------------------


class StampSchema(Schema):
    """One of the five stamps: problem, command, duty, joint, feedback."""

    kind = Choice(StampKind)
    label = Said()
    state = fields.String(metadata={"description": "signed, awaited or ahead"})
    who = Said()
    at = When(allow_none=True)


class StepSchema(Schema):
    """What was done, for whom, when, on what basis."""

    kind = Choice(StepKind)
    act = Said()
    round = fields.Integer()
    person = fields.String()
    organization = fields.String()
    to = fields.String()
    at = When()
    basis = fields.String()
    words = fields.String()


class CallSchema(Schema):
    """A body that was called to act together."""

    id = fields.Integer()
    organization = fields.String()
    organization_id = fields.Integer()
    ask = fields.String()
    due_at = When()
    state = Choice(CallState)
    late = fields.Boolean()
    answer = fields.String()


class OfferSchema(Schema):
    """A step that is yours: now, or why not yet."""

    kind = Choice(StepKind)
    label = Said()
    acting = fields.Integer(metadata={"description": "Id of the standing it is done under."})
    refusal = fields.Nested(RefusalSchema, allow_none=True)
    missing = fields.List(fields.Nested(RefusalSchema))


class CaseSchema(Schema):
    """A case with its stamps, steps and calls, and what you may do to it."""

    id = fields.Integer()
    number = fields.String()
    problem = fields.String()
    state = Choice(CaseState)
    state_words = Said()
    round = fields.Integer()
    emergency = fields.Boolean()
    holder = fields.String()
    body = fields.String(allow_none=True)
    opened_at = When()
    due_at = When(allow_none=True)
    late = fields.Boolean()
    stamps = fields.List(fields.Nested(StampSchema))
    steps = fields.List(fields.Nested(StepSchema))
    calls = fields.List(fields.Nested(CallSchema))
    missing = fields.List(fields.Nested(RefusalSchema), metadata={"description": "What closing still lacks."})
    offers = fields.List(fields.Nested(OfferSchema))


def _due(shown: PublicClock | None) -> dict[str, Any]:
    if shown is None:
        return {"due_at": None, "late": False}
    clock = shown.clock
    return {"due_at": clock.due_at, "late": clock.paused_at is None and clock.due_at < now()}


def _plain(view: CaseView) -> dict[str, Any]:
    case = view.case
    return {
        "id": case.id,
        "number": case.number,
        "problem": view.problem.number,
        "state": case.state,
        "state_words": view.state_words,
        "round": case.round,
        "emergency": case.emergency,
        "holder": view.holder.name,
        "body": view.body.name if view.body else None,
        "opened_at": case.opened_at,
        **_due(view.clock),
        "stamps": view.stamps,
        "steps": view.steps,
        "calls": view.calls,
        "missing": [refusal_of(each) for each in view.missing],
        "offers": [
            {
                "kind": offer.kind,
                "label": offer.label,
                "acting": offer.acting.id,
                "refusal": offer.refusal and refusal_of(offer.refusal),
                "missing": [refusal_of(each) for each in offer.missing],
            }
            for offer in view.offers
        ],
    }


def _shown(case_id: int) -> dict[str, Any]:
    return _plain(queries.case_view(g.actor, queries.case_for(g.actor, case_id)))


class RowSchema(Schema):
    """A line of the desk: what waits, and until when."""

    kind = fields.String(metadata={"description": "case, call, concern or resolution"})
    subject = fields.Integer(attribute="subject_id")
    case = fields.Integer(attribute="case_id", allow_none=True)
    number = fields.String()
    problem = fields.String(attribute="problem_number")
    title = fields.String()
    state = Choice(CaseState, allow_none=True)
    due_at = When()
    late = fields.Boolean()
    paused = fields.Boolean()
    emergency = fields.Boolean()


class RowsSchema(Schema):
    """A part of the desk."""

    items = fields.List(fields.Nested(RowSchema))
    next = fields.String()


# Reading --------------------------------------------------------------------------------------------------------------


class DeskQuery(Page):
    """Which part of the desk."""

    part = Choice(DeskFilter, load_default=DeskFilter.MINE)


@doors.route("/cases")
@verb_of(Scope.OFFICE)
@doors.arguments(DeskQuery, location="query")
@doors.response(200, RowsSchema)
@doors.doc(
    operationId="list_cases",
    summary="What waits at your desk, by deadline",
    description="Who serves a body, a supervision centre or an office: cases, calls, concerns and resolutions "
    "that wait, by deadline.",
)
def list_cases(asked: dict[str, Any]) -> dict[str, Any]:
    """List what waits at the desk."""
    place = queries.desk_place(asked["after"])
    if asked["after"] and place is None:
        raise NotFound
    page = queries.desk(g.actor, asked["part"], place, asked["limit"])
    return {"items": page.rows, "next": queries.desk_mark(page.after)}


@doors.route("/problems/<number>/cases")
@reading
@doors.response(200, CaseSchema(many=True))
@doors.doc(
    operationId="list_cases_of_problem",
    summary="The cases of a problem, the latest first",
    description="Anybody who can see the problem. Each reopening is the next round of the same case.",
)
def list_cases_of(number: str) -> list[dict[str, Any]]:
    """List the cases of a problem."""
    problem = problem_for(g.actor, number)
    return [_plain(queries.case_view(g.actor, case)) for case in queries.cases_of(g.actor, problem)]


class CarriedBody(Body):
    """A motion that a meeting carried, and the body that is proposed for it."""

    meeting_motion = Id(required=True)
    body = Id(allow_none=True, load_default=None, metadata={"description": "Left out: the dispatcher chooses."})


@doors.route("/problems/<number>/cases", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(CarriedBody)
@doors.response(201, CaseSchema)
@doors.doc(
    operationId="hand_on_carried",
    summary="Hand what a meeting carried to the official loop",
    description="Who serves the organization that called the meeting, once for each motion, after triage and before "
    "the end. A case that is open already takes it up; the centre refuses only with a reason that everybody reads.",
)
def hand_on_carried(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Hand on a carried motion."""
    case = commands.hand_on_carried(g.actor, number, meeting_motion=told["meeting_motion"], body_id=told["body"])
    return _shown(case.id)


@doors.route("/cases/<id:case_id>")
@reading
@doors.response(200, CaseSchema)
@doors.doc(
    operationId="show_case",
    summary="A case, its stamps and steps, and which of them are yours",
    description="Anybody who can see its problem. `stamps` are the five seals with who put them, `missing` is "
    "what closing still lacks, `offers` are the steps that are yours.",
)
def show_case(case_id: int) -> dict[str, Any]:
    """Show a case."""
    return _shown(case_id)


# Steps ----------------------------------------------------------------------------------------------------------------


class StepBody(Body):
    """A remark, and the basis it rests on; both are public."""

    words = Text(WORDS, load_default="")
    basis = Text(BASIS, load_default="", metadata={"example": "应急管理部令第 5 号第 37 条"})


class SaidBody(StepBody):
    """A step that is worth nothing without words."""

    words = Text(WORDS, required=True)


class DispatchBody(StepBody):
    """To whom the case goes, and which item of its duty list says so."""

    body_id = Id(required=True)
    duty_item_id = Id(allow_none=True, load_default=None)


class RefuseBody(SaidBody):
    """Why the case is not taken on."""

    reason = Choice(RefusalReason, required=True)


class CallBody(Body):
    """Which bodies are called, and what they are asked."""

    organization_ids = fields.List(Id(), required=True)
    ask = Text(WORDS, required=True)
    basis = Text(BASIS, load_default="")


class HandleBody(SaidBody):
    """The result, with a picture of it; or why none is possible, in the words."""

    picture = Picture(metadata={"description": "As base64, if no face is on it; else send it by `keep_picture`."})
    sent_picture = Sent()
    no_picture = Flag(load_default=False)


class PauseBody(Body):
    """What is awaited; it is public."""

    words = Text(WORDS, required=True)


class InspectBody(StepBody):
    """Whether it passes; who sends it back says what is missing."""

    passed = Flag(required=True)


def _step(name: str, path: str, body: type[Body], summary: str, description: str, act: Callable[..., Any]) -> None:
    """Hang one step of the loop on its address."""

    @doors.route(f"/cases/<id:case_id>/{path}", methods=["POST"], endpoint=name)
    @verb_of(Scope.OFFICE)
    @doors.arguments(body)
    @doors.response(200, CaseSchema)
    @doors.doc(operationId=name, summary=summary, description=description)
    def take(told: dict[str, Any], case_id: int) -> dict[str, Any]:
        act(g.actor, case_id, **told)
        return _shown(case_id)


def _handle(by: Actor, case_id: int, **told: Any) -> None:
    sent = [told["sent_picture"]] if told.get("sent_picture") else []
    picture = bytes_of(by, told)
    commands.handle_case(by, case_id, **told, picture=picture, folder=pictures_folder(data_dir(current_app)))
    used(by, sent)


def _inspect(by: Actor, case_id: int, *, passed: bool, words: str, basis: str) -> None:
    (commands.pass_case if passed else commands.rework_case)(by, case_id, words=words, basis=basis)


for _name, _path, _body, _summary, _description, _act in (
    (
        "verify_case",
        "verification",
        StepBody,
        "Verify the report on the spot (stamp of the problem)",
        "The grid worker of the place or the supervision centre, on the spot. It puts the stamp of the problem.",
        commands.verify_case,
    ),
    (
        "accept_case",
        "acceptance",
        StepBody,
        "Take the report on",
        "The supervision centre, after the report was verified.",
        commands.accept_case,
    ),
    (
        "refuse_case",
        "refusal",
        RefuseBody,
        "Do not take it on, and say why",
        "The supervision centre, instead of taking it on. The problem goes back to triage with the reason.",
        commands.refuse_case,
    ),
    (
        "file_case",
        "filing",
        StepBody,
        "File the case",
        "The supervision centre, after it was taken on.",
        commands.file_case,
    ),
    (
        "dispatch_case",
        "dispatch",
        DispatchBody,
        "Give it to a body (stamp of command)",
        (
            "The dispatcher of the place, for a filed case. `duty_item_id` is the item of a duty list that "
            "names this body; without one say the basis. It puts the stamp of command, and the limit begins."
        ),
        commands.dispatch_case,
    ),
    (
        "acknowledge_case",
        "acknowledgement",
        StepBody,
        "Take it as one's own (stamp of duty)",
        "The body to which it was given. It puts the stamp of duty.",
        commands.acknowledge_case,
    ),
    (
        "return_case",
        "return",
        SaidBody,
        "Give it back before it is taken",
        "The body to which it was given, before it takes it, with the reason. It goes back to the dispatcher.",
        commands.return_case,
    ),
    (
        "call_bodies",
        "calls",
        CallBody,
        "Call other bodies to act together",
        (
            "The lead body or the dispatcher, while it is being handled. Each body that is called answers "
            "within its limit; the stamp of joint handling is put when all have."
        ),
        commands.call_bodies,
    ),
    (
        "need_no_call",
        "no-call",
        SaidBody,
        "Say why nobody has to be called (stamp of joint handling)",
        (
            "The dispatcher, after it was dispatched, with a public reason, and not over the head of a "
            "body that was called and still has time to answer. It puts the stamp of joint handling."
        ),
        commands.no_call_needed,
    ),
    (
        "handle_case",
        "handling",
        HandleBody,
        "Report the result",
        "The lead body, once the stamp of joint handling is there. A picture of the result, or why none is possible.",
        _handle,
    ),
    (
        "inspect_case",
        "inspection",
        InspectBody,
        "Inspect the result: it passes, or goes back",
        "The supervision centre, never who handled it. What does not pass goes back to the body, with what is missing.",
        _inspect,
    ),
    (
        "feed_back_case",
        "feedback",
        SaidBody,
        "Tell the raisers the result (stamp of feedback)",
        "The supervision centre, after it passed. The raisers are told; it puts the stamp of feedback.",
        commands.feed_back_case,
    ),
    (
        "close_case",
        "closure",
        StepBody,
        "Close it, with all five stamps",
        "The supervision centre, with all five stamps. The raisers are asked whether it is fixed.",
        commands.close_case,
    ),
    (
        "pause_case",
        "pauses",
        PauseBody,
        "Pause the clock while something outside is awaited",
        (
            "The dispatcher or the street office of the place, with the reason, which is public. "
            "The deadline moves by the pause."
        ),
        commands.pause_case,
    ),
    (
        "resume_case",
        "pauses/end",
        Body,
        "Let the clock run again",
        "The dispatcher or the street office. The deadline moves by the length of the pause.",
        commands.resume_case,
    ),
):
    _step(_name, _path, _body, _summary, _description, _act)


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
    return _shown(case_id)
