"""What a meeting carried, handed to the official loop."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.cases import commands
from cogov.cases.api.current import CaseSchema, case_shown, doors
from cogov.ground.api import Body, Id, verb_of
from cogov.ground.scopes import Scope


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
    return case_shown(case.id)
