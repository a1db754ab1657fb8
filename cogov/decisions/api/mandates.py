"""Proxies: given, taken back, entered from paper."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import doors
from cogov.decisions.api.ruling import SettlementBody
from cogov.decisions.queries.mandates import head_at, mandate_shown, mandates_of, papers_of, why_not_keep
from cogov.decisions.rules.mandates import MandateEnd, head_not_found
from cogov.decisions.rules.periods import why_not_timed
from cogov.files.queries import pictures_folder
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Id,
    Picture,
    Text,
    When,
    verb_of,
)
from cogov.ground.db import found
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir


class MandateSchema(Schema):
    """Who casts for whom, as those two and, on paper, those who keep the papers see it."""

    id = fields.Integer()
    decision_id = fields.Integer(allow_none=True, metadata={"description": "Empty for all votes of a time."})
    question = fields.String()
    until = When(allow_none=True)
    given_at = When()
    principal = fields.String(
        metadata={"description": "Pseudonym; empty on paper, where `door` says whose head it is."}
    )
    door = fields.String()
    proxy = fields.String(metadata={"description": "Pseudonym."})
    is_mine = fields.Boolean(metadata={"description": "Whether it is for a vote of the person of the token."})
    i_carry = fields.Boolean(metadata={"description": "Whether the person of the token is the proxy."})
    on_paper = fields.Boolean()
    confirmed = fields.Boolean()
    holds = fields.Boolean(metadata={"description": "Whether the proxy can cast by it now."})
    ended = Choice(MandateEnd, allow_none=True)
    ended_at = When(allow_none=True)


@doors.route("/me/mandates")
@verb_of(scopes.Scope.READ)
@doors.response(200, MandateSchema(many=True))
@doors.doc(
    operationId="list_mandates",
    summary="Whom you let cast for you, and who lets you",
    description="The person of the token; nobody else's. The newest 200.",
)
def list_mandates() -> Any:
    """List mandates."""
    return mandates_of(g.actor)


class MandateBody(Body):
    """Whom you let cast for you: in one vote (`decision`), or in all of a community until a moment."""

    proxy = Text(40, required=True, metadata={"description": "The pseudonym of the proxy."})
    decision = Id(allow_none=True, load_default=None)
    place = Text(32, load_default="", metadata={"description": "Code of a community, where it is for a time."})
    until = When(allow_none=True, load_default=None)


@doors.route("/mandates", methods=["POST"])
@verb_of(scopes.Scope.VOTE)
@doors.arguments(MandateBody)
@doors.response(201, MandateSchema)
@doors.doc(
    operationId="give_mandate",
    summary="Let somebody cast for you",
    description="Those who have a vote, where the rule lets them. You take it back at any time, and your own ballot "
    "ends it and replaces what the proxy has cast. Nobody passes a mandate on.",
)
def give_mandate(told: dict[str, Any]) -> Any:
    """Give a mandate."""
    if told["decision"] is not None:
        mandate = commands.give_mandate(g.actor, told["decision"], proxy=told["proxy"])
    else:
        insist(None if told["until"] is not None else why_not_timed())
        mandate = commands.give_period_mandate(g.actor, told["place"], proxy=told["proxy"], until=told["until"])
    return mandate_shown(g.actor, mandate.id)


@doors.route("/mandates/<id:mandate_id>/end", methods=["POST"])
@verb_of(scopes.Scope.VOTE)
@doors.response(200, MandateSchema)
@doors.doc(
    operationId="end_mandate",
    summary="Take a mandate back, or lay it down",
    description="Its principal, its proxy, and for one on paper those who keep the papers. What the proxy has cast "
    "stays until the principal casts.",
)
def end_mandate(mandate_id: int) -> Any:
    """End a mandate."""
    mandate_shown(g.actor, mandate_id)
    commands.end_mandate(g.actor, mandate_id)
    return mandate_shown(g.actor, mandate_id)


@doors.route("/decisions/<id:decision_id>/mandates")
@verb_of(scopes.Scope.READ)
@doors.response(200, MandateSchema(many=True))
@doors.doc(
    operationId="list_paper_mandates",
    summary="The mandates on paper of a vote",
    description="Those who keep the papers of the place: who hosts votes and the street office.",
)
def list_paper_mandates(decision_id: int) -> Any:
    """List mandates on paper."""
    decision, _ = queries.decision_for(g.actor, decision_id)
    insist(why_not_keep(g.actor, decision))
    return papers_of(g.actor, decision)


class PaperMandateBody(Body):
    """Whose head it is, who casts for it, and what the paper looks like."""

    building = Id(required=True)
    staircase = Text(10, load_default="")
    door = Text(20, required=True)
    proxy = Text(40, required=True, metadata={"description": "The telephone number or the pseudonym of the proxy."})
    picture = Picture(required=True)


@doors.route("/decisions/<id:decision_id>/mandates", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(PaperMandateBody)
@doors.response(201, MandateSchema)
@doors.doc(
    operationId="enter_paper_mandate",
    summary="Enter a mandate from paper",
    description="Those who keep the papers of the place. It holds once a second of them has confirmed it.",
)
def enter_paper_mandate(told: dict[str, Any], decision_id: int) -> Any:
    """Enter a mandate from paper."""
    decision, _ = queries.decision_for(g.actor, decision_id)
    insist(why_not_keep(g.actor, decision))
    head_id = head_at(decision_id, told["building"], told["staircase"], told["door"])
    insist(head_not_found() if head_id is None else None)
    mandate = commands.enter_paper_mandate(
        g.actor,
        decision_id,
        head_id=found(head_id),
        proxy=told["proxy"],
        picture=told["picture"],
        folder=pictures_folder(data_dir(current_app)),
    )
    return mandate_shown(g.actor, mandate.id)


@doors.route("/mandates/<id:mandate_id>/settlement", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(SettlementBody)
@doors.response(200, MandateSchema)
@doors.doc(
    operationId="settle_paper_mandate",
    summary="Confirm a mandate on paper, or decline it",
    description="A second one of those who keep the papers; who entered it may only take it back.",
)
def settle_paper_mandate(told: dict[str, Any], mandate_id: int) -> Any:
    """Settle a mandate on paper."""
    commands.settle_paper_mandate(g.actor, mandate_id, agrees=told["agrees"])
    return mandate_shown(g.actor, mandate_id)
