"""Outcomes and the minority opinions beside them, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Page, Text, When, cursor, reading, shown_at, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands
from cogov.threads.api.current import BylineSchema, as_read, doors, inside_place, parts
from cogov.threads.queries.bylines import Byline
from cogov.threads.queries.outcomes import (
    MinorityShown,
    OutcomeShown,
    minority_of,
    opinion_for,
    outcome_for,
    outcomes,
    signers_of,
)
from cogov.threads.rules.minority import MINORITY_LENGTH, OutcomeKind


class MinoritySchema(Schema):
    """What those say who disagree, how many signed it, and the first of them."""

    id = fields.Integer()
    number = fields.Integer()
    text = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    signed = fields.Integer(metadata={"description": "How many signed it."})
    signers = fields.List(fields.Nested(BylineSchema), metadata={"description": "The first who signed it."})
    own = fields.Boolean(metadata={"description": "Whether the person of the token signed it."})


class OutcomeSchema(Schema):
    """What came out, and beside it those who disagree."""

    id = fields.Integer()
    kind = Choice(OutcomeKind)
    subject = fields.Integer(
        attribute="subject_id", metadata={"description": "Id of the decision; of a consensus, that of its conclusion."}
    )
    statement = fields.String(metadata={"description": "The consensus in the moderator's words."})
    at = When()
    until = When(metadata={"description": "Until when minority opinions are taken."})
    minority = fields.List(
        fields.Nested(MinoritySchema),
        attribute="opinions",
        metadata={"description": "The first opinions beside it, by number; the list of them has them all."},
    )
    minority_count = fields.Integer(attribute="count", metadata={"description": "How many opinions stand beside it."})


class OutcomeListSchema(Schema):
    """What came out of a problem, the newest first."""

    items = fields.List(fields.Nested(OutcomeSchema))


def _minority(shown: MinorityShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in ("id", "number", "text", "signed", "own")}
    exact = inside or shown.byline.kind != "person"
    signers: Sequence[Byline | None] = [as_read(each, exact=inside) for each in shown.signers]
    byline = as_read(shown.byline, exact=inside)
    return plain | {"byline": byline, "signers": signers, "at": shown_at(shown.at, exact=exact)}


def _outcome(shown: OutcomeShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    return plain | {"opinions": [_minority(each, inside=inside) for each in shown.opinions]}


def _listed(problem: Problem) -> dict[str, Any]:
    inside = inside_place(problem)
    return {"items": [_outcome(each, inside=inside) for each in outcomes(g.actor, problem)]}


@doors.route("/problems/<number>/outcomes")
@reading
@doors.response(200, OutcomeListSchema)
@doors.doc(
    operationId="list_outcomes",
    summary="What came out of a problem, with the minority opinions beside it",
    description="Anybody who can see the problem. What a vote came to stands with the vote.",
)
def list_outcomes(number: str) -> dict[str, Any]:
    """List outcomes."""
    return _listed(problem_for(g.actor, number))


@doors.route("/outcomes/<id:outcome_id>/minority")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(MinoritySchema))
@doors.doc(
    operationId="list_minority",
    summary="The minority opinions beside an outcome, by number",
    description="Anybody who can see the problem. Each comes with how many signed it and the first of them.",
)
def list_minority(asked: dict[str, Any], outcome_id: int) -> dict[str, Any]:
    """List minority opinions."""
    outcome, problem = outcome_for(g.actor, outcome_id)
    window = minority_of(g.actor, outcome, problem, after=cursor(asked["after"]) or 0)
    inside = inside_place(problem)
    return {"items": [_minority(each, inside=inside) for each in window.items], "next": str(window.after or "")}


@doors.route("/minority/<id:opinion_id>/signers")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(BylineSchema))
@doors.doc(
    operationId="list_minority_signers",
    summary="Those who signed a minority opinion, the first first",
    description="Anybody who can see the problem. People stand under their number on the dossier, as beside messages.",
)
def list_minority_signers(asked: dict[str, Any], opinion_id: int) -> dict[str, Any]:
    """List signers."""
    opinion, _, problem = opinion_for(g.actor, opinion_id)
    window = signers_of(problem, opinion, after=cursor(asked["after"]) or 0)
    inside = inside_place(problem)
    return {"items": [as_read(each, exact=inside) for each in window.items], "next": str(window.after or "")}


class MinorityBody(Body):
    """What those say who disagree."""

    text = Text(MINORITY_LENGTH, required=True)


@doors.route("/outcomes/<id:outcome_id>/minority", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(MinorityBody)
@doors.response(201, OutcomeListSchema)
@doors.doc(
    operationId="file_minority",
    summary="Put a minority opinion beside an outcome",
    description="Who lives, owns or serves in the place, for fifteen days after it; one opinion a person. It changes "
    "nothing of the outcome and is printed with it.",
)
def file_minority(told: dict[str, Any], outcome_id: int) -> dict[str, Any]:
    """File a minority opinion."""
    commands.file_minority(g.actor, outcome_id, text=told["text"])
    return _listed(outcome_for(g.actor, outcome_id)[1])


@doors.route("/minority/<id:opinion_id>/signature", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, OutcomeListSchema)
@doors.doc(
    operationId="sign_minority",
    summary="Sign a minority opinion",
    description="Who lives, owns or serves in the place, while minority opinions are taken; one a person.",
)
def sign_minority(opinion_id: int) -> dict[str, Any]:
    """Sign a minority opinion."""
    commands.sign_minority(g.actor, opinion_id)
    return _listed(opinion_for(g.actor, opinion_id)[2])


@doors.route("/minority/<id:opinion_id>/signature/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, OutcomeListSchema)
@doors.doc(
    operationId="unsign_minority",
    summary="Take one's name from a minority opinion",
    description="Who signed it, while minority opinions are taken; afterwards the name stands.",
)
def unsign_minority(opinion_id: int) -> dict[str, Any]:
    """Take one's name back."""
    commands.unsign_minority(g.actor, opinion_id)
    return _listed(opinion_for(g.actor, opinion_id)[2])
