"""Covering more of a picture that is already published."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from marshmallow import fields
from marshmallow.validate import Length

from cogov.files.api import BoxBody
from cogov.files.queries import pictures_folder
from cogov.files.rules import MOST_BOXES, Box, covered
from cogov.ground.api import Body, verb_of
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.problems.api.current import ProblemSchema, doors, problem_shown
from cogov.problems.commands import cover_picture


class CoverBody(Body):
    """What of a picture nobody is to see from now on."""

    boxes = fields.List(
        fields.Nested(BoxBody), required=True, metadata={"minItems": 1, "maxItems": MOST_BOXES}, validate=Length(min=1)
    )


@doors.route("/problems/<number>/pictures/<id:picture_id>/cover", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(CoverBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="cover_picture",
    summary="Cover more of a picture that is already published",
    description="Who raised the problem or took the picture, moderators and the street office. The pixels under "
    "the boxes are gone; nobody can undo it.",
)
def cover(told: dict[str, Any], number: str, picture_id: int) -> dict[str, Any]:
    """Cover parts of a picture."""
    boxes = covered([Box(**box) for box in told["boxes"]])
    cover_picture(g.actor, number, picture_id, boxes=boxes, folder=pictures_folder(data_dir(current_app)))
    return problem_shown(number)
