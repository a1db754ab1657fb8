"""What frames a deliberation, for programs: the declared room for change, and when its parts are taken."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Said, Text, When, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.problems import commands
from cogov.problems.queries import leeways, parts_shown, phase_for, problem_for
from cogov.problems.rules.leeway import OPEN_PART_LONGEST, REASON_LONGEST, Room
from cogov.problems.rules.phases import REASON_LONGEST as WHY_LONGEST
from cogov.problems.rules.phases import Part
from cogov.threads.api.current import doors


class LeewaySchema(Schema):
    """How much of a topic can be changed, as the body that takes it declared, and why."""

    version = fields.Integer()
    room = Choice(Room)
    open_part = fields.String(metadata={"description": "What of it is open, where only a part is."})
    reason = fields.String()
    organization = fields.String(attribute="organization_name")
    at = When()


class LeewayListSchema(Schema):
    """Every declaration, the newest first; the first one holds."""

    items = fields.List(fields.Nested(LeewaySchema))


@doors.route("/problems/<number>/leeway")
@reading
@doors.response(200, LeewayListSchema)
@doors.doc(
    operationId="list_leeway",
    summary="What can still be changed about a problem, as declared, the newest first",
    description="Anybody who can see the problem. The first one holds; none is ever erased.",
)
def list_leeway(number: str) -> dict[str, Any]:
    """List declarations."""
    return {"items": leeways(problem_for(g.actor, number).id)}


class LeewayBody(Body):
    """How much can be changed, which part, and why."""

    room = Choice(Room, required=True)
    open_part = Text(OPEN_PART_LONGEST, load_default="", metadata={"description": "Only with `partly`."})
    reason = Text(REASON_LONGEST, required=True, metadata={"example": "预算已经批下来，位置还可以商量。"})


@doors.route("/problems/<number>/leeway", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(LeewayBody)
@doors.response(201, LeewayListSchema)
@doors.doc(
    operationId="declare_leeway",
    summary="Declare how much of a topic can be changed, and why",
    description="The body that takes the topic, or the committee. A `fixed` topic is answered: no vote is opened "
    "on it, but for what the owners decide by law.",
)
def declare_leeway(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Declare the room for change."""
    commands.declare_leeway(g.actor, number, **told)
    return {"items": leeways(problem_for(g.actor, number).id)}


class TimeSchema(Schema):
    """A time that was set for a part."""

    id = fields.Integer()
    opens_at = When()
    closes_at = When(allow_none=True)
    reason = fields.String()
    organization = fields.String(attribute="organization_name")
    cancelled = fields.Boolean()


class PartSchema(Schema):
    """A part of the deliberation, whether it is taken now, and the times that were set for it."""

    part = Choice(Part)
    name = Said()
    open = fields.Boolean()
    always = fields.Boolean(metadata={"description": "No time can be set for it."})
    times = fields.List(fields.Nested(TimeSchema))


class PartListSchema(Schema):
    """Every part of the deliberation; several are open at once."""

    items = fields.List(fields.Nested(PartSchema))


@doors.route("/problems/<number>/phases")
@reading
@doors.response(200, PartListSchema)
@doors.doc(
    operationId="list_phases",
    summary="The parts of a deliberation: which are open, and when each is taken",
    description="Anybody who can see the problem. A part without a time is always open.",
)
def list_phases(number: str) -> dict[str, Any]:
    """List the parts with their times."""
    return {"items": parts_shown(g.actor, problem_for(g.actor, number))}


class PhaseBody(Body):
    """From when until when a part is taken, and why."""

    part = Choice(Part, required=True)
    opens_at = When(load_default=None, allow_none=True, metadata={"description": "From now on, where it is empty."})
    closes_at = When(load_default=None, allow_none=True, metadata={"description": "Without an end, where it is empty."})
    reason = Text(WHY_LONGEST, required=True)


@doors.route("/problems/<number>/phases", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(PhaseBody)
@doors.response(201, PartListSchema)
@doors.doc(
    operationId="schedule_phase",
    summary="Set from when until when a part of the deliberation is taken",
    description="A moderator or the chair of the place, or the street office. Discussion and concerns are always open.",
)
def schedule_phase(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Schedule a part."""
    commands.schedule_phase(g.actor, number, **told)
    return {"items": parts_shown(g.actor, problem_for(g.actor, number))}


@doors.route("/phases/<id:phase_id>/cancellation", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, PartListSchema)
@doors.doc(
    operationId="cancel_phase",
    summary="Call off a time that was set for a part",
    description="A moderator or the chair of the place, or the street office, until it is over. The row stays.",
)
def cancel_phase(phase_id: int) -> dict[str, Any]:
    """Call a time off."""
    _, problem = phase_for(g.actor, phase_id)
    commands.cancel_phase(g.actor, phase_id)
    return {"items": parts_shown(g.actor, problem)}
