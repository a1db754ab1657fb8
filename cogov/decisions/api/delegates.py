"""Delegates: which organizations decide together, and whom each sends."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands
from cogov.decisions.api.current import doors
from cogov.decisions.api.shown import shown_words
from cogov.decisions.queries.delegates import delegates_shown
from cogov.ground import scopes
from cogov.ground.api import Body, Choice, Id, RefusalSchema, When, reading, verb_of
from cogov.people.rules import OrganizationKind


class CandidateSchema(Schema):
    """Somebody who holds a mandate of an organization of the person of the token."""

    id = fields.Integer()
    name = fields.String(metadata={"description": "The public name of the mandate."})


class SentSchema(Schema):
    """An organization that is asked, and whom it sends."""

    id = fields.Integer()
    name = fields.String()
    kind = Choice(OrganizationKind)
    delegate = fields.String(metadata={"description": "Public name; empty while nobody was named."})
    named_at = When(allow_none=True)
    is_me = fields.Boolean()
    candidates = fields.List(
        fields.Nested(CandidateSchema), metadata={"description": "Whom the person of the token may name."}
    )
    refusal = fields.Nested(RefusalSchema, allow_none=True)


def _sent(motion_id: int) -> list[dict[str, Any]]:
    shown = delegates_shown(g.actor, motion_id)
    return [
        {
            **{name: getattr(each, name) for name in ("id", "name", "kind", "delegate", "named_at", "is_me")},
            "candidates": [{"id": person, "name": name} for person, name in each.candidates],
            "refusal": shown_words(each.why_not_name),
        }
        for each in shown.organizations
    ]


@doors.route("/motions/<id:motion_id>/delegates")
@reading
@doors.response(200, SentSchema(many=True))
@doors.doc(
    operationId="list_delegates",
    summary="Which organizations decide on a motion, and whom each sends",
    description="Where the rule has organizations vote. Anybody who can see the problem.",
)
def list_delegates(motion_id: int) -> list[dict[str, Any]]:
    """List delegates."""
    return _sent(motion_id)


class DelegateBody(Body):
    """Which organization sends whom."""

    organization = Id(required=True)
    person = Id(required=True, metadata={"description": "One of its `candidates`."})


@doors.route("/motions/<id:motion_id>/delegates", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(DelegateBody)
@doors.response(201, SentSchema(many=True))
@doors.doc(
    operationId="name_delegate",
    summary="Name whom your organization sends",
    description="Those who hold a mandate of it, until the close. Its ballot is one: what an earlier delegate cast "
    "stands until the next one replaces it.",
)
def name_delegate(told: dict[str, Any], motion_id: int) -> list[dict[str, Any]]:
    """Name a delegate."""
    commands.name_delegate(g.actor, motion_id, told["organization"], person_id=told["person"])
    return _sent(motion_id)
