"""The rules of a place and its authority for statutory votes."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import AREA, doors
from cogov.decisions.api.shown import RuleSchema, TurnoutSchema
from cogov.decisions.queries import RuleShown
from cogov.decisions.queries.misfits import misfits_for
from cogov.decisions.rules.law import CoOwners, NoProxy, Parking, Secrecy
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.ruling import (
    MOST_PROXY_HEADS,
    NAME_LONGEST,
    SOURCE_LONGEST,
    Edit,
    differences,
    edit_of,
    why_not_share,
    why_not_write,
)
from cogov.decisions.rules.ruling import REASON_LONGEST as RULE_REASON_LONGEST
from cogov.decisions.rules.simulation import Simulation
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold
from cogov.files.queries import pictures_folder
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Picture,
    Text,
    When,
    Whole,
    reading,
    verb_of,
)
from cogov.ground.pages import words
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir
from cogov.ground.words import Words
from cogov.places.queries import place_by_code, place_by_id
from cogov.problems.rules.lanes import RuleCode


class PlaceRuleSchema(RuleSchema):
    """A rule as it holds in a place; a template has to be confirmed there first."""

    seconders = fields.String(metadata={"description": "Share of those who would vote that tables a motion."})
    publication_days = fields.Integer()
    methods = fields.List(Choice(Method))
    secrecies = fields.List(Choice(Secrecy))
    scope = Choice(Scope, allow_none=True, metadata={"description": "The only scope it can be used for."})
    parking = Choice(Parking)
    co_owners = Choice(CoOwners, metadata={"description": "Who casts the one ballot of several owners of a unit."})
    proxy_heads = fields.Integer(metadata={"description": "How many heads one proxy may carry; 0: nobody has one."})
    proxy_periods = fields.Boolean(metadata={"description": "Whether mandates hold for all votes of a time."})
    no_proxies = fields.List(Choice(NoProxy), metadata={"description": "Whose people carry nobody's vote."})
    template = fields.Boolean()
    source = fields.String()
    place = fields.String(allow_none=True, metadata={"description": "Whose own version it is; null: as shipped."})
    waiting = fields.Integer(allow_none=True, metadata={"description": "The version that waits for a second person."})


class RulesQuery(Body):
    """For which place."""

    place = Text(32, required=True, metadata={"description": "Code of a place.", "example": "990101001001"})


def _of_place(shown: RuleShown) -> dict[str, Any]:
    rule = shown.rule
    named = {name: getattr(rule, name) for name in rule.__dataclass_fields__}
    return {
        **named,
        "name": Words(rule.name),
        "sentences": rule.sentences,
        "seconders": str(rule.seconders.share),
        "source": words(Words(rule.source)) if rule.source else "",
        "place": shown.own and shown.own.place_code,
        "waiting": shown.waiting,
    }


@doors.route("/decision-rules")
@reading
@doors.arguments(RulesQuery, location="query")
@doors.response(200, PlaceRuleSchema(many=True))
@doors.doc(
    operationId="list_decision_rules",
    summary="The rules by which a place decides",
    description="Anybody. Each rule as it holds there now, with its legal force in that place; decisions that were "
    "announced keep the rule of their notice.",
)
def list_decision_rules(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the rules of a place."""
    return [_of_place(shown) for shown in queries.rules_of(place_by_code(asked["place"]).code)]


class VersionSchema(Schema):
    """A version of a place's own rule."""

    id = fields.Integer()
    code = Choice(RuleCode)
    version = fields.Integer()
    place = fields.String()
    reason = fields.String()
    changes = fields.List(fields.String(), metadata={"description": "What it changes, before and after."})
    proposed_at = When()
    in_force_from = When(allow_none=True, metadata={"description": "Null while it waits, and where it was declined."})
    settled_at = When(allow_none=True)


def _version(version_id: int) -> dict[str, Any]:
    shown = queries.version_shown(version_id)
    row = shown.row
    return {
        "id": row.id,
        "code": RuleCode(row.code),
        "version": row.version,
        "place": shown.place.code,
        "reason": row.reason,
        "changes": [
            f"{words(each.what)}: {words(each.before)} → {words(each.after)}"
            for each in differences(shown.before, shown.rule)
        ],
        "proposed_at": row.proposed_at,
        "in_force_from": row.in_force_from,
        "settled_at": row.settled_at,
    }


_SHARE = re.compile(r"[0-9]{1,4}/[1-9][0-9]{0,3}", re.ASCII)


class Share(Text):
    """A share as a fraction of whole numbers."""

    def __init__(self, **options: Any) -> None:
        metadata = {"example": "2/3", "pattern": f"^{_SHARE.pattern}$"}
        super().__init__(9, metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if _SHARE.fullmatch(text) is None:
            raise self.make_error("validator_failed")
        return text


class Day(fields.Date):
    """A date, as RFC 3339 writes it."""

    default_error_messages = Text.default_error_messages


class LineBody(Body):
    """A line to be reached, or to be passed where it is not `inclusive`."""

    share = Share(required=True)
    inclusive = Flag(load_default=False)
    base = Choice(Base, load_default=Base.PARTICIPANTS, metadata={"description": "Of what the passing share is taken."})


class VersionBody(RulesQuery):
    """What the place writes into the rule; what is left out stays as it is, a line of null asks for nothing."""

    code = Choice(RuleCode, required=True, metadata={"example": "R5"})
    reason = Text(RULE_REASON_LONGEST, required=True)
    name = Text(NAME_LONGEST)
    participation = fields.Nested(LineBody, allow_none=True)
    passing = fields.Nested(LineBody, allow_none=True)
    seconders = Share()
    notice_days = Whole(0, 365)
    publication_days = Whole(0, 365)
    methods = fields.List(Choice(Method))
    secrecies = fields.List(Choice(Secrecy))
    parking = Choice(Parking)
    co_owners = Choice(CoOwners)
    proxy_heads = Whole(0, MOST_PROXY_HEADS)
    proxy_periods = Flag()
    source = Text(SOURCE_LONGEST)
    not_before = When(allow_none=True, load_default=None)


def _edit(told: dict[str, Any]) -> Edit:
    written = {name: told[name] for name in Edit.__dataclass_fields__ if name in told}
    if "seconders" in written:
        written["seconders"] = Fraction(written["seconders"])
        insist(why_not_share(written["seconders"], inclusive=True))
    for name, base in (("participation", Base.ELECTORATE), ("passing", None)):
        if written.get(name) is not None:
            written[name] = _line(written[name], base)
    for name in written.keys() & {"methods", "secrecies"}:
        written[name] = tuple(written[name])
    insist(why_not_write(told["code"]))
    return replace(edit_of(queries.written_here(told["code"], place_by_code(told["place"]).code)), **written)


def _line(told: dict[str, Any], base: Base | None) -> Threshold:
    share = Fraction(told["share"])
    insist(why_not_share(share, inclusive=told["inclusive"]))
    return Threshold(share, told["inclusive"], base or told["base"])


@doors.route("/decision-rules", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.arguments(VersionBody)
@doors.response(201, VersionSchema)
@doors.doc(
    operationId="propose_rule",
    summary="Write a new version of a rule for a place",
    description="The street office and administrators of the place. It holds once a second of them has confirmed it. "
    "What an article fixes, such as the lines of Civil Code 278, is refused with the article.",
)
def propose_rule(told: dict[str, Any]) -> dict[str, Any]:
    """Write a version."""
    row = commands.propose_rule(
        g.actor, told["place"], told["code"], _edit(told), reason=told["reason"], not_before=told["not_before"]
    )
    return _version(row.id)


@doors.route("/decision-rules/versions/<id:version_id>")
@reading
@doors.response(200, VersionSchema)
@doors.doc(
    operationId="show_rule_version",
    summary="A version of a place's own rule, and what it changes",
    description="Anybody, also while it waits for a second person and where it was declined. `changes` says what it "
    "replaces in the version before it.",
)
def show_rule_version(version_id: int) -> dict[str, Any]:
    """Show a version."""
    return _version(version_id)


@doors.route("/decision-rules/versions/<id:version_id>/confirmation", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.response(200, VersionSchema)
@doors.doc(
    operationId="confirm_rule",
    summary="Confirm what another has written",
    description="The street office and administrators of the place, but not who wrote it. From then, or from the "
    "day it names, the place decides by it; decisions that were announced keep the rule of their notice.",
)
def confirm_rule(version_id: int) -> dict[str, Any]:
    """Confirm a version."""
    commands.confirm_rule(g.actor, version_id)
    return _version(version_id)


@doors.route("/decision-rules/versions/<id:version_id>/refusal", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.response(200, VersionSchema)
@doors.doc(
    operationId="decline_rule",
    summary="Decline what another has written, or take back your own",
    description="The street office and administrators of the place, while it waits.",
)
def decline_rule(version_id: int) -> dict[str, Any]:
    """Decline a version."""
    commands.decline_rule(g.actor, version_id)
    return _version(version_id)


class AuthoritySchema(Schema):
    """A paper by which a place may take statutory votes."""

    id = fields.Integer()
    title = fields.String()
    issuer = fields.String()
    dated = fields.Date()
    given_at = When()
    settled_at = When(allow_none=True)
    agreed = fields.Boolean()
    ended_at = When(allow_none=True)


class AuthorityBody(RulesQuery):
    """What the paper is called, who issued it when, and what it looks like."""

    title = Text(120, required=True)
    issuer = Text(80, required=True)
    dated = Day(required=True)
    picture = Picture(required=True)


@doors.route("/vote-authorities", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.arguments(AuthorityBody)
@doors.response(201, AuthoritySchema)
@doors.doc(
    operationId="give_authority",
    summary="Hand in the paper by which a place may take statutory votes",
    description="The street office and administrators of the place. It counts once a second of them has agreed; the "
    "picture is then public.",
)
def give_authority(told: dict[str, Any]) -> Any:
    """Hand in a paper."""
    return commands.give_authority(
        g.actor,
        told["place"],
        title=told["title"],
        issuer=told["issuer"],
        dated=told["dated"],
        picture=told["picture"],
        folder=pictures_folder(data_dir(current_app)),
    )


class SettlementBody(Body):
    """Whether the paper gives the authority."""

    agrees = Flag(required=True)


@doors.route("/vote-authorities/<id:authority_id>/settlement", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.arguments(SettlementBody)
@doors.response(200, AuthoritySchema)
@doors.doc(
    operationId="settle_authority",
    summary="Agree that a paper gives the authority, or decline it",
    description="The street office and administrators of the place; who handed it in may only take it back.",
)
def settle_authority(told: dict[str, Any], authority_id: int) -> Any:
    """Settle a paper."""
    return commands.settle_authority(g.actor, authority_id, agrees=told["agrees"])


@doors.route("/vote-authorities/<id:authority_id>/end", methods=["POST"])
@verb_of(scopes.Scope.KEEP)
@doors.response(200, AuthoritySchema)
@doors.doc(
    operationId="end_authority",
    summary="Say that a place no longer has its authority",
    description="The street office and administrators of the place. Votes announced before keep what they were "
    "announced as.",
)
def end_authority(authority_id: int) -> Any:
    """End an authority."""
    return commands.end_authority(g.actor, authority_id)


class MisfitSchema(Schema):
    """Units whose co-owners' shares cannot be counted."""

    code = fields.String(metadata={"description": "Why, as the notice would be refused."})
    message = fields.String()
    units = fields.Integer(metadata={"description": "How many units it is about."})
    doors = fields.List(
        fields.String(), metadata={"description": "Those of them that you may know: all to who checks owners there."}
    )


class SimulationSchema(Schema):
    """Who would vote within one scope if the motion were announced now, and how many that asks for."""

    scope = Choice(Scope)
    heads = fields.Integer()
    units = fields.Integer()
    area = fields.Integer(metadata={"description": AREA})
    heads_without_verified_person = fields.Integer()
    units_without_area = fields.Integer()
    units_without_owner = fields.Integer()
    units_left_out = fields.Integer(metadata={"description": "Parking and storerooms that do not count."})
    heads_by_proxy = fields.Integer(metadata={"description": "For how many a proxy casts by a standing mandate."})
    joint_heads = fields.Integer(metadata={"description": "How many units all their owners cast together."})
    joint_heads_incomplete = fields.Integer(
        metadata={"description": "For how many of these not every owner is a verified person."}
    )
    split_heads = fields.Integer(metadata={"description": "How many units their owners cast for by shares."})
    shares_uncast = fields.Integer(metadata={"description": "How many of these shares nobody here can cast."})
    proven_heads = fields.Integer(
        allow_none=True, metadata={"description": "How many owners elsewhere have proven an interest (Civil Code 279)."}
    )
    quorum = fields.Nested(TurnoutSchema, allow_none=True, metadata={"description": "How many have to take part."})
    fewest = fields.Nested(
        TurnoutSchema,
        allow_none=True,
        metadata={"description": "How many have to agree if just the quorum takes part."},
    )
    most = fields.Nested(
        TurnoutSchema, allow_none=True, metadata={"description": "How many have to agree if all take part."}
    )
    misfits = fields.Nested(
        MisfitSchema(many=True),
        metadata={"description": "Why no notice can go out, as shares on the roll cannot be counted; else empty."},
    )


@doors.route("/motions/<id:motion_id>/electorate")
@reading
@doors.response(200, SimulationSchema(many=True))
@doors.doc(
    operationId="simulate_electorate",
    summary="Who would vote on a motion if it were announced now",
    description="Anybody who can see the problem: sums only, no name. The scope of the motion comes first, then wider "
    "ones. Where shares of co-owners cannot be counted, these are named to who checks owners there, and to the owner.",
)
def simulate_electorate(motion_id: int) -> Any:
    """Count who would vote."""
    motion, _ = queries.motion_for(g.actor, motion_id)
    code = place_by_id(motion.community_id).code
    return [_simulation(code, each) for each in queries.simulations(motion)]


def _simulation(code: str, each: Simulation) -> dict[str, Any]:
    named = {name: getattr(each, name) for name in each.__dataclass_fields__}
    told = [
        {
            "code": misfit.refusal.code,
            "message": words(misfit.refusal.message),
            "units": misfit.units,
            "doors": [words(door.words) for door in misfit.doors],
        }
        for misfit in misfits_for(g.actor, code, each.misfits)
    ]
    return {**named, "misfits": told}
