"""Problems for programs: raising, reading, seconding, triage, appeal, and the raisers' word."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, url_for
from marshmallow import Schema, fields
from marshmallow.validate import Length

from cogov.files.api import BoxBody, Sent, drawn_of, used
from cogov.files.queries import pictures_folder
from cogov.files.rules import MOST_BOXES, Box, covered
from cogov.ground.api import (
    Body,
    Choice,
    Flag,
    Id,
    Page,
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
    shown_at,
    verb_of,
)
from cogov.ground.db import found
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.ground.words import say
from cogov.moderation.rules import Mask, marks_in
from cogov.people.rules.contacts import contact_from
from cogov.places.queries import community_by_code
from cogov.problems.commands import (
    answer_appeal,
    appeal_triage,
    conclude_deliberation,
    confirm_problem,
    cover_picture,
    follow_problem,
    note_walk_in,
    quieten_problem,
    raise_problem,
    record_mediation,
    second_problem,
    triage_problem,
    unfollow_problem,
    unsecond_problem,
)
from cogov.problems.queries import level_of, list_problems, panel, problem_for, rows_of
from cogov.problems.queries.lists import ProblemRow
from cogov.problems.rules.acts import SPOT_MAX, TEXT_MAX, TITLE_MAX, WORDS_MAX
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.pictures import MOST_PICTURES
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer, Ending, Official, Stage

doors = door("problems", "What people raise together, and where each stands")

BY_DAY = "A moment; only its day for readers from outside the place."
INSIDE = "For those who live, own or serve there; others see the grid."


# What is shown --------------------------------------------------------------------------------------------------------


class RowSchema(Schema):
    """A problem as a line of a list."""

    number = fields.String(metadata={"example": "2026-0147"})
    title = fields.String(metadata={"example": "楼道飞线充电，想要一个集中充电的地方"})
    stage = Choice(Stage)
    official = Choice(Official)
    ending = Choice(Ending, allow_none=True)
    lane = Choice(Lane, allow_none=True)
    emergency = fields.Boolean()
    hidden = fields.Boolean()
    seconds = fields.Integer(metadata={"description": "Persons who have met it too."})
    households = fields.Integer()
    round = fields.Integer(metadata={"description": "1, and one more for each time it was not fixed."})
    raised_at = fields.String(metadata={"description": BY_DAY})
    changed_at = fields.String(metadata={"description": BY_DAY})
    due_at = When(allow_none=True, metadata={"description": "When the nearest promise runs out."})
    grid = fields.String(attribute="grid_name")
    accountable = fields.String(attribute="accountable_name", metadata={"description": "Who answers for it now."})
    page = fields.Method("address")

    def address(self, row: dict[str, Any]) -> str:
        """Return where people read it."""
        return url_for("front.dossier", number=row["number"], _external=True)


class ListSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(RowSchema))
    next = fields.String(metadata={"description": "Ask for it with `after`; empty at the end."})


class ActSchema(Schema):
    """Whether the person of the token may do something now, and if not, why."""

    allowed = fields.Boolean()
    refusal = fields.Nested(RefusalSchema, allow_none=True)


class ProposalSchema(Schema):
    """What the rules propose, or what triage came to."""

    confirmed = fields.Boolean()
    lane = Choice(Lane)
    lane_name = Said()
    reason_name = Said()
    rule_name = Said()
    body = fields.String(allow_none=True)


class ProblemSchema(RowSchema):
    """A problem with its words, its triage and what may be done with it."""

    text = fields.String()
    spot = fields.String(metadata={"description": INSIDE})
    longitude = fields.Integer(allow_none=True, metadata={"description": f"Millionths of a degree, WGS 84. {INSIDE}"})
    latitude = fields.Integer(allow_none=True, metadata={"description": INSIDE})
    matter = fields.Integer(allow_none=True, metadata={"description": "Id in the catalogue of matters."})
    merged_into = fields.String()
    triage = fields.Nested(ProposalSchema, allow_none=True)
    pictures = fields.List(fields.String())
    raisers = fields.List(fields.Integer(), metadata={"description": "Their numbers on this dossier."})
    emergency_numbers = fields.List(fields.String())
    acts = fields.Dict(keys=fields.String(), values=fields.Nested(ActSchema))


class WrittenSchema(ProblemSchema):
    """A problem after somebody wrote words to it, and what of them was masked before anybody read them."""

    masked = fields.List(Choice(Mask), metadata={"description": "Of the words sent now; a mark stands there instead."})


def _row(row: ProblemRow, *, inside: bool) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return {
        **plain,
        "raised_at": shown_at(row.raised_at, exact=inside),
        "changed_at": shown_at(row.changed_at, exact=inside),
    }


def _shown(number: str) -> dict[str, Any]:
    problem = problem_for(g.actor, number)
    row, shown = rows_of(g.actor, [problem.id])[problem.id], panel(g.actor, problem)
    triage, inside = shown.triage, g.actor.inside(shown.facts.code)
    return {
        **_row(row, inside=inside),
        "text": problem.text,
        "spot": problem.spot if inside else "",
        "longitude": problem.longitude if inside else None,
        "latitude": problem.latitude if inside else None,
        "matter": problem.matter_id,
        "merged_into": shown.facts.merged_into,
        "triage": triage
        and {
            "confirmed": triage.confirmed,
            "lane": triage.lane,
            "lane_name": triage.lane_name,
            "reason_name": triage.reason_name,
            "rule_name": triage.rule_name,
            "body": triage.body.name if triage.body else None,
        },
        "pictures": [
            url_for("problems.picture", number=number, picture_id=picture.id, _external=True)
            for picture in shown.pictures
        ],
        "raisers": shown.raiser_ordinals,
        "emergency_numbers": shown.numbers,
        "acts": {
            act.value: {"allowed": refusal is None, "refusal": refusal and refusal_of(refusal)}
            for act, refusal in shown.acts.items()
        },
    }


# Reading --------------------------------------------------------------------------------------------------------------


class ListQuery(Page):
    """Which problems: those of a community, at a stage, in a grid, or one's own."""

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    stage = Choice(Stage)
    ending = Choice(Ending)
    grid = Id(metadata={"description": "Id of a grid."})
    mine = Flag(load_default=False)


@doors.route("/problems")
@reading
@doors.arguments(ListQuery, location="query")
@doors.response(200, ListSchema)
@doors.alt_response(404, schema=RefusalSchema, success=False)
@doors.doc(
    operationId="list_problems",
    summary="The problems of a community, the newest first",
    description="Anybody. What is hidden is listed for those alone who have a part in it. Ask on with `after`, "
    "the `next` of the part before.",
)
def list_(asked: dict[str, Any]) -> dict[str, Any]:
    """List problems by keyset."""
    here, limit = found(community_by_code(asked["place"])), asked["limit"]
    rows = list_problems(
        g.actor,
        here.id,
        stage=asked.get("stage"),
        ending=asked.get("ending"),
        grid_id=asked.get("grid"),
        mine=asked["mine"],
        before_id=cursor(asked["after"]),
        limit=limit + 1,
    )
    inside = g.actor.inside(here.code)
    return part([_row(row, inside=inside) for row in rows], limit, lambda row: str(row["id"]))


@doors.route("/problems/<number>")
@reading
@doors.response(200, ProblemSchema)
@doors.alt_response(404, schema=RefusalSchema, success=False)
@doors.doc(
    operationId="show_problem",
    summary="A problem, its triage, and what you may do with it",
    description="Anybody; what is hidden is found by those alone who have a part in it. `acts` says what the "
    "person of the token may do now, and if not, why.",
)
def show(number: str) -> dict[str, Any]:
    """Show one problem."""
    return _shown(number)


# Verbs ----------------------------------------------------------------------------------------------------------------


class RaiseBody(Body):
    """What somebody tells; a pin decides over the grid."""

    place = Text(32, required=True, metadata={"description": "Code of the community.", "example": "990101001001"})
    text = Text(TEXT_MAX, required=True, metadata={"example": "3 号楼 2 单元门禁坏了一个礼拜，谁都能进。"})
    title = Text(TITLE_MAX, load_default="")
    grid = Id(metadata={"description": "Id of the grid, where there is no pin."})
    longitude = Whole(-180_000_000, 180_000_000)
    latitude = Whole(-90_000_000, 90_000_000)
    building = Id(metadata={"description": "Id of the building, where it is in or at one."})
    matter = Id(metadata={"description": "Id of a matter of `list_matters`; without one the words decide."})
    spot = Text(SPOT_MAX, load_default="")
    pictures = fields.List(
        Sent(),
        load_default=list,
        metadata={"description": "The `picture` of each `keep_picture`.", "maxItems": MOST_PICTURES},
    )
    phone = Text(
        20,
        load_default="",
        metadata={"description": "Of whom the counter enters it for; for those who keep the counter only."},
    )
    names_person = Flag(load_default=False, metadata={"description": "It speaks of a person, so it is kept hidden."})
    burning = Flag(load_default=False, metadata={"description": "There is danger now: call 119, 120 or 110 first."})


@doors.route("/problems", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(RaiseBody)
@doors.response(201, WrittenSchema)
@doors.doc(
    operationId="raise_problem",
    summary="Raise a problem: one sentence and a place",
    description="Who lives, owns or serves in the community. A pin decides over the grid; without a pin name the "
    "grid. With danger, call the `emergency_numbers` first: it is handed to the body at once. The "
    "rules propose a lane, a moderator confirms it. Telephone, identity and plate numbers in the words are masked.",
)
def raise_(told: dict[str, Any]) -> dict[str, Any]:
    """Raise a problem."""
    here, pictures = found(community_by_code(told["place"])).id, told["pictures"]
    raised = raise_problem(
        g.actor,
        community_id=here,
        text=told["text"],
        title=told["title"],
        longitude=told.get("longitude"),
        latitude=told.get("latitude"),
        grid_id=told.get("grid"),
        building_id=told.get("building"),
        matter_id=told.get("matter"),
        spot=told["spot"],
        pictures=drawn_of(g.actor, pictures),
        folder=pictures_folder(data_dir(current_app)),
        names_person=told["names_person"],
        burning=told["burning"],
        on_behalf_of=_walk_in(here, told["phone"]),
    )
    used(g.actor, pictures)
    return _shown(raised.number) | {"masked": raised.masked}


_NO_PHONE = Refusal("bad_phone", say("请写 11 位手机号。"), status=422)


def _walk_in(community_id: int, phone: str) -> int | None:
    """Return the person at the counter for whom somebody enters a problem."""
    if not phone:
        return None
    contact = contact_from(phone)
    if contact is None or not contact.phone:
        raise Refused(_NO_PHONE)
    return note_walk_in(g.actor, community_id=community_id, phone=contact.value)


class MetSchema(Schema):
    """How many have met a problem; whoever wants the rest asks for the problem."""

    number = fields.String()
    seconds = fields.Integer()
    households = fields.Integer()


@doors.route("/problems/<number>/second", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MetSchema)
@doors.doc(
    operationId="second_problem",
    summary="I have met it too",
    description="Residents and owners of the community who did not raise it. Households are counted once; enough "
    "of them make the problem a shared one.",
)
def second(number: str) -> Any:
    """Second a problem."""
    return second_problem(g.actor, number)


@doors.route("/problems/<number>/second", methods=["DELETE"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, MetSchema)
@doors.doc(
    operationId="unsecond_problem",
    summary="Take one's second back",
    description="Who has seconded it, while the problem has not ended.",
)
def unsecond(number: str) -> Any:
    """Take a second back."""
    return unsecond_problem(g.actor, number)


class TriageBody(Body):
    """What somebody makes of the proposal; without a lane it is confirmed as it stands."""

    lane = Choice(Lane)
    reason = Choice(ReasonCode)
    rule = Choice(RuleCode)
    body = Id(metadata={"description": "Id of the organization that is to act."})
    duty_item = Id()
    channel = Text(120, load_default="")
    same_as = Text(16, load_default="", metadata={"description": "Number of the problem into which it is merged."})
    words = Text(WORDS_MAX, load_default="", metadata={"description": "Required where it differs from the proposal."})
    hidden = Flag(allow_none=True, load_default=None)


@doors.route("/problems/<number>/triage", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(TriageBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="triage_problem",
    summary="Confirm or change the way that the rules propose",
    description="Moderators, dispatchers and the street office of the place. An empty body confirms the proposal; "
    "a lane of one's own needs a reason in `words`. Lane A hands it to a body, B to the people, AB to "
    "both, M to mediation, X to where it belongs, U to nobody.",
)
def triage(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Triage a problem."""
    triage_problem(
        g.actor,
        number,
        lane=told.get("lane"),
        reason=told.get("reason"),
        rule=told.get("rule"),
        body_id=told.get("body"),
        duty_item_id=told.get("duty_item"),
        channel=told["channel"],
        same_as=told["same_as"],
        words=told["words"],
        hidden=told["hidden"],
    )
    return _shown(number)


class WordsBody(Body):
    """A reason in words."""

    words = Text(WORDS_MAX, required=True)


@doors.route("/problems/<number>/appeal", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(WordsBody)
@doors.response(200, WrittenSchema)
@doors.doc(
    operationId="appeal_triage",
    summary="Appeal against the triage, once, as one of the raisers",
    description="One of the raisers, once, within the days the place gives. The street office answers within its "
    "limit.",
)
def appeal(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Appeal against a triage."""
    kept = appeal_triage(g.actor, number, words=told["words"])
    return _shown(number) | {"masked": marks_in(kept.words)}


class ConfirmBody(Body):
    """Whether it is fixed; who says no says what is still wrong."""

    answer = Choice(ConfirmationAnswer, required=True)
    words = Text(WORDS_MAX, load_default="")


@doors.route("/problems/<number>/confirmation", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(ConfirmBody)
@doors.response(200, WrittenSchema)
@doors.doc(
    operationId="confirm_problem",
    summary="Say, as one of the raisers, whether it is fixed",
    description="One of the raisers, once in each round, after the work is done. One `not_fixed` begins the next "
    "round; when all say `fixed`, the problem ends.",
)
def confirm(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Confirm that a problem is fixed, or say that it is not."""
    kept = confirm_problem(g.actor, number, answer=told["answer"], words=told["words"])
    return _shown(number) | {"masked": marks_in(kept.words)}


class AppealAnswerBody(Body):
    """What comes of an appeal, and why."""

    outcome = Choice(AppealOutcome, required=True)
    words = Text(WORDS_MAX, required=True)


@doors.route("/problems/<number>/appeal/answer", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(AppealAnswerBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="answer_appeal",
    summary="Answer an appeal for the street office",
    description="The street office above the place. Granted, the problem is triaged anew; an ending that it had "
    "is lifted.",
)
def answer(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Answer an appeal."""
    answer_appeal(g.actor, number, outcome=told["outcome"], words=told["words"])
    return _shown(number)


class MediationBody(Body):
    """Whether the two agreed, and on what; without names."""

    agreed = Flag(required=True)
    words = Text(WORDS_MAX, required=True)


@doors.route("/problems/<number>/mediation", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(MediationBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="record_mediation",
    summary="Record what came of a mediation",
    description="A moderator of the place, or the street office. With it the problem ends, "
    "whether the two agreed or not.",
)
def mediate(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Record a mediation."""
    record_mediation(g.actor, number, agreed=told["agreed"], words=told["words"])
    return _shown(number)


@doors.route("/problems/<number>/conclusion", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(WordsBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="conclude_deliberation",
    summary="Close a deliberation that needs no vote",
    description="A moderator of the place, while no vote and no unanswered concern is open. An open case goes on; "
    "otherwise the raisers are asked whether it is fixed.",
)
def conclude(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Conclude a deliberation."""
    conclude_deliberation(g.actor, number, words=told["words"])
    return _shown(number)


class CoverBody(Body):
    """What of a picture nobody is to see from now on."""

    boxes = fields.List(
        fields.Nested(BoxBody), required=True, metadata={"minItems": 1, "maxItems": MOST_BOXES}, validate=Length(min=1)
    )


@doors.route("/problems/<number>/pictures/<id:picture_id>/cover", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(CoverBody)
@doors.response(200, ProblemSchema)
@doors.doc(
    operationId="cover_picture",
    summary="Cover more of a picture that is already published",
    description="Who raised the problem or took the picture, moderators and the street office. The pixels under "
    "the boxes are gone; nobody can undo it.",
)
def cover(told: dict[str, Any], number: str, picture_id: int) -> dict[str, Any]:
    """Cover parts of a picture."""
    boxes = covered([Box(**box) for box in told["boxes"]])
    cover_picture(g.actor, number, picture_id, boxes=boxes, folder=pictures_folder(data_dir(current_app)))
    return _shown(number)


class FollowBody(Body):
    """How much somebody wants to hear of a problem: every step, only what waits for them, or nothing more."""

    level = Choice(FollowLevel, required=True)


_FOLLOWING = {
    FollowLevel.ALL: follow_problem,
    FollowLevel.NEEDS: quieten_problem,
    FollowLevel.NONE: unfollow_problem,
}


@doors.route("/problems/<number>/following", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(FollowBody)
@doors.response(200, FollowBody)
@doors.doc(
    operationId="follow_problem",
    summary="Follow a problem, hear less of it, or follow it no longer",
    description="Anybody signed in who can see it. `all` tells of every step, `needs` only of what waits for you, "
    "`none` ends the following; a question to you, a vote and a duty still arrive.",
)
def follow(told: dict[str, Any], number: str) -> dict[str, Any]:
    """Set how much one hears of a problem."""
    return {"level": _FOLLOWING[told["level"]](g.actor, number).level}


@doors.route("/problems/<number>/following")
@verb_of(Scope.READ)
@doors.response(200, FollowBody)
@doors.doc(
    operationId="show_following",
    summary="How much you hear of a problem",
    description="The person of the token. Who is on a dossier hears of every step until they say otherwise.",
)
def following(number: str) -> dict[str, Any]:
    """Show how much one hears of a problem."""
    return {"level": level_of(g.actor, problem_for(g.actor, number).id)}
