"""Changes to solutions, endorsements, stakes, pledges and minority opinions, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Flag, Id, Page, Text, When, Whole, cursor, reading, shown_at, verb_of
from cogov.ground.scopes import Scope
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.api.current import LONG, BylineSchema, SolutionSchema, doors, last_made, parts, solutions_of
from cogov.threads.api.versions import PieceSchema
from cogov.threads.queries.amendments import AmendmentShown, amendment_for, amendment_shown, amendments
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
from cogov.threads.queries.pledges import PledgeShown, pledge_for, pledges
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.interests import INTEREST_LENGTH, InterestKind
from cogov.threads.rules.minority import MINORITY_LENGTH, OutcomeKind
from cogov.threads.rules.pledges import MOST_FEN, WHAT_LENGTH, PledgeKind, PledgeState
from cogov.threads.rules.solutions import SIDE_LENGTH, TITLE_LENGTH, Content
from cogov.threads.rules.speaking import ThreadTab


def _as_read(byline: Byline | None, *, exact: bool) -> Byline | None:
    """Return a byline as this reader sees it: a stake in one's own words is for readers of the place."""
    if byline is None or exact or byline.kind != "person":
        return byline
    return replace(byline, stake_words="", stake_id=None)


def _inside(problem: Problem) -> bool:
    return bool(g.actor.inside(queries.dossier_of(problem).code))


# Changes -------------------------------------------------------------------------------------------------------------


class AmendmentSchema(Schema):
    """A change to a solution: the whole of it as it would read, what that changes, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    on_version = fields.Integer()
    title = fields.String(attribute="content.title")
    text = fields.String(attribute="content.text")
    cost = fields.Integer(attribute="content.cost", allow_none=True)
    needs_permit = fields.Boolean(attribute="content.needs_permit")
    benefits = fields.String(attribute="content.benefits")
    bears = fields.String(attribute="content.bears")
    difference = fields.List(fields.Nested(PieceSchema), attribute="pieces")
    why = fields.String()
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    state = Choice(AmendmentState)
    answer = fields.String()
    answered_by = fields.Nested(BylineSchema, attribute="answered", allow_none=True)
    became_version = fields.Integer(allow_none=True)
    became_solution = fields.Integer(
        attribute="became_number", allow_none=True, metadata={"description": "Number of the solution it became."}
    )


class AmendmentListSchema(Schema):
    """The changes to a solution, the newest first."""

    items = fields.List(fields.Nested(AmendmentSchema))


def _amendment(shown: AmendmentShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    exact = inside or shown.byline.kind != "person"
    said = {"byline": _as_read(shown.byline, exact=inside), "answered": _as_read(shown.answered, exact=inside)}
    return plain | said | {"at": shown_at(shown.at, exact=exact)}


def _one_amendment(amendment_id: int) -> dict[str, Any]:
    amendment, solution, problem = amendment_for(g.actor, amendment_id)
    shown = amendment_shown(g.actor, amendment, solution, queries.dossier_of(problem))
    return _amendment(shown, inside=_inside(problem))


@doors.route("/solutions/<id:solution_id>/amendments")
@reading
@doors.response(200, AmendmentListSchema)
@doors.doc(
    operationId="list_amendments",
    summary="The changes that were proposed to a solution, the newest first",
    description="Anybody who can see the problem. `difference` is what a change does to the text it was written on.",
)
def list_amendments(solution_id: int) -> dict[str, Any]:
    """List changes."""
    solution, problem = queries.solution_for(g.actor, solution_id)
    shown = amendments(g.actor, solution, queries.dossier_of(problem))
    return {"items": [_amendment(each, inside=_inside(problem)) for each in shown]}


class AmendmentBody(Body):
    """The whole of a solution as it would read, and why."""

    title = Text(TITLE_LENGTH, required=True)
    text = Text(LONG, required=True)
    cost = Whole(0, 10**15, allow_none=True, load_default=None, metadata={"description": "In fen."})
    needs_permit = Flag(load_default=False)
    benefits = Text(SIDE_LENGTH, load_default="")
    bears = Text(SIDE_LENGTH, load_default="")
    why = Text(LONG, required=True)


@doors.route("/solutions/<id:solution_id>/amendments", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentBody)
@doors.response(201, AmendmentSchema)
@doors.doc(
    operationId="propose_amendment",
    summary="Propose a change to a solution",
    description="Who lives, owns or serves in the place, while the problem is talked about. Who proposed the solution, "
    "a moderator or the owners' committee takes it in or turns it down with a reason.",
)
def propose_amendment(told: dict[str, Any], solution_id: int) -> dict[str, Any]:
    """Propose a change."""
    why = told.pop("why")
    made = commands.propose_amendment(g.actor, solution_id, content=Content(**told), why=why)
    return _one_amendment(made.id)


class AmendmentAnswerBody(Body):
    """What is said to who proposed the change."""

    words = Text(LONG, load_default="")


class AmendmentReasonBody(Body):
    """Why a change is not taken in; it is public."""

    words = Text(LONG, required=True)


@doors.route("/amendments/<id:amendment_id>/acceptance", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentAnswerBody)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="accept_amendment",
    summary="Take a change in: it becomes the next version, in the name of who proposed it",
    description="Who proposed the solution, a moderator or the owners' committee; only while the solution stands as it "
    "was when the change was written.",
)
def accept_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Take a change in."""
    commands.accept_amendment(g.actor, amendment_id, words=told["words"])
    return _one_amendment(amendment_id)


@doors.route("/amendments/<id:amendment_id>/rejection", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(AmendmentReasonBody)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="reject_amendment",
    summary="Turn a change down, with a public reason",
    description="Who proposed the solution, a moderator or the owners' committee. Who proposed the change may still "
    "make a solution of it.",
)
def reject_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Turn a change down."""
    commands.reject_amendment(g.actor, amendment_id, words=told["words"])
    return _one_amendment(amendment_id)


class PromotionBody(Body):
    """Under which name a change becomes a solution; empty keeps the name in it."""

    title = Text(TITLE_LENGTH, load_default="")


@doors.route("/amendments/<id:amendment_id>/promotion", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(PromotionBody)
@doors.response(201, SolutionSchema)
@doors.doc(
    operationId="promote_amendment",
    summary="Make a solution of its own of one's change",
    description="Who proposed the change, while it waits or when it was turned down. The solution says out of which "
    "it grew.",
)
def promote_amendment(told: dict[str, Any], amendment_id: int) -> dict[str, Any]:
    """Make a solution of a change."""
    solution = commands.promote_amendment(g.actor, amendment_id, title=told["title"])
    _, problem = queries.solution_for(g.actor, solution.id)
    return last_made(problem, ThreadTab.SOLUTIONS, solution.number, solutions_of)


@doors.route("/amendments/<id:amendment_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, AmendmentSchema)
@doors.doc(
    operationId="withdraw_amendment",
    summary="Take one's own change back",
    description="Who proposed it, or their organization, while it waits.",
)
def withdraw_amendment(amendment_id: int) -> dict[str, Any]:
    """Take a change back."""
    commands.withdraw_amendment(g.actor, amendment_id)
    return _one_amendment(amendment_id)


# Endorsements --------------------------------------------------------------------------------------------------------


def _solution(solution_id: int) -> dict[str, Any]:
    solution, problem = queries.solution_for(g.actor, solution_id)
    return last_made(problem, ThreadTab.SOLUTIONS, solution.number, solutions_of)


@doors.route("/solutions/<id:solution_id>/endorsement", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, SolutionSchema)
@doors.doc(
    operationId="endorse_solution",
    summary="Stand behind a solution, for an organization",
    description="Who speaks for an organization whose mandate reaches the place, once; not for its own solution. It "
    "is shown apart from people and is no vote.",
)
def endorse_solution(solution_id: int) -> dict[str, Any]:
    """Endorse a solution."""
    commands.endorse_solution(g.actor, solution_id)
    return _solution(solution_id)


@doors.route("/solutions/<id:solution_id>/endorsement/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, SolutionSchema)
@doors.doc(
    operationId="withdraw_endorsement",
    summary="Take the endorsement of one's organization back",
    description="Who speaks for the organization. That it was there stays on record.",
)
def withdraw_endorsement(solution_id: int) -> dict[str, Any]:
    """Take an endorsement back."""
    commands.withdraw_endorsement(g.actor, solution_id)
    return _solution(solution_id)


# Stakes --------------------------------------------------------------------------------------------------------------


class InterestBody(Body):
    """What is at stake for who speaks; without a kind, what was said is taken back."""

    kind = Choice(InterestKind, load_default=None, allow_none=True)
    words = Text(INTEREST_LENGTH, load_default="", metadata={"example": "一楼的业主"})


@doors.route("/problems/<number>/interest", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(InterestBody)
@doors.response(200, InterestBody)
@doors.doc(
    operationId="state_interest",
    summary="Say what is at stake for you in a problem, or take it back",
    description="Who lives, owns or serves in the place. It stands beside your messages; the words are for readers of "
    "the place.",
)
def state_interest(told: dict[str, Any], number: str) -> dict[str, Any]:
    """State an interest."""
    stated = commands.state_interest(g.actor, number, kind=told["kind"], words=told["words"])
    return {"kind": stated.kind, "words": stated.words} if stated is not None else {"kind": None, "words": ""}


# Pledges -------------------------------------------------------------------------------------------------------------


class PledgeSchema(Schema):
    """What somebody promised, exactly, and what became of it."""

    id = fields.Integer()
    number = fields.Integer()
    kind = Choice(PledgeKind)
    amount = fields.Integer(allow_none=True, metadata={"description": "Money in fen, time in hours."})
    what = fields.String()
    state = Choice(PledgeState)
    by = fields.Nested(BylineSchema, attribute="byline")
    at = fields.String()
    solution = fields.Integer(
        attribute="solution_number", allow_none=True, metadata={"description": "Number of the solution it is for."}
    )
    called_at = When(allow_none=True, metadata={"description": "When it was asked for, its solution being decided."})
    seen_by = fields.Nested(BylineSchema, allow_none=True)


def _pledge(shown: PledgeShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    exact = inside or shown.byline.kind != "person"
    said = {"byline": _as_read(shown.byline, exact=inside), "seen_by": _as_read(shown.seen_by, exact=inside)}
    return plain | said | {"at": shown_at(shown.at, exact=exact)}


@doors.route("/problems/<number>/pledges")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(PledgeSchema))
@doors.doc(
    operationId="list_pledges",
    summary="What is promised for a problem and its solutions, by number",
    description="Anybody who can see the problem. A pledge is no vote; one that was withdrawn stays on the list.",
)
def list_pledges(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List pledges."""
    problem = problem_for(g.actor, number)
    window = pledges(g.actor, problem.id, queries.dossier_of(problem), after=cursor(asked["after"]) or 0)
    inside = _inside(problem)
    return {"items": [_pledge(each, inside=inside) for each in window.items], "next": str(window.after or "")}


class PledgeBody(Body):
    """What is promised: fen, hours, or a thing in words."""

    kind = Choice(PledgeKind, required=True)
    amount = Whole(1, MOST_FEN, allow_none=True, load_default=None, metadata={"description": "In fen, or in hours."})
    what = Text(WHAT_LENGTH, load_default="", metadata={"example": "两把梯子"})
    solution = Id(load_default=None, allow_none=True, metadata={"description": "Id of the solution it is for."})


def _one_pledge(pledge_id: int) -> dict[str, Any]:
    pledge, problem = pledge_for(g.actor, pledge_id)
    window = pledges(g.actor, problem.id, queries.dossier_of(problem), after=pledge.number - 1)
    return _pledge(window.items[0], inside=_inside(problem))


@doors.route("/problems/<number>/pledges", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(PledgeBody)
@doors.response(201, PledgeSchema)
@doors.doc(
    operationId="make_pledge",
    summary="Promise money, hours or a thing",
    description="Who lives, owns or serves in the place. It never counts as a vote; when the solution is decided, who "
    "promised is told.",
)
def make_pledge(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Make a pledge."""
    solution_id = told.pop("solution")
    return _one_pledge(commands.make_pledge(g.actor, number, solution_id=solution_id, **told).id)


@doors.route("/pledges/<id:pledge_id>/keeping", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, PledgeSchema)
@doors.doc(
    operationId="keep_pledge",
    summary="Say that a pledge was kept",
    description="A moderator, the owners' committee or the street office, and never who made it or their organization.",
)
def keep_pledge(pledge_id: int) -> dict[str, Any]:
    """Say that a pledge was kept."""
    commands.keep_pledge(g.actor, pledge_id)
    return _one_pledge(pledge_id)


@doors.route("/pledges/<id:pledge_id>/withdrawal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, PledgeSchema)
@doors.doc(
    operationId="withdraw_pledge",
    summary="Take one's own pledge back",
    description="Who made it, or their organization, until it was kept. That it was made stays on record.",
)
def withdraw_pledge(pledge_id: int) -> dict[str, Any]:
    """Take a pledge back."""
    commands.withdraw_pledge(g.actor, pledge_id)
    return _one_pledge(pledge_id)


# Minority opinions ---------------------------------------------------------------------------------------------------


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
    signers: Sequence[Byline | None] = [_as_read(each, exact=inside) for each in shown.signers]
    byline = _as_read(shown.byline, exact=inside)
    return plain | {"byline": byline, "signers": signers, "at": shown_at(shown.at, exact=exact)}


def _outcome(shown: OutcomeShown, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(shown, name) for name in shown.__dataclass_fields__ if not name.startswith("why_not")}
    return plain | {"opinions": [_minority(each, inside=inside) for each in shown.opinions]}


def _listed(problem: Problem) -> dict[str, Any]:
    inside = _inside(problem)
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
    inside = _inside(problem)
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
    inside = _inside(problem)
    return {"items": [_as_read(each, exact=inside) for each in window.items], "next": str(window.after or "")}


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
