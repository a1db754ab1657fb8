"""Decisions for programs: motions, notices, ballots, results, and the answer of the body that is named."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.decisions import commands, queries
from cogov.decisions.commands import helping, serving
from cogov.decisions.commands import paper as paper_commands
from cogov.decisions.commands import secret_voting as commands_of_voting
from cogov.decisions.queries import DecisionRow, DecisionShown, MotionShown, Phase, ResolutionShown, RuleShown
from cogov.decisions.queries.bulletin import bulletin_of, public_bundle
from cogov.decisions.queries.classes import classes_shown
from cogov.decisions.queries.counting import channels_told
from cogov.decisions.queries.course import course_of
from cogov.decisions.queries.helping import help_shown
from cogov.decisions.queries.mandates import head_at, mandate_shown, mandates_of, papers_of, why_not_keep
from cogov.decisions.queries.paper import paper_board, paper_row
from cogov.decisions.queries.reasons import unread
from cogov.decisions.queries.secrets import box_list, box_of, holders_of, keys_of, opened_ballots, tokens_given
from cogov.decisions.queries.service import heads_served
from cogov.decisions.queries.templates import template_versions, templates_here
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.bulletin import short_code
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.classes import Tenure
from cogov.decisions.rules.course import OBJECTION_LONGEST, STATEMENT_LONGEST, CourseKind
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Annuller, CoOwners, NoProxy, Parking, Secrecy
from cogov.decisions.rules.matters import Bar
from cogov.decisions.rules.methods import (
    HIGHEST_SCORE,
    LARGEST_BUDGET,
    LONGEST_MARKS,
    MOST_OPTIONS,
    PROMPT_LONGEST,
    SINGLE_CHOICE,
    BallotForm,
    DecidingCount,
    Method,
    ReasonAsked,
)
from cogov.decisions.rules.methods import REASON_LONGEST as BALLOT_REASON_LONGEST
from cogov.decisions.rules.motions import (
    ACT_LONGEST,
    CONSEQUENCE_LONGEST,
    LABEL_LONGEST,
    MOST_DAYS,
    MOST_SLOTS,
    QUESTION_LONGEST,
    REASON_LONGEST,
    TASK_LONGEST,
    TEXT_LONGEST,
    TaskPlan,
    consent_options,
    options_of,
)
from cogov.decisions.rules.paper import SlipFault, SlipState, why_not_say
from cogov.decisions.rules.proxies import MandateEnd, head_not_found, why_not_timed
from cogov.decisions.rules.reasons import CHECKS, Side, Withheld, why_not_check
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
from cogov.decisions.rules.secrets.box import token_unreadable
from cogov.decisions.rules.secrets.codes import short
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.decisions.rules.stages import AdoptAnswer, DecisionState, MotionState, Scope, Verdict
from cogov.decisions.rules.sums import verdict_words
from cogov.decisions.rules.templates import NAME_LONGEST as TEMPLATE_NAME_LONGEST
from cogov.decisions.rules.templates import REASON_LONGEST as TEMPLATE_REASON_LONGEST
from cogov.decisions.rules.templates import Written
from cogov.decisions.rules.thresholds import Base, Threshold
from cogov.files.queries import pictures_folder
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    Page,
    Picture,
    RefusalSchema,
    Said,
    Text,
    When,
    Whole,
    cursor,
    door,
    part,
    reading,
    refusal_of,
    verb_of,
    without_a_name,
)
from cogov.ground.db import found
from cogov.ground.pages import words
from cogov.ground.refusals import Refusal, insist
from cogov.ground.settings import data_dir
from cogov.ground.words import Words
from cogov.places.queries import community_by_code, place_by_code, place_by_id
from cogov.problems.queries import problem_for
from cogov.problems.rules.lanes import RuleCode

doors = door("decisions", "What is put to the vote, by whom, under which rule, and what came of it")

AREA = "In hundredths of a square metre."
FEN = "In fen, a hundredth of a yuan."
MARKS = (
    "What is marked: `position:value`, ascending by position, joined by one space. 1 chooses an option, ranks count "
    "from 1, scores from 0. An empty text is a blank ballot, where the form takes one."
)


# What is shown --------------------------------------------------------------------------------------------------------


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
    missing = fields.Nested(TurnoutSchema, allow_none=True)


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
    rule = fields.Nested(RuleSchema)
    form = fields.Nested(FormSchema)
    options = fields.List(fields.Nested(OptionSchema))
    electorate = fields.Nested(TurnoutSchema)
    running = fields.Nested(RunningSchema, allow_none=True)
    result = fields.Nested(ResultSchema, allow_none=True)
    mine = fields.List(fields.Nested(HeadSchema))
    refusal = fields.Nested(RefusalSchema, allow_none=True, metadata={"description": "Why you have no ballot here."})


def _said(refusal: Refusal | None) -> dict[str, Any] | None:
    return None if refusal is None else refusal_of(refusal)


def _plain(shown: DecisionShown) -> dict[str, Any]:
    decision, result = shown.decision, shown.result
    return {
        "id": decision.id,
        "problem": shown.problem.number,
        "question": decision.question,
        "phase": shown.phase,
        "opens_at": decision.opens_at,
        "closes_at": decision.closes_at,
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
            {**{name: getattr(head, name) for name in head.__dataclass_fields__}, "refusal": _said(head.why_not_cast)}
            for head in shown.mine
        ],
        "refusal": _said(shown.why_not_cast),
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


# Reading --------------------------------------------------------------------------------------------------------------


class ListQuery(Page):
    """Decisions that run or come, or those that are closed."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    closed = Flag(load_default=False)


@doors.route("/decisions")
@reading
@doors.arguments(ListQuery, location="query")
@doors.response(200, RowsSchema)
@doors.doc(
    operationId="list_decisions",
    summary="The decisions of a community",
    description="Anybody. Those that run or come; with `closed` those that are over, the latest first.",
)
def list_decisions(asked: dict[str, Any]) -> dict[str, Any]:
    """List decisions."""
    here = found(community_by_code(asked["place"]))
    if not asked["closed"]:
        return {"items": queries.unfinished_decisions(g.actor, here.id), "next": ""}
    rows = queries.closed_decisions(g.actor, here.id, before_id=cursor(asked["after"]))
    return part(rows, queries.PAGE_SIZE - 1, _mark)


def _mark(row: DecisionRow) -> str:
    return str(row.id)


@doors.route("/decisions/<id:decision_id>")
@reading
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="show_decision",
    summary="A decision, and your voice in it",
    description="Anybody who can see the problem. While it runs nothing is said of any choice; `mine` names the "
    "voices of the person of the token, `result` is there after the close.",
)
def show_decision(decision_id: int) -> dict[str, Any]:
    """Show a decision."""
    return _plain(queries.shown_decision(g.actor, decision_id))


# Motions --------------------------------------------------------------------------------------------------------------


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


def _motion(motion_id: int) -> dict[str, Any]:
    row, problem = queries.motion_for(g.actor, motion_id)
    code = place_by_id(problem.community_id).code
    return _moved(queries.shown_motions(g.actor, problem, code, [row])[0])


def _moved(shown: MotionShown) -> dict[str, Any]:
    acts = ("support", "table", "withdraw", "notice")
    return {
        **{name: getattr(shown, name) for name in shown.__dataclass_fields__},
        "refusals": {act: _said(getattr(shown, f"why_not_{act}")) for act in acts},
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


@doors.route("/problems/<number>/motions", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(MotionBody)
@doors.response(201, MotionSchema)
@doors.doc(
    operationId="move_motion",
    summary="Move that something is put to the vote",
    description="Those whom the rule names, while the problem is talked about. `rule` is one of the rules of "
    "the place; `item` is the item of Civil Code "
    "278(1), for owners' votes. Without further options it is answered with yes, no or abstention.",
)
def move_motion(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Move a motion."""
    form = _form(told["form"])
    motion = commands.move_motion(
        g.actor,
        number,
        question=told["question"],
        options=_options(told, form),
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
    )
    return _motion(motion.id)


def _form(told: dict[str, Any] | None) -> BallotForm:
    return BallotForm(**{**told, "blocked_above": Fraction(told["blocked_above"], 100)}) if told else SINGLE_CHOICE


def _options(told: dict[str, Any], form: BallotForm) -> tuple[Option, ...]:
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


# Votes ----------------------------------------------------------------------------------------------------------------


class NoticeBody(Body):
    """When ballots are taken; rule, options and electorate freeze when the notice is published."""

    opens_at = When(required=True)
    closes_at = When(required=True)
    item_confirmed = Flag(load_default=False)
    touches = fields.List(
        Choice(Bar), required=True, metadata={"description": "What of the things no vote can do it would touch: []."}
    )


@doors.route("/motions/<id:motion_id>/notice", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(NoticeBody)
@doors.response(201, DecisionSchema)
@doors.doc(
    operationId="publish_notice",
    summary="Publish the voting notice",
    description="Those whom the rule names, for a motion that is tabled. No concern may be open, and the days "
    "of notice of the rule must lie before "
    "`opens_at`. Rule, options and electorate freeze.",
)
def publish_notice(told: dict[str, Any], motion_id: int) -> dict[str, Any]:
    """Publish a notice."""
    decision = commands.publish_notice(g.actor, motion_id, **told)
    return _plain(queries.shown_decision(g.actor, decision.id))


@doors.route("/decisions/<id:decision_id>/opening", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="open_decision",
    summary="Say that the announced hour has come; the clock does it too",
    description="Who can see the problem. The clock does it by itself when the hour has come; before that, and "
    "again, it does nothing.",
)
def open_decision(decision_id: int) -> dict[str, Any]:
    """Open a vote whose hour has come."""
    queries.decision_for(g.actor, decision_id)
    commands.open_decision(g.actor, decision_id)
    return _plain(queries.shown_decision(g.actor, decision_id))


class BallotBody(Body):
    """The choice or the marks; who has several voices says which one."""

    option = Id(allow_none=True, load_default=None, metadata={"description": "Where one option is chosen."})
    marks = Text(LONGEST_MARKS, load_default="", metadata={"description": MARKS, "example": "1:2 3:1"})
    reason = Text(BALLOT_REASON_LONGEST, load_default="")
    reason_public = Flag(
        load_default=False,
        metadata={"description": "Whether the reason may be published after the close, once a moderator has read it."},
    )
    head = Id(allow_none=True, load_default=None)


class ReceiptSchema(Schema):
    """That a ballot was taken; it shows no choice."""

    ordinal = fields.Integer()
    receipt = fields.String()
    cast_at = When()
    missing = fields.Integer(
        metadata={
            "description": "Only where all co-owners cast one ballot, and it is not cast yet: how many have not "
            "signed; 0 if they have marked it differently."
        }
    )


@doors.route("/decisions/<id:decision_id>/ballot", methods=["POST"])
@verb_of(scopes.Scope.VOTE, keyed=False)
@doors.arguments(BallotBody)
@doors.response(200, ReceiptSchema)
@doors.doc(
    operationId="cast_ballot",
    summary="Cast your ballot; until closing, the last one counts",
    description="Those on the electorate, while it runs. The last ballot before the close counts; the receipt "
    "shows no choice. It takes no `Idempotency-Key`, because the answer kept under it would say how "
    "you voted.",
)
def cast_ballot(told: dict[str, Any], decision_id: int) -> Any:
    """Cast a ballot."""
    ballot = commands.cast_ballot(
        g.actor,
        decision_id,
        option_id=told["option"],
        marks=told["marks"],
        reason=told["reason"],
        head_id=told["head"],
    )
    if told["reason_public"]:
        commands.allow_reason(g.actor, decision_id, head_id=ballot.head_id, agrees=True)
    return ballot


@doors.route("/decisions/<id:decision_id>/closing", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, DecisionSchema)
@doors.doc(
    operationId="close_decision",
    summary="Count a vote whose hour has come; the clock does it too",
    description="Who can see the problem. The clock does it by itself when the hour has come; before that it "
    "is refused.",
)
def close_decision(decision_id: int) -> dict[str, Any]:
    """Close a vote."""
    queries.decision_for(g.actor, decision_id)
    commands.close_decision(g.actor, decision_id)
    return _plain(queries.shown_decision(g.actor, decision_id))


class AnswerBody(Body):
    """Whether the body adopts what was resolved; if not wholly, why."""

    answer = Choice(AdoptAnswer, required=True)
    reason = Text(REASON_LONGEST, load_default="")


@doors.route("/resolutions/<id:resolution_id>/answer", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(AnswerBody)
@doors.response(200, ResolutionSchema)
@doors.doc(
    operationId="answer_resolution",
    summary="Answer a resolution for the body that it names",
    description="An official of the body that the resolution names, once. Whoever does not adopt it wholly says "
    "why; a late answer is shown as late.",
)
def answer_resolution(told: dict[str, Any], resolution_id: int) -> ResolutionShown:
    """Answer a resolution."""
    commands.answer_resolution(g.actor, resolution_id, **told)
    resolution, _ = queries.resolution_for(g.actor, resolution_id)
    return queries.shown_resolution(g.actor, resolution)


# Checking the count ---------------------------------------------------------------------------------------------------


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


# The course of a vote -------------------------------------------------------------------------------------------------


class CourseActSchema(Schema):
    """Another hour to close, or an annulment, asked for by one person and signed by another."""

    id = fields.Integer()
    kind = Choice(CourseKind)
    reason = fields.String()
    closes_at = When(allow_none=True)
    annuller = Choice(Annuller, allow_none=True)
    document = fields.String()
    dated = fields.Date(allow_none=True)
    asked_for = fields.String(metadata={"description": "The organization for which it was asked."})
    asked_at = When()
    until = When(metadata={"description": "Until when a second person can sign."})
    settled_at = When(allow_none=True)
    agreed = fields.Boolean(allow_none=True)


class ObjectionSchema(Schema):
    """An objection to a result, without who made it, and its answer."""

    id = fields.Integer()
    text = fields.String()
    at = When()
    answer = fields.String()
    answered_for = fields.String()
    answered_at = When(allow_none=True)
    mine = fields.Boolean()


class CourseSchema(Schema):
    """What was asked for, objected and said of a vote."""

    acts = fields.List(fields.Nested(CourseActSchema))
    objections = fields.List(fields.Nested(ObjectionSchema))
    objections_until = When(allow_none=True)
    annulled_at = When(allow_none=True)
    statement = fields.String()
    stated_at = When(allow_none=True)
    review_on = fields.Date(allow_none=True)
    refusals = fields.Dict(keys=fields.String(), values=fields.Nested(RefusalSchema, allow_none=True))


def _course(decision_id: int) -> dict[str, Any]:
    decision, _ = queries.decision_for(g.actor, decision_id)
    course = course_of(g.actor, decision)
    acts = ("object", "answer", "state")
    return {**vars(course), "refusals": {act: _said(getattr(course, f"why_not_{act}")) for act in acts}}


@doors.route("/decisions/<id:decision_id>/course")
@reading
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="show_course",
    summary="Whether a vote closes at another hour, was annulled or objected to, and what became of it",
    description="Anybody who can see the problem. Another hour and an annulment are asked for and signed by two "
    "people on the page of the vote; `refusals` says whether the person of the token may object, answer and state.",
)
def show_course(decision_id: int) -> dict[str, Any]:
    """Show the course of a vote."""
    return _course(decision_id)


class ObjectionBody(Body):
    """What is wrong with the result."""

    text = Text(OBJECTION_LONGEST, required=True)


@doors.route("/decisions/<id:decision_id>/objections", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.arguments(ObjectionBody)
@doors.response(201, CourseSchema)
@doors.doc(
    operationId="object_to_result",
    summary="Object to a result before it takes effect",
    description="Those who vote here, once each, in the days for which the place lets a result wait. It is shown "
    "without a name and answered before anything takes effect.",
)
def object_to_result(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Object to a result."""
    commands.object_to(g.actor, decision_id, text=told["text"])
    return _course(decision_id)


class ObjectionAnswerBody(Body):
    """The answer, which everybody reads."""

    answer = Text(OBJECTION_LONGEST, required=True)


@doors.route("/objections/<id:objection_id>/answer", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(ObjectionAnswerBody)
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="answer_objection",
    summary="Answer an objection to a result",
    description="Those who put motions on the agenda, and the street office, once.",
)
def answer_objection(told: dict[str, Any], objection_id: int) -> dict[str, Any]:
    """Answer an objection."""
    return _course(commands.answer_objection(g.actor, objection_id, answer=told["answer"]).decision_id)


class OutcomeBody(Body):
    """What became of it, and when it is looked at again."""

    statement = Text(STATEMENT_LONGEST, required=True)
    review_on = fields.Date(allow_none=True, load_default=None)


@doors.route("/decisions/<id:decision_id>/outcome", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(OutcomeBody)
@doors.response(200, CourseSchema)
@doors.doc(
    operationId="state_outcome",
    summary="Say what became of a decision, and when it is looked at again",
    description="Those who put motions on the agenda, and the street office. The last word stands; on the day of "
    "review everybody of the dossier is reminded.",
)
def state_outcome(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Say what became of a decision."""
    commands.state_outcome(g.actor, decision_id, **told)
    return _course(decision_id)


# The rules of a place -------------------------------------------------------------------------------------------------


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
    quorum = fields.Nested(TurnoutSchema, allow_none=True, metadata={"description": "How many have to take part."})
    fewest = fields.Nested(
        TurnoutSchema,
        allow_none=True,
        metadata={"description": "How many have to agree if just the quorum takes part."},
    )
    most = fields.Nested(
        TurnoutSchema, allow_none=True, metadata={"description": "How many have to agree if all take part."}
    )


@doors.route("/motions/<id:motion_id>/electorate")
@reading
@doors.response(200, SimulationSchema(many=True))
@doors.doc(
    operationId="simulate_electorate",
    summary="Who would vote on a motion if it were announced now",
    description="Anybody who can see the problem: sums only, no door and no name. The scope of the motion comes "
    "first, then wider ones.",
)
def simulate_electorate(motion_id: int) -> Any:
    """Count who would vote."""
    motion, _ = queries.motion_for(g.actor, motion_id)
    return queries.simulations(motion)


# Proxies --------------------------------------------------------------------------------------------------------------


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


# Reasons beside ballots -----------------------------------------------------------------------------------------------


class UnreadSchema(Schema):
    """A reason as whoever checks it reads it: no name, and nothing of the ballot beside it."""

    id = fields.String()
    text = fields.String()
    checked = fields.Boolean()
    withheld = Choice(Withheld, allow_none=True)


class UnreadListSchema(Schema):
    """The reasons of a vote, those that wait first."""

    reasons = fields.List(fields.Nested(UnreadSchema))


def _reasons(decision_id: int) -> dict[str, Any]:
    decision, _ = queries.decision_for(g.actor, decision_id)
    roles = queries.roles_of(g.actor, place_by_id(decision.community_id).code)
    insist(why_not_check(checks=CHECKS in roles, closed=decision.state is DecisionState.CLOSED, checked=False))
    return {"reasons": unread(decision_id)}


@doors.route("/decisions/<id:decision_id>/reasons")
@reading
@doors.response(200, UnreadListSchema)
@doors.doc(
    operationId="list_reasons",
    summary="The reasons that wait to be read before everybody reads them",
    description="Moderators of the place, after the close. Only those whose writers agreed to their being published.",
)
def list_reasons(decision_id: int) -> dict[str, Any]:
    """List reasons."""
    return _reasons(decision_id)


class CheckBody(Body):
    """Which reason, and why it is withheld where it is."""

    reason = Text(32, required=True, metadata={"description": "The id of a reason."})
    withheld = Choice(Withheld, allow_none=True, load_default=None)


@doors.route("/decisions/<id:decision_id>/reasons", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(CheckBody)
@doors.response(200, UnreadListSchema)
@doors.doc(
    operationId="check_reason",
    summary="Release a reason for everybody to read, or withhold it",
    description="Moderators of the place, after the close, once for each reason.",
)
def check_reason(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Check a reason."""
    commands.check_reason(g.actor, decision_id, told["reason"], withheld=told["withheld"])
    return _reasons(decision_id)


# Channels: paper, help, service ---------------------------------------------------------------------------------------


class PaperRowSchema(Schema):
    """A paper ballot as those see it who enter papers; it shows no choice."""

    code = fields.String(metadata={"description": "Printed on it; the voter's receipt."})
    doors = fields.List(fields.String())
    state = Choice(SlipState)
    fault = Choice(SlipFault, allow_none=True)
    channel = Choice(Channel)
    readings = fields.Integer()
    read_by_me = fields.Boolean()


class PapersSchema(Schema):
    """The papers of a vote: how many of each state, those that wait for a reader, those that do not count and why."""

    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    waiting = fields.List(fields.Nested(PaperRowSchema))
    rejected = fields.List(fields.Nested(PaperRowSchema))


def _papers(decision_id: int) -> dict[str, Any]:
    board = paper_board(g.actor, decision_id)
    counts = {state.value: count for state, count in board.counts.items()}
    return {"counts": counts, "waiting": board.waiting, "rejected": board.rejected}


@doors.route("/decisions/<id:decision_id>/papers")
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, PapersSchema)
@doors.doc(
    operationId="list_papers",
    summary="The paper ballots of a vote",
    description="Moderators, chairs, the owners' committee, grid workers and the street office. No choice is shown.",
)
def list_papers(decision_id: int) -> dict[str, Any]:
    """List the papers of a vote."""
    return _papers(decision_id)


class PrintBody(Body):
    """For whom papers are made; without either, for all households that vote."""

    building = Id(load_default=None)
    unit = Id(load_default=None)


@doors.route("/decisions/<id:decision_id>/papers", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(PrintBody)
@doors.response(201, PapersSchema)
@doors.doc(
    operationId="print_papers",
    summary="Make the paper ballots that are missing",
    description="Those who enter papers. One for each household; the sheets are printed from the page. A secret vote "
    "has none.",
)
def print_papers(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Make papers."""
    paper_commands.print_papers(g.actor, decision_id, building_id=told["building"], unit_id=told["unit"])
    return _papers(decision_id)


class PaperBody(Body):
    """What you read on the paper: its marks and the day on it, or why it does not count."""

    marks = Text(LONGEST_MARKS, load_default="", metadata={"description": MARKS})
    reason = Text(BALLOT_REASON_LONGEST, load_default="")
    signed_on = Day(load_default=None, allow_none=True)
    signer = Id(load_default=None, metadata={"description": "The verified voter who signed it, where there is one."})
    fault = Choice(SlipFault, load_default=None, allow_none=True, metadata={"description": "`unsigned` or `unclear`."})
    channel = Choice(Channel, load_default=Channel.PAPER, metadata={"description": "`paper` or `door`."})
    picture = Picture(load_default=None, metadata={"description": "Of the paper; asked of the first who enters it."})


@doors.route("/papers/<slip>", methods=["POST"])
@verb_of(scopes.Scope.OFFICE, keyed=False)
@doors.arguments(PaperBody)
@doors.response(200, PaperRowSchema)
@doors.doc(
    operationId="enter_paper",
    summary="Enter what you read on a paper ballot",
    description="Those who enter papers, each paper twice by two people on their own; it counts when both read the "
    "same, and a third looks where they differ. It takes no `Idempotency-Key`, because the answer kept under it would "
    "say what was read.",
)
def enter_paper(told: dict[str, Any], slip: str) -> Any:
    """Enter a paper."""
    insist(why_not_say(told["channel"], told["fault"]))
    paper = paper_commands.Paper(
        marks=told["marks"],
        signed_on=told["signed_on"],
        signer_id=told["signer"],
        fault=told["fault"],
        reason=told["reason"],
        channel=told["channel"],
    )
    folder = pictures_folder(data_dir(current_app))
    paper_commands.enter_paper(g.actor, slip, paper, picture=told["picture"], folder=folder)
    return paper_row(g.actor, slip)


class HelpBody(Body):
    """Whom you help, at which door, and what they want."""

    unit = Id(required=True)
    voter = Id(load_default=None, metadata={"description": "May be left out where one person alone votes there."})
    marks = Text(LONGEST_MARKS, load_default="", metadata={"description": MARKS})
    reason = Text(BALLOT_REASON_LONGEST, load_default="")


class HelpSchema(Schema):
    """A helped ballot; it shows no choice."""

    code = fields.String(metadata={"description": "The witness opens it by this code."})
    doors = fields.List(fields.String())
    until = When()
    settled_at = When(allow_none=True)
    agreed = fields.Boolean(allow_none=True)
    receipt = fields.String(metadata={"description": "For the helper and the voter, once it is cast."})


def _help(code: str) -> dict[str, Any]:
    shown = help_shown(g.actor, code)
    row = shown.help
    told = {"code": row.code, "until": row.until, "settled_at": row.settled_at, "agreed": row.agreed}
    return {**told, "doors": shown.doors, "receipt": shown.receipt}


@doors.route("/decisions/<id:decision_id>/help", methods=["POST"])
@verb_of(scopes.Scope.OFFICE, keyed=False)
@doors.arguments(HelpBody)
@doors.response(201, HelpSchema)
@doors.doc(
    operationId="help_vote",
    summary="Mark a ballot for a voter who is present",
    description="Grid workers, volunteers, moderators and the street office, but nobody of the body that began the "
    "vote. It is cast when a witness agrees within two hours, and the voter may change it until the close.",
)
def help_vote(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Help a voter."""
    row = helping.help_vote(
        g.actor,
        decision_id,
        unit_id=told["unit"],
        voter_id=told["voter"],
        marks=told["marks"],
        reason=told["reason"],
    )
    return _help(row.code)


@doors.route("/helped/<aid>")
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, HelpSchema)
@doors.doc(
    operationId="show_help",
    summary="A helped ballot, by the code on the helper's screen",
    description="Whoever has the code; what was chosen is shown to nobody.",
)
def show_help(aid: str) -> dict[str, Any]:
    """Show a helped ballot."""
    return _help(aid)


@doors.route("/helped/<aid>/witness", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, HelpSchema)
@doors.doc(
    operationId="witness_help",
    summary="Say as a second person that you were there and saw it",
    description="Somebody who lives or serves there: not the helper, nobody of the household, nobody of the body that "
    "began the vote. The ballot is cast with that.",
)
def witness_help(aid: str) -> dict[str, Any]:
    """Witness a helped ballot."""
    helping.witness_help(g.actor, aid)
    return _help(aid)


@doors.route("/helped/<aid>/end", methods=["POST"])
@verb_of(scopes.Scope.TAKE_PART)
@doors.response(200, HelpSchema)
@doors.doc(
    operationId="end_help",
    summary="Take a helped ballot back before it is cast, or say that it was not so",
    description="The helper, the voter, or who would be the witness.",
)
def end_help(aid: str) -> dict[str, Any]:
    """End a helped ballot."""
    helping.end_help(g.actor, aid)
    return _help(aid)


class AttemptBody(Body):
    """An attempt to bring the notice of a vote to a household."""

    head = Id(required=True)
    means = Choice(ServiceMeans, required=True, metadata={"description": "`door` or `post`."})
    outcome = Choice(ServiceOutcome, required=True)
    on = Day(load_default=None, allow_none=True, metadata={"description": "Today, unless it is said."})


class ServiceSchema(Schema):
    """How far a notice has come, and by which ways the ballots came; nothing where fewer than ten households vote."""

    served = fields.Integer(allow_none=True, metadata={"description": "Households reached, in full tens."})
    channels = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "After the close: how many ballots came by each way. Empty before, and in secret."},
    )


@doors.route("/decisions/<id:decision_id>/service")
@reading
@doors.response(200, ServiceSchema)
@doors.doc(
    operationId="show_service",
    summary="How many households a notice has reached, and by which ways they voted",
    description="Anybody who can see the problem: counts for the whole of a vote, and never which households.",
)
def show_service(decision_id: int) -> dict[str, Any]:
    """Show how many are served."""
    return _service(decision_id)


def _service(decision_id: int) -> dict[str, Any]:
    decision, _ = queries.decision_for(g.actor, decision_id)
    channels = {channel.value: ballots for channel, ballots in channels_told(decision).items()}
    return {"served": heads_served(decision), "channels": channels}


@doors.route("/decisions/<id:decision_id>/service", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(AttemptBody)
@doors.response(201, ServiceSchema)
@doors.doc(
    operationId="record_service",
    summary="Write down that you brought a notice to a household, or tried to",
    description="Those who enter papers. Who opened the page of a vote is served by that, and nobody enters it.",
)
def record_service(told: dict[str, Any], decision_id: int) -> dict[str, Any]:
    """Write down an attempt."""
    serving.record_service(
        g.actor, decision_id, head_id=told["head"], means=told["means"], outcome=told["outcome"], on=told["on"]
    )
    return _service(decision_id)


# Secret votes ---------------------------------------------------------------------------------------------------------

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


# Ballots that a place keeps ready -------------------------------------------------------------------------------------


class TemplateOptionSchema(Schema):
    """An option, what follows from it, and what it costs."""

    label = fields.String()
    consequence = fields.String()
    cost = fields.Integer(metadata={"description": FEN})


class TemplateSchema(Schema):
    """A ballot that a place keeps ready, in one of its versions."""

    id = fields.Integer()
    version = fields.Integer()
    name = fields.String()
    form = fields.Nested(FormSchema)
    options = fields.List(fields.Nested(TemplateOptionSchema))
    reason = fields.String(metadata={"description": "Why it was changed into this version."})
    at = When()
    retired_at = When(allow_none=True)


class TemplateBody(Body):
    """How the ballot is put, and what can be chosen; without options it is answered with yes, no or abstention."""

    name = Text(TEMPLATE_NAME_LONGEST, required=True)
    form = fields.Nested(FormBody, allow_none=True, load_default=None)
    options = fields.List(fields.Nested(OptionBody), load_default=list)
    agree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a yes."})
    disagree = Text(CONSEQUENCE_LONGEST, load_default="", metadata={"description": "What follows from a no."})
    abstain = Text(CONSEQUENCE_LONGEST, load_default="")


class NewTemplateBody(TemplateBody):
    """The ballot, and the place that keeps it."""

    place = Text(12, required=True)


class ChangedTemplateBody(TemplateBody):
    """The ballot, and why it is changed."""

    reason = Text(TEMPLATE_REASON_LONGEST, required=True)


def _template(told: dict[str, Any]) -> Written:
    form = _form(told["form"])
    return Written(told["name"], form, tuple(_options(told, form)))


@doors.route("/ballot-templates")
@reading
@doors.arguments(RulesQuery, location="query")
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="list_ballot_templates",
    summary="The ballots that a place keeps ready",
    description="Anybody. What a motion can begin with; its rule still says which ballots it admits.",
)
def list_ballot_templates(asked: dict[str, Any]) -> Any:
    """List the templates of a place."""
    return templates_here(place_by_code(asked["place"]).id)


@doors.route("/ballot-templates/<id:template_id>")
@reading
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="show_ballot_template",
    summary="All versions of a ballot that a place keeps ready",
    description="Anybody. Each version with its options and its form, the newest first; a motion names the one it begins with.",
)
def show_ballot_template(template_id: int) -> Any:
    """Show the versions of a template."""
    return template_versions(template_id)


@doors.route("/ballot-templates", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(NewTemplateBody)
@doors.response(201, TemplateSchema(many=True))
@doors.doc(
    operationId="write_ballot_template",
    summary="Write a ballot that a place keeps ready",
    description="Moderators, the chair, the owners' committee, the street office and administrators of the place.",
)
def write_ballot_template(told: dict[str, Any]) -> Any:
    """Write a template."""
    return template_versions(commands.write_template(g.actor, told["place"], _template(told)).template_id)


@doors.route("/ballot-templates/<id:template_id>", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.arguments(ChangedTemplateBody)
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="change_ballot_template",
    summary="Write another version of a ballot that a place keeps ready",
    description="Those who may write one. Motions moved before keep what they were moved with.",
)
def change_ballot_template(told: dict[str, Any], template_id: int) -> Any:
    """Change a template."""
    commands.change_template(g.actor, template_id, _template(told), reason=told["reason"])
    return template_versions(template_id)


@doors.route("/ballot-templates/<id:template_id>/retirement", methods=["POST"])
@verb_of(scopes.Scope.OFFICE)
@doors.response(200, TemplateSchema(many=True))
@doors.doc(
    operationId="retire_ballot_template",
    summary="No longer offer a ballot that a place keeps ready",
    description="Those who may write one. Its versions stay to be read.",
)
def retire_ballot_template(template_id: int) -> Any:
    """Retire a template."""
    commands.retire_template(g.actor, template_id)
    return template_versions(template_id)
