"""Places for programs: the ids that a problem is raised with."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Choice, When, door, reading, verb_of
from cogov.ground.db import found
from cogov.ground.scopes import Scope
from cogov.places.commands import move_out
from cogov.places.models import Place
from cogov.places.queries import HomeShown, buildings_of, communities, community_by_code, grids_of, home_shown, lived_in
from cogov.places.rules import ResidenceKind

doors = door("places", "Communities with their grids and buildings")


class CommunitySchema(Schema):
    """A community."""

    code = fields.String(metadata={"description": "What other operations call `place`."})
    name = fields.String()


class GridSchema(Schema):
    """A grid of a community."""

    id = fields.Integer(metadata={"description": "What other operations call `grid`."})
    code = fields.String()
    name = fields.String()


class BuildingSchema(Schema):
    """A building of a community."""

    id = fields.Integer(metadata={"description": "What other operations call `building`."})
    name = fields.String()
    grid = fields.Integer(attribute="grid_id", allow_none=True)


class WholeCommunitySchema(CommunitySchema):
    """A community with what it consists of."""

    grids = fields.List(fields.Nested(GridSchema))
    buildings = fields.List(fields.Nested(BuildingSchema))


class HomeSchema(Schema):
    """A home that the person of the token lives in."""

    id = fields.Integer(metadata={"description": "What `move_out` ends."})
    place = fields.String(metadata={"description": "Code of the community."})
    building = fields.String()
    staircase = fields.String()
    door = fields.String()
    kind = Choice(ResidenceKind)
    since = When()
    ended_at = When(allow_none=True)


@doors.route("/me/homes")
@verb_of(Scope.READ)
@doors.response(200, HomeSchema(many=True))
@doors.doc(
    operationId="list_homes",
    summary="Where I live here",
    description="The person of the token: the homes that the committee has checked and that have not ended.",
)
def list_homes() -> list[HomeShown]:
    """List one's own homes."""
    return lived_in(g.actor)


@doors.route("/me/homes/<id:residence_id>/end", methods=["POST"])
@verb_of(Scope.KEEP)
@doors.response(200, HomeSchema)
@doors.doc(
    operationId="move_out",
    summary="Say that I have moved out",
    description="The person of the token, about their own home. What they may do by living there ends with the next "
    "thing they do; what they said stays. Refused while work they have claimed there is not handed in.",
)
def move_out_(residence_id: int) -> HomeShown:
    """End one's own residence."""
    return home_shown(move_out(g.actor, residence_id))


@doors.route("/communities")
@reading
@doors.response(200, CommunitySchema(many=True))
@doors.doc(
    operationId="list_communities",
    summary="The communities of this installation, by code",
    description="Anybody. The code of a community is what other operations call `place`.",
)
def list_communities() -> list[Place]:
    """List communities."""
    return communities()


@doors.route("/communities/<code>")
@reading
@doors.response(200, WholeCommunitySchema)
@doors.doc(
    operationId="show_community",
    summary="A community with its grids and buildings",
    description="Anybody. Its grids and buildings are what a problem is raised in when there is no pin.",
)
def show_community(code: str) -> dict[str, Any]:
    """Show a community."""
    here = found(community_by_code(code))
    return {"code": here.code, "name": here.name, "grids": grids_of(here.id), "buildings": buildings_of(here.id)}
