"""Who has an interest: applications of owners elsewhere to be admitted, and what is decided about them."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands
from cogov.decisions.api.current import doors
from cogov.decisions.api.shown import shown_words
from cogov.decisions.queries.interest import claim_for, interests_shown
from cogov.decisions.rules.interest import (
    REASON_LONGEST,
    TEXT_LONGEST,
    InterestState,
    why_no_interest_here,
)
from cogov.ground import scopes
from cogov.ground.api import Body, Choice, Flag, Id, RefusalSchema, Text, When, verb_of
from cogov.ground.refusals import insist


class InterestSchema(Schema):
    """An application, as its applicant and those who decide see it."""

    id = fields.Integer()
    unit = fields.Integer(attribute="unit_id")
    door = fields.String()
    applicant = fields.String(metadata={"description": "Pseudonym."})
    text = fields.String()
    at = When()
    state = Choice(InterestState)
    answer = fields.String(metadata={"description": "Why it was admitted or declined."})
    settled_at = When(allow_none=True)
    is_mine = fields.Boolean()


class OwnUnitSchema(Schema):
    """A unit of the person of the token in another building."""

    id = fields.Integer()
    door = fields.String()


class InterestsSchema(Schema):
    """Who may be admitted to a motion, and why the person of the token may not apply."""

    admitted = fields.Integer(metadata={"description": "How many heads were admitted: all that everybody sees."})
    units = fields.List(fields.Nested(OwnUnitSchema))
    refusal = fields.Nested(RefusalSchema, allow_none=True)
    applications = fields.List(
        fields.Nested(InterestSchema), metadata={"description": "All for those who decide, else one's own."}
    )


def _interests(motion_id: int) -> dict[str, Any]:
    shown = interests_shown(g.actor, motion_id)
    insist(why_no_interest_here(shown.rule))
    return {
        "admitted": shown.admitted,
        "units": [{"id": unit_id, "door": door} for unit_id, door in shown.units],
        "refusal": shown_words(shown.why_not_apply),
        "applications": shown.claims,
    }


@doors.route("/motions/<id:motion_id>/interests")
@verb_of(scopes.Scope.READ)
@doors.response(200, InterestsSchema)
@doors.doc(
    operationId="list_interests",
    summary="Who has proven an interest in a motion",
    description="Where the rule asks for all who have an interest (Civil Code 279): the owners of the building are "
    "presumed to have one, owners elsewhere may apply before the notice.",
)
def list_interests(motion_id: int) -> dict[str, Any]:
    """List applications."""
    return _interests(motion_id)


class InterestBody(Body):
    """Which unit of yours is touched, and how."""

    unit = Id(required=True)
    text = Text(TEXT_LONGEST, required=True)


@doors.route("/motions/<id:motion_id>/interests", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(InterestBody)
@doors.response(201, InterestsSchema)
@doors.doc(
    operationId="apply_interest",
    summary="Apply to be admitted as an owner with an interest",
    description="Owners of another building of the community, before the notice.",
)
def apply_interest(told: dict[str, Any], motion_id: int) -> dict[str, Any]:
    """Apply to be admitted."""
    commands.apply_interest(g.actor, motion_id, unit_id=told["unit"], text=told["text"])
    return _interests(motion_id)


class InterestSettlementBody(Body):
    """Whether the applicant is admitted, and why."""

    admits = Flag(required=True)
    reason = Text(REASON_LONGEST, required=True)


@doors.route("/interests/<id:interest_id>/settlement", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(InterestSettlementBody)
@doors.response(200, InterestsSchema)
@doors.doc(
    operationId="settle_interest",
    summary="Admit an applicant, or decline",
    description="Moderators, chairs and the owners' committee, before the notice; nobody on their own application or "
    "motion. No notice goes out while an application waits.",
)
def settle_interest(told: dict[str, Any], interest_id: int) -> dict[str, Any]:
    """Settle an application."""
    motion_id = claim_for(g.actor, interest_id).motion_id
    commands.settle_interest(g.actor, interest_id, admits=told["admits"], reason=told["reason"])
    return _interests(motion_id)


@doors.route("/interests/<id:interest_id>/withdrawal", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, InterestsSchema)
@doors.doc(
    operationId="withdraw_interest",
    summary="Take one's application back",
    description="Its applicant, before the notice.",
)
def withdraw_interest(interest_id: int) -> dict[str, Any]:
    """Take an application back."""
    motion_id = claim_for(g.actor, interest_id).motion_id
    commands.withdraw_interest(g.actor, interest_id)
    return _interests(motion_id)
