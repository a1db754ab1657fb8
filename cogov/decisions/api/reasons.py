"""Reasons beside ballots: looked at, and published with consent."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import doors
from cogov.decisions.queries.reasons import unread
from cogov.decisions.rules.reasons import CHECKS, Withheld, why_not_check
from cogov.decisions.rules.stages import DecisionState
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Text,
    reading,
    verb_of,
)
from cogov.ground.refusals import insist
from cogov.places.queries import place_by_id


class UnreadSchema(Schema):
    """A reason as whoever checks it reads it: no name, and nothing of the ballot beside it."""

    id = fields.String()
    text = fields.String()
    checked = fields.Boolean()
    withheld = Choice(Withheld, allow_none=True)


class UnreadListSchema(Schema):
    """The reasons of a vote, those that wait first."""

    reasons = fields.List(fields.Nested(UnreadSchema))


def _reasons(decision_id: int) -> dict[str, Any]:
    decision, _ = queries.decision_for(g.actor, decision_id)
    roles = queries.roles_of(g.actor, place_by_id(decision.community_id).code)
    insist(why_not_check(checks=CHECKS in roles, closed=decision.state is DecisionState.CLOSED, checked=False))
    return {"reasons": unread(decision_id)}


@doors.route("/decisions/<id:decision_id>/reasons")
@reading
@doors.response(200, UnreadListSchema)
@doors.doc(
    operationId="list_reasons",
    summary="The reasons that wait to be read before everybody reads them",
    description="Moderators of the place, after the close. Only those whose writers agreed to their being published.",
)
def list_reasons(decision_id: int) -> dict[str, Any]:
    """List reasons."""
    return _reasons(decision_id)


class CheckBody(Body):
    """Which reason, and why it is withheld where it is."""

    reason = Text(32, required=True, metadata={"description": "The id of a reason."})
    withheld = Choice(Withheld, allow_none=True, load_default=None)


@doors.route("/decisions/<id:decision_id>/reasons", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(CheckBody)
@doors.response(200, UnreadListSchema)
@doors.doc(
    operationId="check_reason",
    summary="Release a reason for everybody to read, or withhold it",
    description="Moderators of the place, after the close, once for each reason.",
)
def check_reason(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Check a reason."""
    commands.check_reason(g.actor, decision_id, told["reason"], withheld=told["withheld"])
    return _reasons(decision_id)
