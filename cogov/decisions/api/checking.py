"""Bulletin, receipts and bundle, for whoever checks a count."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions.api.current import doors
from cogov.decisions.queries.bulletin import bulletin_of, public_bundle
from cogov.decisions.rules.bulletin import short_code
from cogov.ground.api import (
    When,
    reading,
)


class PinnedSchema(Schema):
    """A state of the bulletin that was pinned up."""

    size = fields.Integer(metadata={"description": "How many sealed ballots there were."})
    root = fields.String(metadata={"description": "Tree head over them, as in RFC 6962."})
    code = fields.String(metadata={"description": "The head as it is printed for the notice board."})
    at = When()


class BulletinSchema(Schema):
    """The public bulletin of a named vote."""

    election = fields.String(metadata={"description": "What binds each sealed ballot to this vote."})
    heads = fields.List(fields.Nested(PinnedSchema))
    leaves = fields.List(fields.String(), metadata={"description": "The sealed ballots in their order."})


@doors.route("/decisions/<id:decision_id>/bulletin")
@reading
@doors.response(200, BulletinSchema)
@doors.doc(
    operationId="show_bulletin",
    summary="The sealed ballots of a vote, as they are pinned up",
    description="Anybody who can see the problem. Ten at a time while it runs, the rest with the close. A sealed "
    "ballot shows neither whose it is nor what it says.",
)
def show_bulletin(decision_id: int) -> dict[str, Any]:
    """Show the bulletin of a vote."""
    _, pinned = bulletin_of(g.actor, decision_id)
    heads = [{"size": h.size, "root": h.root, "code": short_code(h.root), "at": h.at} for h in pinned.heads]
    return {"election": pinned.election, "heads": heads, "leaves": pinned.leaves}


class BundleSchema(Schema):
    """A file to be checked by `recount.py`."""

    text = fields.String(metadata={"description": "The file to the byte; kept in any other form it is another file."})


@doors.route("/decisions/<id:decision_id>/bundle")
@reading
@doors.response(200, BundleSchema)
@doors.doc(
    operationId="show_bundle",
    summary="What anybody needs to check a count",
    description="Anybody who can see the problem, after the count. Of a named vote totals, thresholds and sealed "
    "ballots, and no choice of anybody; of a secret one every ballot, sorted, and nobody's name. `recount.py`, which "
    "the page of the bulletin or of the box offers, checks it.",
)
def show_bundle(decision_id: int) -> dict[str, Any]:
    """Show the public bundle of a vote."""
    return {"text": public_bundle(g.actor, decision_id)}
