"""Paper, help and service of a vote."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.decisions import queries
from cogov.decisions.api.current import MARKS, doors
from cogov.decisions.api.ruling import Day
from cogov.decisions.commands import helping, serving
from cogov.decisions.commands import paper as paper_commands
from cogov.decisions.queries.counting import ways_shown
from cogov.decisions.queries.helping import help_shown
from cogov.decisions.queries.paper import paper_board, paper_row
from cogov.decisions.queries.service import heads_served
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.methods import LONGEST_MARKS
from cogov.decisions.rules.methods import REASON_LONGEST as BALLOT_REASON_LONGEST
from cogov.decisions.rules.paper import SlipFault, SlipState, why_not_say
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.files.queries import pictures_folder
from cogov.ground import scopes
from cogov.ground.api import (
    Body,
    Choice,
    Id,
    Picture,
    Text,
    When,
    reading,
    verb_of,
)
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir


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
    """How far a notice has come, and by which ways the ballots came; no figure is of fewer than ten households."""

    served = fields.Integer(allow_none=True, metadata={"description": "Households reached, in full tens."})
    channels = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "After the close: how many ballots came by each way; ways under ten are counted together "
            "(`paper+door`). Empty before, in secret, and where that would leave one figure."
        },
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
    channels = {"+".join(way): ballots for way, ballots in ways_shown(decision).items()}
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
