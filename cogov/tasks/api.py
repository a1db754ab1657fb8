"""Tasks for programs: reading, claiming, handing in, verifying."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.files.api import Sent, bytes_of, used
from cogov.files.queries import pictures_folder
from cogov.ground.api import Body, Choice, Id, Page, Picture, Text, When, Whole, cursor, door, reading, verb_of
from cogov.ground.db import found
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.moderation.rules import Mask, marks_in
from cogov.places.queries import community_by_code
from cogov.problems.queries import problem_for
from cogov.tasks import commands, queries
from cogov.tasks.queries import TaskShown
from cogov.tasks.rules import ClaimState, Filter, TaskState
from cogov.threads.queries import Window

doors = door("tasks", "What people claim and do themselves")

WORDS = 2000


class TaskSchema(Schema):
    """A task with its slots, and what the person of the token has to do with it."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    state = Choice(TaskState)
    slots = fields.Integer()
    taken = fields.Integer()
    done = fields.Integer()
    free = fields.Integer()
    days = fields.Integer(metadata={"description": "Days from claiming to handing in."})
    starts_at = When(allow_none=True)
    meeting_point = fields.String()
    organization = fields.String(attribute="organization_name")
    problem = fields.String(attribute="problem_number")
    mine = Choice(ClaimState, allow_none=True)
    my_claim = fields.Integer(attribute="my_claim_id", allow_none=True)
    my_due_at = When(allow_none=True)


class ClaimSchema(Schema):
    """A claim on a slot."""

    id = fields.Integer()
    task = fields.Integer(attribute="task_id")
    state = Choice(ClaimState)
    claimed_at = When()
    due_at = When()


class TasksSchema(Schema):
    """A part of the list."""

    items = fields.List(fields.Nested(TaskSchema))
    next = fields.String()


class HandedInSchema(ClaimSchema):
    """A claim after its work was handed in, and what of the words was masked before anybody read them."""

    masked = fields.List(Choice(Mask))


def _part(window: Window[TaskShown]) -> dict[str, Any]:
    # The newest come first, as on the page; the next part lies before this one.
    return {"items": list(reversed(window.items)), "next": str(window.before or "")}


class TasksQuery(Page):
    """Open tasks of a community, one's own, or those to verify."""

    class Meta(Page.Meta):
        exclude = ("limit",)

    place = Text(32, load_default="", metadata={"description": "Code of the community, for open ones."})
    show = Choice(Filter, load_default=Filter.OPEN)


@doors.route("/tasks")
@reading
@doors.arguments(TasksQuery, location="query")
@doors.response(200, TasksSchema)
@doors.doc(
    operationId="list_tasks",
    summary="Tasks that are open, one's own, or to verify, the newest first",
    description="Anybody; one's own, and those to verify, for the person of the token. The newest first.",
)
def list_tasks(asked: dict[str, Any]) -> dict[str, Any]:
    """List tasks."""
    here = found(community_by_code(asked["place"])).id if asked["show"] is Filter.OPEN else None
    return _part(queries.listed(g.actor, here, asked["show"], before=cursor(asked["after"])))


@doors.route("/tasks/<id:task_id>")
@reading
@doors.response(200, TaskSchema)
@doors.doc(
    operationId="show_task",
    summary="A task",
    description="Anybody who can see its problem. `mine` and `my_claim` are the claim of the person of the token.",
)
def show_task(task_id: int) -> TaskShown:
    """Show a task."""
    task, _ = queries.task_for(g.actor, task_id)
    return queries.cards(g.actor, [task])[0]


class TaskBody(Body):
    """What is to be done, by how many, within how many days."""

    title = Text(80, required=True)
    text = Text(WORDS, load_default="")
    slots = Whole(1, 500, load_default=1)
    days = Whole(1, 365, load_default=14)
    meeting_point = Text(120, load_default="")
    starts_at = When(allow_none=True, load_default=None)
    meeting_motion = Id(
        allow_none=True,
        load_default=None,
        metadata={"description": "The motion that a meeting carried on this problem and that the task follows from."},
    )


@doors.route("/problems/<number>/tasks", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(TaskBody)
@doors.response(201, TaskSchema)
@doors.doc(
    operationId="open_task",
    summary="Open a task for claiming",
    description="Moderators and the owners' committee of the place, while something can be done about the problem.",
)
def open_task(told: dict[str, Any], number: str) -> TaskShown:
    """Open a task."""
    return show_task_of(commands.open_task(g.actor, number, **told).id)


def show_task_of(task_id: int) -> TaskShown:
    """Return a task as the person of the token sees it."""
    task, _ = queries.task_for(g.actor, task_id)
    return queries.cards(g.actor, [task])[0]


@doors.route("/problems/<number>/tasks")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, TasksSchema)
@doors.doc(
    operationId="list_tasks_of_problem",
    summary="The tasks of a problem, the oldest first",
    description="Anybody who can see the problem. Tasks of a motion are opened when it passes.",
)
def list_tasks_of(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List the tasks of a problem."""
    window = queries.panel(g.actor, problem_for(g.actor, number), after=cursor(asked["after"]) or 0).tasks
    return {"items": list(window.items), "next": str(window.after or "")}


class CancelBody(Body):
    """Why a task is called off."""

    reason = Text(WORDS, required=True)


@doors.route("/tasks/<id:task_id>/cancellation", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(CancelBody)
@doors.response(200, TaskSchema)
@doors.doc(
    operationId="cancel_task",
    summary="Call a task off",
    description="The organization that opened it. Work that was verified stays; claims that were worked on are "
    "released.",
)
def cancel_task(told: dict[str, Any], task_id: int) -> TaskShown:
    """Call a task off."""
    commands.cancel_task(g.actor, task_id, reason=told["reason"])
    return show_task_of(task_id)


@doors.route("/tasks/<id:task_id>/claims", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(201, ClaimSchema)
@doors.doc(
    operationId="claim_task",
    summary="Claim a slot, for oneself or for the organization one acts for",
    description="A resident, or a member of a social organization, a branch or the owners' committee for it, "
    "while a slot is free; once each.",
)
def claim_task(task_id: int) -> Any:
    """Claim a slot."""
    return commands.claim_task(g.actor, task_id)


@doors.route("/claims/<id:claim_id>/return", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.response(200, ClaimSchema)
@doors.doc(
    operationId="return_claim",
    summary="Give a slot back",
    description="Who holds the claim, while it is not handed in. The slot is free again.",
)
def return_claim(claim_id: int) -> Any:
    """Give a slot back."""
    return commands.return_claim(g.actor, claim_id)


class HandInBody(Body):
    """What was done, the minutes worked, and a picture of it."""

    words = Text(WORDS, required=True)
    minutes = Whole(0, 100_000, required=True)
    picture = Picture(metadata={"description": "As base64, if no face is on it; else send it by `keep_picture`."})
    sent_picture = Sent()


@doors.route("/claims/<id:claim_id>/hand-in", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(HandInBody)
@doors.response(200, HandedInSchema)
@doors.doc(
    operationId="hand_in_task",
    summary="Hand in what was done on one's claim",
    description="Who holds the claim. Another person looks at it; minutes count when they are verified.",
)
def hand_in_task(told: dict[str, Any], claim_id: int) -> Any:
    """Hand in."""
    sent = [told["sent_picture"]] if told.get("sent_picture") else []
    kept = commands.hand_in_task(
        g.actor,
        claim_id,
        picture=bytes_of(g.actor, told),
        words=told["words"],
        minutes=told["minutes"],
        folder=pictures_folder(data_dir(current_app)),
    )
    used(g.actor, sent)
    claim, _, _ = queries.claim_for(g.actor, claim_id)
    held = {name: getattr(claim, name) for name in ("id", "task_id", "state", "claimed_at", "due_at")}
    return held | {"masked": marks_in(kept.words)}


@doors.route("/claims/<id:claim_id>/verification", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.response(200, ClaimSchema)
@doors.doc(
    operationId="verify_task",
    summary="Verify what another person handed in",
    description="A moderator, the owners' committee or a grid worker of the place: another person, of another "
    "organization.",
)
def verify_task(claim_id: int) -> Any:
    """Verify a claim."""
    commands.verify_task(g.actor, claim_id)
    return queries.claim_for(g.actor, claim_id)[0]


class BackBody(Body):
    """What is still missing."""

    words = Text(WORDS, required=True)


@doors.route("/claims/<id:claim_id>/rework", methods=["POST"])
@verb_of(Scope.OFFICE)
@doors.arguments(BackBody)
@doors.response(200, ClaimSchema)
@doors.doc(
    operationId="send_back_task",
    summary="Send back what another person handed in",
    description="A moderator, the owners' committee or a grid worker of the place: another person, of another "
    "organization. The clock of the claim runs again.",
)
def send_back_task(told: dict[str, Any], claim_id: int) -> Any:
    """Send a claim back."""
    commands.send_back_task(g.actor, claim_id, words=told["words"])
    return queries.claim_for(g.actor, claim_id)[0]
