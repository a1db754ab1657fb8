"""Who I am, for programs."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Said, When, door, verb_of
from cogov.ground.scopes import Scope
from cogov.people.rules import role_words

doors = door("people", "Who a token stands for")


class StandingSchema(Schema):
    """A role held now: where, for whom, until when; the id goes into the header Cogov-Acting."""

    id = fields.Integer()
    role = fields.String(metadata={"example": "moderator"})
    role_name = Said(metadata={"example": "社区议事主持人"})
    scope = fields.String(metadata={"description": "Code of the place; reaches every place whose code begins so."})
    organization_id = fields.Integer(allow_none=True)
    organization = fields.String()
    until = When(allow_none=True)
    acting = fields.Boolean()


class MeSchema(Schema):
    """The person of the token, under the name that others see, and what they may act as."""

    pseudonym = fields.String()
    scopes = fields.List(fields.String())
    standings = fields.List(fields.Nested(StandingSchema))


@doors.route("/me")
@verb_of(Scope.READ)
@doors.response(200, MeSchema)
@doors.doc(operationId="show_me", summary="Who I am here, and as what I may act")
def show_me() -> dict[str, Any]:
    """Show the person and the standings of the token."""
    by = g.actor
    return {
        "pseudonym": by.pseudonym,
        "scopes": sorted(g.scopes),
        "standings": [
            {
                "id": held.id,
                "role": held.role.value,
                "role_name": role_words(held.role),
                "scope": held.scope,
                "organization_id": held.organization_id,
                "organization": held.organization_name,
                "until": held.until,
                "acting": held == by.acting,
            }
            for held in by.standings
        ],
    }
