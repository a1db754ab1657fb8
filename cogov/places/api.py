"""Places for programs: the ids that a problem is raised with."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from cogov.ground.api import door, reading
from cogov.ground.db import found
from cogov.places.models import Place
from cogov.places.queries import buildings_of, communities, community_by_code, grids_of

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
