"""What programs are shown of a case."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.cases import queries
from cogov.cases.queries import CaseView
from cogov.cases.rules import CallState, CaseState, StampKind, StepKind
from cogov.duties.queries import PublicClock
from cogov.ground.api import Body, Choice, RefusalSchema, Said, Text, When, door, refusal_of
from cogov.ground.clock import now

doors = door("cases", "What is handed to a public body, step by step")

WORDS, BASIS = 2000, 200


class StampSchema(Schema):
    """One of the five stamps: problem, command, duty, joint, feedback."""

    kind = Choice(StampKind)
    label = Said()
    state = fields.String(metadata={"description": "signed, awaited or ahead"})
    who = Said()
    at = When(allow_none=True)


class StepSchema(Schema):
    """What was done, for whom, when, on what basis."""

    kind = Choice(StepKind)
    act = Said()
    round = fields.Integer()
    person = fields.String()
    organization = fields.String()
    to = fields.String()
    at = When()
    basis = fields.String()
    words = fields.String()


class CallSchema(Schema):
    """A body that was called to act together."""

    id = fields.Integer()
    organization = fields.String()
    organization_id = fields.Integer()
    ask = fields.String()
    due_at = When()
    state = Choice(CallState)
    late = fields.Boolean()
    answer = fields.String()


class OfferSchema(Schema):
    """A step that is yours: now, or why not yet."""

    kind = Choice(StepKind)
    label = Said()
    acting = fields.Integer(metadata={"description": "Id of the standing it is done under."})
    refusal = fields.Nested(RefusalSchema, allow_none=True)
    missing = fields.List(fields.Nested(RefusalSchema))


class CaseSchema(Schema):
    """A case with its stamps, steps and calls, and what you may do to it."""

    id = fields.Integer()
    number = fields.String()
    problem = fields.String()
    state = Choice(CaseState)
    state_words = Said()
    round = fields.Integer()
    emergency = fields.Boolean()
    holder = fields.String()
    body = fields.String(allow_none=True)
    opened_at = When()
    due_at = When(allow_none=True)
    late = fields.Boolean()
    stamps = fields.List(fields.Nested(StampSchema))
    steps = fields.List(fields.Nested(StepSchema))
    calls = fields.List(fields.Nested(CallSchema))
    missing = fields.List(fields.Nested(RefusalSchema), metadata={"description": "What closing still lacks."})
    offers = fields.List(fields.Nested(OfferSchema))


def _due(shown: PublicClock | None) -> dict[str, Any]:
    if shown is None:
        return {"due_at": None, "late": False}
    clock = shown.clock
    return {"due_at": clock.due_at, "late": clock.paused_at is None and clock.due_at < now()}


def case_plain(view: CaseView) -> dict[str, Any]:
    """Return a case in plain values, as its schema wants them."""
    case = view.case
    return {
        "id": case.id,
        "number": case.number,
        "problem": view.problem.number,
        "state": case.state,
        "state_words": view.state_words,
        "round": case.round,
        "emergency": case.emergency,
        "holder": view.holder.name,
        "body": view.body.name if view.body else None,
        "opened_at": case.opened_at,
        **_due(view.clock),
        "stamps": view.stamps,
        "steps": view.steps,
        "calls": view.calls,
        "missing": [refusal_of(each) for each in view.missing],
        "offers": [
            {
                "kind": offer.kind,
                "label": offer.label,
                "acting": offer.acting.id,
                "refusal": offer.refusal and refusal_of(offer.refusal),
                "missing": [refusal_of(each) for each in offer.missing],
            }
            for offer in view.offers
        ],
    }


def case_shown(case_id: int) -> dict[str, Any]:
    """Return a case as the person of the token sees it."""
    return case_plain(queries.case_view(g.actor, queries.case_for(g.actor, case_id)))


class StepBody(Body):
    """A remark, and the basis it rests on; both are public."""

    words = Text(WORDS, load_default="")
    basis = Text(BASIS, load_default="", metadata={"example": "应急管理部令第 5 号第 37 条"})


class SaidBody(StepBody):
    """A step that is worth nothing without words."""

    words = Text(WORDS, required=True)
