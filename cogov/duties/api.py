"""Matters and duty lists for programs: the ids that triage and dispatch name."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from cogov.duties.models import DutyItem, Matter
from cogov.duties.queries import calendar_for, items_for, matter_by_id, matters
from cogov.duties.rules.clock import LimitUnit
from cogov.duties.rules.duty import MatterKind
from cogov.ground.api import Body, Choice, Text, door, reading
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.people.queries import organization_names
from cogov.places.queries import community_by_code

doors = door("duties", "Which matters there are, and who answers for each")


class MatterSchema(Schema):
    """A matter of the catalogue."""

    id = fields.Integer(metadata={"description": "What other operations call `matter`."})
    kind = Choice(MatterKind)
    code = fields.String()
    name = fields.String()
    lane = fields.String(metadata={"description": "The lane it usually takes, or empty."})
    basis = fields.String()


class DutySchema(Schema):
    """An item of a duty list: who answers for a matter at a place, within which limit, on what basis."""

    id = fields.Integer(metadata={"description": "What other operations call `duty_item`."})
    number = fields.String()
    organization_id = fields.Integer(metadata={"description": "What other operations call `body`."})
    organization = fields.String()
    limit = fields.Integer(attribute="limit_amount")
    unit = Choice(LimitUnit, attribute="limit_unit")
    basis = fields.String()


@doors.route("/matters")
@reading
@doors.response(200, MatterSchema(many=True))
@doors.doc(
    operationId="list_matters",
    summary="The matters in use, by kind and code",
    description="Anybody. A matter says which lane a problem usually takes; `list_duties` says who answers for it.",
)
def list_matters() -> list[Matter]:
    """List matters."""
    return matters()


class DutiesQuery(Body):
    """At which community."""

    place = Text(32, required=True, metadata={"description": "Code of the community."})


@doors.route("/matters/<id:matter_id>/duties")
@reading
@doors.arguments(DutiesQuery, location="query")
@doors.response(200, DutySchema(many=True))
@doors.doc(
    operationId="list_duties",
    summary="Who answers for a matter at a community, the nearest first",
    description="Anybody. The nearest item first; its id is the `duty_item` of `triage_problem` and the "
    "`duty_item_id` of `dispatch_case`.",
)
def list_duties(asked: dict[str, Any], matter_id: int) -> list[dict[str, Any]]:
    """List the duty items of a matter."""
    here, matter = found(community_by_code(asked["place"])), matter_by_id(matter_id)
    items = items_for(matter.id, here.code, calendar_for(here.code).local_day(now()))
    names = organization_names(item.organization_id for item in items)
    return [_plain(item) | {"organization": names[item.organization_id].name} for item in items]


def _plain(item: DutyItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("id", "number", "organization_id", "limit_amount", "limit_unit")} | {
        "basis": item.basis
    }
