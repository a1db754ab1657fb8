"""What votes and motions look like to programs."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from cogov.decisions.api.current import AREA, FEN
from cogov.decisions.queries import DecisionShown, Phase
from cogov.decisions.queries.classes import classes_shown
from cogov.decisions.rules.classes import Tenure
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.methods import (
    DecidingCount,
    Method,
    ReasonAsked,
)
from cogov.decisions.rules.reasons import Side
from cogov.decisions.rules.stages import AdoptAnswer, Verdict
from cogov.decisions.rules.sums import verdict_words
from cogov.ground.api import (
    Choice,
    RefusalSchema,
    Said,
    When,
    refusal_of,
)
from cogov.ground.refusals import Refusal
from cogov.problems.rules.lanes import RuleCode


class RuleSchema(Schema):
    """The rule of a decision, as it was frozen."""

    code = Choice(RuleCode)
    version = fields.Integer()
    name = Said()
    article = fields.String()
    sentences = fields.List(Said())
    notice_days = fields.Integer()
    secrecy = fields.String()
    force = fields.String(metadata={"description": "What the result is worth in this place."})


class FormSchema(Schema):
    """How the ballot is put, as it was frozen."""

    method = Choice(Method)
    decider = Choice(
        DecidingCount, allow_none=True, metadata={"description": "Which count decides, where there are several."}
    )
    seats = fields.Integer()
    budget = fields.Integer(metadata={"description": FEN})
    most = fields.Integer(metadata={"description": "How many options may be marked; 0 is any number."})
    top = fields.Integer(metadata={"description": "The best score; the lowest is 0."})
    ties = fields.Boolean(metadata={"description": "Whether one rank may be given to several options."})
    blank = fields.Boolean(metadata={"description": "Whether a ballot without marks is taken."})
    hidden = fields.Boolean(
        metadata={"description": "Whether who has not voted sees nothing of a consent before the close."}
    )
    blocked_above = fields.String(metadata={"description": "A consent fails when blocks are more than this share."})
    reason = Choice(ReasonAsked)
    prompt = fields.String()


class OptionSchema(Schema):
    """An option with its consequence; its figures are there after the close."""

    id = fields.Integer()
    position = fields.Integer()
    key = fields.String()
    label = fields.String()
    consequence = fields.String()
    cost = fields.Integer(metadata={"description": FEN})
    heads = fields.Integer(allow_none=True)
    area = fields.Integer(allow_none=True, metadata={"description": AREA})


class TurnoutSchema(Schema):
    """How much: heads, and area."""

    heads = fields.Integer()
    area = fields.Integer(metadata={"description": AREA})


class RunningSchema(Schema):
    """What everybody may know before the close: no choice, and figures of full batches only."""

    met = fields.Boolean(allow_none=True)
    turnout = fields.Nested(TurnoutSchema, allow_none=True)
    missing = fields.Nested(
        TurnoutSchema, allow_none=True, metadata={"description": "Its area is in whole hundredths of a square metre."}
    )


class TestSchema(Schema):
    """One question of the rule: a part of a base against a share."""

    name = fields.String()
    part = fields.Integer()
    base = fields.Integer()
    threshold = fields.String(metadata={"description": "An exact fraction, such as 2/3."})
    inclusive = fields.Boolean()
    met = fields.Boolean()
    need = fields.Integer()
    missing = fields.Integer()


class ResolutionSchema(Schema):
    """What was resolved, and the answer of the body that it names."""

    id = fields.Integer()
    text = fields.String()
    body = fields.String()
    public_act = fields.String()
    answer = Choice(AdoptAnswer, allow_none=True)
    reason = fields.String()
    answered_at = When(allow_none=True)
    due_at = When(allow_none=True)
    overdue = fields.Boolean()


class ClassRowSchema(Schema):
    """Who took part in one building, or in one staircase of it; no figure where it would give somebody away."""

    building = fields.String()
    staircase = fields.String(allow_none=True)
    units = fields.Integer()
    voted = fields.Integer(allow_none=True)


class TenureRowSchema(Schema):
    """How many owners, or tenants, took part."""

    tenure = Choice(Tenure)
    units = fields.Integer()
    voted = fields.Integer()


class TookPartSchema(Schema):
    """Who took part, by class, counted up to the last full ten ballots."""

    ballots = fields.Integer()
    buildings = fields.List(fields.Nested(ClassRowSchema))
    tenures = fields.List(fields.Nested(TenureRowSchema))


class ReasonSchema(Schema):
    """A reason that its writer and a moderator let everybody read; never whose it is."""

    option = fields.String()
    text = fields.String()
    side = Choice(Side, metadata={"description": "Whether the ballot beside it was for what came out."})


class ResultSchema(Schema):
    """What came of it."""

    verdict = Choice(Verdict)
    words = Said()
    at = When()
    turnout = fields.Nested(TurnoutSchema)
    absent = fields.Nested(TurnoutSchema)
    tests = fields.List(fields.Nested(TestSchema))
    resolution = fields.Nested(ResolutionSchema, allow_none=True)
    count = fields.Dict(
        keys=fields.String(),
        metadata={"description": "What the count of a method said: options by position, figures whole or fractions."},
    )
    took_part = fields.Nested(TookPartSchema, allow_none=True)
    reasons = fields.List(fields.Nested(ReasonSchema))


class HeadSchema(Schema):
    """One voice of the person of the token; the receipt shows no choice."""

    head = fields.Integer(attribute="head_id")
    doors = fields.List(fields.String())
    area = fields.Integer(metadata={"description": AREA})
    share = fields.String(
        allow_none=True,
        metadata={"description": "Which share of a head it is, such as 1/3, where co-owners have shares."},
    )
    ground = Choice(HeadGround, metadata={"description": "Why it is in the electorate."})
    organization = fields.String(metadata={"description": "For which the person of the token votes as its delegate."})
    cast_at = When(allow_none=True)
    receipt = fields.String()
    refusal = fields.Nested(RefusalSchema, allow_none=True)


class DecisionSchema(Schema):
    """A decision: its rule, options and electorate; turnout while it runs, the result after the close."""

    id = fields.Integer()
    problem = fields.String()
    question = fields.String()
    phase = Choice(Phase)
    opens_at = When()
    closes_at = When()
    announced_for = When(
        allow_none=True,
        metadata={"description": "When the notice said it would open, where concerns without an answer held it back."},
    )
    waits_for = fields.Integer(metadata={"description": "How many concerns it waits for, past its announced hour."})
    rule = fields.Nested(RuleSchema)
    form = fields.Nested(FormSchema)
    options = fields.List(fields.Nested(OptionSchema))
    electorate = fields.Nested(TurnoutSchema)
    running = fields.Nested(RunningSchema, allow_none=True)
    result = fields.Nested(ResultSchema, allow_none=True)
    mine = fields.List(fields.Nested(HeadSchema))
    refusal = fields.Nested(RefusalSchema, allow_none=True, metadata={"description": "Why you have no ballot here."})


def shown_words(refusal: Refusal | None) -> dict[str, Any] | None:
    return None if refusal is None else refusal_of(refusal)


def shown_plainly(shown: DecisionShown) -> dict[str, Any]:
    decision, result = shown.decision, shown.result
    return {
        "id": decision.id,
        "problem": shown.problem.number,
        "question": decision.question,
        "phase": shown.phase,
        "opens_at": decision.opens_at,
        "closes_at": decision.closes_at,
        "announced_for": decision.announced_for,
        "waits_for": shown.waits_for,
        "rule": shown.rule,
        "form": shown.form,
        "options": shown.options,
        "electorate": shown.totals,
        "running": shown.running,
        "result": result
        and {
            "verdict": result.verdict,
            "words": verdict_words(result.verdict, shown.rule.force),
            "at": result.at,
            "turnout": result.turnout,
            "absent": result.absent,
            "tests": result.tests,
            "resolution": result.resolution,
            "count": result.count,
            "took_part": _took_part(shown),
            "reasons": result.reasons,
        },
        "mine": [
            {
                **{name: getattr(head, name) for name in head.__dataclass_fields__},
                "refusal": shown_words(head.why_not_cast),
                "share": None if head.share is None else str(head.share),
            }
            for head in shown.mine
        ],
        "refusal": shown_words(shown.why_not_cast),
    }


def _took_part(shown: DecisionShown) -> dict[str, Any] | None:
    told = classes_shown(shown.decision)
    if told is None:
        return None
    rows = [
        {"building": each.name, "staircase": each.row.staircase, "units": each.row.units, "voted": each.row.voted}
        for each in told.rows
    ]
    return {"ballots": told.told.ballots, "buildings": rows, "tenures": told.told.tenures}


class RowSchema(Schema):
    """A line of the list."""

    id = fields.Integer()
    question = fields.String()
    problem = fields.String(attribute="number")
    phase = Choice(Phase)
    opens_at = When()
    closes_at = When()
    verdict = Choice(Verdict, allow_none=True)
    my_open_heads = fields.Integer(metadata={"description": "Voices of yours that have cast no ballot yet."})


class RowsSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(RowSchema))
    next = fields.String()
