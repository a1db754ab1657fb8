"""Who I am, for programs."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Said, Text, When, door, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.people.commands import change_pseudonym
from cogov.people.models import Organization, Person
from cogov.people.queries import organizations_at
from cogov.people.rules import OrganizationKind, role_words
from cogov.people.rules.entering import pseudonym_from

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
@doors.doc(
    operationId="show_me",
    summary="Who I am here, and as what I may act",
    description="The person under their public name, the scopes of the token, and every standing held now. The id "
    "of a standing goes into the header `Cogov-Acting`.",
)
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


class PseudonymBody(Body):
    """The name that others see."""

    pseudonym = Text(20, required=True)


@doors.route("/me/pseudonym", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(PseudonymBody)
@doors.response(200, MeSchema(only=("pseudonym",)))
@doors.doc(
    operationId="change_pseudonym",
    summary="Choose another public name",
    description="The person of the token. On dossiers one stands under a number of one's own, which stays; "
    "another change waits thirty days.",
)
def change(told: dict[str, Any]) -> Person:
    """Change one's pseudonym."""
    return change_pseudonym(g.actor, pseudonym_from(told["pseudonym"]))


class OrganizationSchema(Schema):
    """An organization that answers for a place, and how it is reached."""

    id = fields.Integer()
    kind = Choice(OrganizationKind)
    name = fields.String()
    short_name = fields.String()
    scope = fields.String(metadata={"description": "Code of the place; reaches every place whose code begins so."})
    contact = fields.String()
    ended_at = When(allow_none=True)


class OrganizationsQuery(Body):
    """Which organizations: those that reach a place, of one kind or of all."""

    place = Text(32, required=True, metadata={"description": "Code of the community."})
    kind = Choice(OrganizationKind)


@doors.route("/organizations")
@reading
@doors.arguments(OrganizationsQuery, location="query")
@doors.response(200, OrganizationSchema(many=True))
@doors.doc(
    operationId="list_organizations",
    summary="The organizations that reach a community, by kind and name",
    description="Anybody. Their ids are the `body` of `triage_problem`, the `body_id` of `dispatch_case` and the "
    "`organization_ids` of `call_bodies`.",
)
def list_organizations(asked: dict[str, Any]) -> list[Organization]:
    """List organizations."""
    kinds = [asked["kind"]] if "kind" in asked else list(OrganizationKind)
    return organizations_at(asked["place"], *kinds)
