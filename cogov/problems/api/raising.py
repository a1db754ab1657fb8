"""Raising a problem, and saying that one has met it too."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.files.api import Sent, drawn_of, used
from cogov.files.queries import pictures_folder
from cogov.ground.api import Body, Flag, Id, Text, Whole, verb_of
from cogov.ground.db import found
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.ground.words import say
from cogov.people.rules.contacts import contact_from
from cogov.places.queries import community_by_code
from cogov.problems.api.current import WrittenSchema, doors, problem_shown
from cogov.problems.commands import note_walk_in, raise_problem, second_problem, unsecond_problem
from cogov.problems.rules.acts import SPOT_MAX, TEXT_MAX, TITLE_MAX
from cogov.problems.rules.pictures import MOST_PICTURES


class RaiseBody(Body):
    """What somebody tells; a pin decides over the grid."""

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    text = Text(TEXT_MAX, required=True, metadata={"example": "3 号楼 2 单元门禁坏了一个礼拜，谁都能进。"})
    title = Text(TITLE_MAX, load_default="")
    grid = Id(metadata={"description": "Id of the grid, where there is no pin."})
    longitude = Whole(-180_000_000, 180_000_000)
    latitude = Whole(-90_000_000, 90_000_000)
    building = Id(metadata={"description": "Id of the building, where it is in or at one."})
    matter = Id(metadata={"description": "Id of a matter of `list_matters`; without one the words decide."})
    spot = Text(SPOT_MAX, load_default="")
    pictures = fields.List(
        Sent(),
        load_default=list,
        metadata={"description": "The `picture` of each `keep_picture`.", "maxItems": MOST_PICTURES},
    )
    phone = Text(
        20,
        load_default="",
        metadata={"description": "Of whom the counter enters it for; for those who keep the counter only."},
    )
    names_person = Flag(load_default=False, metadata={"description": "It speaks of a person, so it is kept hidden."})
    burning = Flag(load_default=False, metadata={"description": "There is danger now: call 119, 120 or 110 first."})


@doors.route("/problems", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(RaiseBody)
@doors.response(201, WrittenSchema)
@doors.doc(
    operationId="raise_problem",
    summary="Raise a problem: one sentence and a place",
    description="Who lives, owns or serves in the community. A pin decides over the grid; without a pin name the "
    "grid. With danger, call the `emergency_numbers` first: it is handed to the body at once. The "
    "rules propose a lane, a moderator confirms it. Telephone, identity and plate numbers in the words are masked.",
)
def raise_(told: dict[str, Any]) -> dict[str, Any]:
    """Raise a problem."""
    here, pictures = found(community_by_code(told["place"])).id, told["pictures"]
    raised = raise_problem(
        g.actor,
        community_id=here,
        text=told["text"],
        title=told["title"],
        longitude=told.get("longitude"),
        latitude=told.get("latitude"),
        grid_id=told.get("grid"),
        building_id=told.get("building"),
        matter_id=told.get("matter"),
        spot=told["spot"],
        pictures=drawn_of(g.actor, pictures),
        folder=pictures_folder(data_dir(current_app)),
        names_person=told["names_person"],
        burning=told["burning"],
        on_behalf_of=_walk_in(here, told["phone"]),
    )
    used(g.actor, pictures)
    return problem_shown(raised.number) | {"masked": raised.masked}


_NO_PHONE = Refusal("bad_phone", say("请写 11 位手机号。"), status=422)


def _walk_in(community_id: int, phone: str) -> int | None:
    """Return the person at the counter for whom somebody enters a problem."""
    if not phone:
        return None
    contact = contact_from(phone)
    if contact is None or not contact.phone:
        raise Refused(_NO_PHONE)
    return note_walk_in(g.actor, community_id=community_id, phone=contact.value)


class MetSchema(Schema):
    """How many have met a problem; whoever wants the rest asks for the problem."""

    number = fields.String()
    seconds = fields.Integer()
    households = fields.Integer()


@doors.route("/problems/<number>/second", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MetSchema)
@doors.doc(
    operationId="second_problem",
    summary="I have met it too",
    description="Residents and owners of the community who did not raise it. Households are counted once; enough "
    "of them make the problem a shared one.",
)
def second(number: str) -> Any:
    """Second a problem."""
    return second_problem(g.actor, number)


@doors.route("/problems/<number>/second", methods=["DELETE"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MetSchema)
@doors.doc(
    operationId="unsecond_problem",
    summary="Take one's second back",
    description="Who has seconded it, while the problem has not ended.",
)
def unsecond(number: str) -> Any:
    """Take a second back."""
    return unsecond_problem(g.actor, number)
