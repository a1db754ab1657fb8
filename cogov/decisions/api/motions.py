"""Motions for programs: moving, supporting, tabling, and publishing the notice."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.api.current import FEN, doors
from cogov.decisions.api.shown import FormSchema, RuleSchema, shown_words
from cogov.decisions.queries import MotionShown
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import (
    HIGHEST_SCORE,
    LARGEST_BUDGET,
    MOST_OPTIONS,
    PROMPT_LONGEST,
    SINGLE_CHOICE,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
)
from cogov.decisions.rules.motions import (
    ACT_LONGEST,
    CONSEQUENCE_LONGEST,
    LABEL_LONGEST,
    MOST_DAYS,
    MOST_SLOTS,
    QUESTION_LONGEST,
    TASK_LONGEST,
    TEXT_LONGEST,
    TaskPlan,
    consent_options,
    options_of,
)
from cogov.decisions.rules.stages import MotionState, Scope
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    RefusalSchema,
    Text,
    Whole,
    reading,
    verb_of,
)
from cogov.moderation.rules import Mask
from cogov.places.queries import place_by_id
from cogov.problems.queries import problem_for
from cogov.problems.rules.lanes import RuleCode


class MovedOptionSchema(Schema):
    """An option of a motion."""

    position = fields.Integer()
    key = fields.String()
    label = fields.String()
    consequence = fields.String()
    cost = fields.Integer(metadata={"description": FEN})


class MotionSchema(Schema):
    """A motion, and whether it can be announced."""

    id = fields.Integer()
    question = fields.String()
    text = fields.String()
    state = Choice(MotionState)
    rule = fields.Nested(RuleSchema)
    form = fields.Nested(FormSchema)
    options = fields.List(fields.Nested(MovedOptionSchema))
    supports = fields.Integer()
    supports_needed = fields.Integer()
    decision = fields.Integer(attribute="decision_id", allow_none=True)
    refusals = fields.Dict(keys=fields.String(), values=fields.Nested(RefusalSchema, allow_none=True))


class MovedSchema(MotionSchema):
    """A motion as it was moved, and what of its words was masked before anybody read them."""

    masked = fields.List(Choice(Mask))


def _motion(motion_id: int) -> dict[str, Any]:
    row, problem = queries.motion_for(g.actor, motion_id)
    code = place_by_id(problem.community_id).code
    return _moved(queries.shown_motions(g.actor, problem, code, [row])[0])


def _moved(shown: MotionShown) -> dict[str, Any]:
    acts = ("support", "table", "withdraw", "notice")
    return {
        **{name: getattr(shown, name) for name in shown.__dataclass_fields__},
        "refusals": {act: shown_words(getattr(shown, f"why_not_{act}")) for act in acts},
    }


class PlanBody(Body):
    """A task that is opened when the motion passes."""

    title = Text(TASK_LONGEST, required=True)
    text = Text(TEXT_LONGEST, load_default="")
    slots = Whole(1, MOST_SLOTS, load_default=1)
    days = Whole(1, MOST_DAYS, load_default=14)


class FormBody(Body):
    """How the ballot is put; what a method does not have is left out."""

    method = Choice(Method, required=True)
    decider = Choice(DecidingCount, allow_none=True, load_default=None)
    seats = Whole(1, MOST_OPTIONS, load_default=1)
    budget = Whole(0, LARGEST_BUDGET, load_default=0, metadata={"description": FEN})
    most = Whole(0, MOST_OPTIONS, load_default=0)
    top = Whole(1, HIGHEST_SCORE, load_default=SINGLE_CHOICE.top)
    ties = Flag(load_default=False)
    blank = Flag(load_default=False)
    hidden = Flag(
        load_default=False,
        metadata={"description": "Of a consent: who has not voted sees nothing of the others before the close."},
    )
    blocked_above = Whole(0, 99, load_default=0, metadata={"description": "In per cent of those who took part."})
    reason = Choice(ReasonAsked, load_default=ReasonAsked.NO)
    prompt = Text(PROMPT_LONGEST, load_default="")


class OptionBody(Body):
    """An option: what it is called, what follows when it is chosen, what it costs."""

    label = Text(LABEL_LONGEST, required=True)
    consequence = Text(CONSEQUENCE_LONGEST, required=True)
    cost = Whole(0, LARGEST_BUDGET, load_default=0, metadata={"description": FEN})


class MotionBody(Body):
    """A question under a rule; without options it is answered with yes, no or abstention."""

    question = Text(QUESTION_LONGEST, required=True, metadata={"example": "是否在东门空地建集中充电棚"})
    text = Text(TEXT_LONGEST, load_default="")
    rule = Choice(RuleCode, required=True, metadata={"example": "R1"})
    item = Whole(1, 9, allow_none=True, load_default=None, metadata={"description": "Item of Civil Code 278(1)."})
    form = fields.Nested(FormBody, allow_none=True, load_default=None)
    options = fields.List(fields.Nested(OptionBody), load_default=list)
    agree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a yes."})
    disagree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a no."})
    abstain = Text(CONSEQUENCE_LONGEST, load_default="")
    solution_version = Id(allow_none=True, load_default=None)
    scope = Choice(Scope, load_default=Scope.COMMUNITY)
    building = Id(allow_none=True, load_default=None)
    staircase = Text(10, load_default="")
    tasks = fields.List(fields.Nested(PlanBody), load_default=list)
    public_body = Id(allow_none=True, load_default=None)
    public_act = Text(ACT_LONGEST, load_default="")
    meeting_motion = Id(
        allow_none=True,
        load_default=None,
        metadata={"description": "The motion that a meeting carried on this problem and that is put to the vote."},
    )


@doors.route("/problems/<number>/motions", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(MotionBody)
@doors.response(201, MovedSchema)
@doors.doc(
    operationId="move_motion",
    summary="Move that something is put to the vote",
    description="Those whom the rule names, while the problem is talked about. `rule` is one of the rules of "
    "the place; `item` is the item of Civil Code "
    "278(1), for owners' votes. Without further options it is answered with yes, no or abstention.",
)
def move_motion(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Move a motion."""
    form = shown_form(told["form"])
    motion = commands.move_motion(
        g.actor,
        number,
        question=told["question"],
        options=shown_options(told, form),
        form=form,
        rule=told["rule"],
        item=told["item"],
        text=told["text"],
        solution_version_id=told["solution_version"],
        scope=told["scope"],
        building_id=told["building"],
        staircase=told["staircase"],
        tasks=[TaskPlan(**plan) for plan in told["tasks"]],
        public_body_id=told["public_body"],
        public_act=told["public_act"],
        meeting_motion=told["meeting_motion"],
    )
    return _motion(motion.id) | {"masked": queries.masked_in(motion)}


def shown_form(told: dict[str, Any] | None) -> BallotForm:
    return BallotForm(**{**told, "blocked_above": Fraction(told["blocked_above"], 100)}) if told else SINGLE_CHOICE


def shown_options(told: dict[str, Any], form: BallotForm) -> tuple[Option, ...]:
    if told["options"]:
        return tuple(Option(position, f"o{position}", **each) for position, each in enumerate(told["options"], start=1))
    follows = (told["agree"], told["disagree"], told["abstain"])
    return consent_options(form, *follows) if form.is_open else options_of(*follows)


@doors.route("/problems/<number>/motions")
@reading
@doors.response(200, MotionSchema(many=True))
@doors.doc(
    operationId="list_motions",
    summary="The motions of a problem, the newest first",
    description="Anybody who can see the problem. `refusals` says for each act whether the person of the token "
    "may do it, and if not, why.",
)
def list_motions(number: str) -> list[dict[str, Any]]:
    """List motions."""
    return [_moved(motion) for motion in queries.panel(g.actor, problem_for(g.actor, number)).motions]


@doors.route("/motions/<id:motion_id>/support", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, MotionSchema)
@doors.doc(
    operationId="support_motion",
    summary="Support a motion",
    description="Those who would vote on it, once each, while it waits to be tabled.",
)
def support_motion(motion_id: int) -> dict[str, Any]:
    """Support a motion."""
    commands.support_motion(g.actor, motion_id)
    return _motion(motion_id)


@doors.route("/motions/<id:motion_id>/withdrawal", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, MotionSchema)
@doors.doc(
    operationId="withdraw_motion",
    summary="Withdraw one's own motion",
    description="Who moved it, while no notice of it is out.",
)
def withdraw_motion(motion_id: int) -> dict[str, Any]:
    """Withdraw a motion."""
    commands.withdraw_motion(g.actor, motion_id)
    return _motion(motion_id)


class TableBody(Body):
    """Whether the item of the law was looked at."""

    item_confirmed = Flag(load_default=False)


@doors.route("/motions/<id:motion_id>/tabling", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(TableBody)
@doors.response(200, MotionSchema)
@doors.doc(
    operationId="table_motion",
    summary="Put a motion on the agenda",
    description="Those whom the rule names, once there are enough supporters where it asks for them. "
    "`item_confirmed` says that the item of the "
    "law was looked at.",
)
def table_motion(told: dict[str, Any], motion_id: int) -> dict[str, Any]:
    """Table a motion."""
    commands.table_motion(g.actor, motion_id, item_confirmed=told["item_confirmed"])
    return _motion(motion_id)
