"""The steps of the official loop, from verification to closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g
from marshmallow import fields

from cogov.cases import commands
from cogov.cases.api.current import BASIS, WORDS, CaseSchema, SaidBody, StepBody, case_shown, doors
from cogov.cases.rules import RefusalReason
from cogov.files.api import Sent, bytes_of, used
from cogov.files.queries import pictures_folder
from cogov.ground.api import Body, Choice, Flag, Id, Picture, Text, verb_of
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.people.rules import Actor


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
        return case_shown(case_id)


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
