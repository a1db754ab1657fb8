"""Secret votes: the box, the token, the ballot that is dropped unnamed."""

from __future__ import annotations

import re
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import queries
from cogov.decisions.api.current import MARKS, doors
from cogov.decisions.commands import secret_voting as commands_of_voting
from cogov.decisions.queries.secrets import box_list, box_of, holders_of, keys_of, opened_ballots, tokens_given
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.secrets.box import token_unreadable
from cogov.decisions.rules.secrets.codes import short
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Id,
    Text,
    When,
    reading,
    verb_of,
    without_a_name,
)
from cogov.ground.db import found
from cogov.ground.refusals import insist

HEX = "Bytes in hexadecimal, lower case."


class HolderSchema(Schema):
    """One of the three who hold the box."""

    position = fields.Integer()
    name = fields.String()
    organization = fields.String()
    ready = fields.Boolean(metadata={"description": "Whether they have taken their code."})
    key = fields.String(metadata={"description": f"Public half of their key: a point of P-256, not compressed. {HEX}"})


class OpenedSchema(Schema):
    """What was on one ballot."""

    tracker = fields.String(metadata={"description": "Empty, unless the vote is checkable."})
    marks = fields.String(metadata={"description": MARKS})


class BoxSchema(Schema):
    """The box of a secret vote: what a program needs to vote; what was in it, once it is open."""

    secrecy = Choice(Secrecy)
    binding = fields.String(metadata={"description": "What ties codes, tokens and ballots to this vote."})
    modulus = fields.String(metadata={"description": f"Of the key that signs tokens; its exponent is 65537. {HEX}"})
    holders = fields.List(fields.Nested(HolderSchema))
    open_until = When(metadata={"description": "Until when two of the holders can open it."})
    opened_at = When(allow_none=True)
    tokens = fields.Integer(allow_none=True, metadata={"description": "How many were given out; after the opening."})
    spoiled = fields.Integer(allow_none=True)
    receipts = fields.List(fields.String(), metadata={"description": "Of all ballots, in their own order."})
    ballots = fields.List(fields.Nested(OpenedSchema))


@doors.route("/decisions/<id:decision_id>/box")
@reading
@doors.response(200, BoxSchema)
@doors.doc(
    operationId="show_box",
    summary="The box of a secret vote, and what was in it",
    description="Anybody who can see the problem. Before the opening nothing is said of how many ballots lie in it.",
)
def show_box(decision_id: int) -> dict[str, Any]:
    """Show the box of a secret vote."""
    decision, _ = queries.decision_for(g.actor, decision_id)
    box = found(box_of(g.actor, decision))
    keys = keys_of(holders_of(decision.id))
    opened = box.opened_at is not None
    return {
        "secrecy": thaw(decision.frozen_rule).secrecy,
        "binding": box.bound,
        "modulus": f"{box.key.n:x}",
        "holders": [{**vars(each), "key": keys.get(each.position, b"").hex()} for each in box.holders],
        "open_until": box.open_until,
        "opened_at": box.opened_at,
        "tokens": tokens_given(decision.id) if opened else None,
        "spoiled": box.spoiled if opened else None,
        "receipts": box_list(decision.id) if opened else [],
        "ballots": [
            {"tracker": tracker, "marks": marks} for tracker, marks in (opened_ballots(decision.id) if opened else [])
        ],
    }


class BlindedBody(Body):
    """What the voter's own device has blinded; who has several voices says for which one."""

    blinded = Text(1024, required=True, metadata={"description": HEX})
    head = Id(allow_none=True, load_default=None)


class SignedSchema(Schema):
    """The blind signature, from which the voter's device takes the blinding off."""

    signature = fields.String(metadata={"description": HEX})


@doors.route("/decisions/<id:decision_id>/token", methods=["POST"])
@verb_of(scopes.Scope.VOTE, keyed=False)
@doors.arguments(BlindedBody)
@doors.response(200, SignedSchema)
@doors.doc(
    operationId="issue_token",
    summary="Have your token for a secret vote signed, unseen",
    description="Those on the electorate, while it runs. Once for each voice: the same request is answered alike, "
    "another one is refused. Blind and unblind on the voter's own device, as `docs/api.md` says step by step.",
)
def issue_token(told: dict[str, Any], decision_id: int) -> dict[str, str]:
    """Sign a blinded token."""
    signature = commands_of_voting.issue_token(
        g.actor, decision_id, blinded=_unhexed(told["blinded"]), head_id=told["head"]
    )
    return {"signature": signature.hex()}


class DroppedBody(Body):
    """A token and the ballot that was sealed for two of the holders; nothing of who sends it."""

    token = Text(256, required=True, metadata={"description": HEX})
    signature = Text(1024, required=True, metadata={"description": HEX})
    ballot = Text(4096, required=True, metadata={"description": HEX})


class DroppedSchema(Schema):
    """The receipt of a sealed ballot; it shows no choice."""

    receipt = fields.String()


@doors.route("/decisions/<id:decision_id>/box", methods=["POST"])
@without_a_name
@doors.arguments(DroppedBody)
@doors.response(200, DroppedSchema)
@doors.doc(
    operationId="drop_ballot",
    summary="Put a sealed ballot into the box, without a name",
    description="Whoever shows a token, while the vote runs; the same token puts another ballot in the place of the "
    "first. A request with a token of the API, a cookie or a key is refused: it would say whose ballot it is.",
)
def drop_ballot(told: dict[str, Any], decision_id: int) -> dict[str, str]:
    """Take a sealed ballot."""
    parts = {"token": "token", "signature": "signature", "sealed": "ballot"}
    sent = {name: _unhexed(told[part]) for name, part in parts.items()}
    return {"receipt": short(bytes.fromhex(commands_of_voting.drop_ballot(decision_id, **sent)))}


def _unhexed(written: str) -> bytes:
    insist(None if re.fullmatch(r"(?:[0-9a-f]{2})+", written) else token_unreadable())
    return bytes.fromhex(written)
