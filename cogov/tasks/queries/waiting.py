"""What waits for a person in tasks: their own claims, and work of others to verify."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import say
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.rules import VERIFIES, ClaimState

NEEDS = 20


def to_verify(by: Actor) -> ColumnElement[bool]:
    """Return the condition that a claim (joined with its task, problem and place) waits for this actor's verdict."""
    reached = [Place.code.startswith(held.scope, autoescape=True) for held in by.standings if held.role in VERIFIES]
    if by.person_id is None or not reached:
        return false()
    own = [held.organization_id for held in by.standings if held.organization_id is not None]
    of_others = or_(Claim.organization_id.is_(None), Claim.organization_id.not_in(own))
    return and_(Claim.state == ClaimState.HANDED_IN, Claim.person_id != by.person_id, of_others, or_(*reached))


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what waits for a person in tasks, the next due first, in two queries."""
    if by.person_id is None:
        return []
    return (_own(by.person_id, most) + _verdicts(by, most))[:most]


def _own(person_id: int, most: int) -> list[Need]:
    sent_back = (
        select(HandIn.id).where(HandIn.claim_id == Claim.id, HandIn.accepted.is_(False)).exists().label("sent_back")
    )
    query = (
        select(Task.id, Task.title, Claim.due_at, sent_back)
        .join(Task, Claim.task_id == Task.id)
        .where(Claim.person_id == person_id, Claim.state == ClaimState.ACTIVE)
        .order_by(Claim.due_at, Claim.id)
        .limit(most)
    )
    return [
        Need(
            kind="claim",
            pill=say("任务"),
            icon="clipboard-check",
            title=title,
            line=say("退回补充，请补上再交") if back else say("您认领的，做完请交活"),
            action=say("去交活"),
            endpoint="tasks.show",
            values={"task_id": task_id},
            due_at=due_at,
        )
        for task_id, title, due_at, back in session().execute(query)
    ]


def _verdicts(by: Actor, most: int) -> list[Need]:
    condition = to_verify(by)
    query = (
        select(Task.id, Task.title)
        .join(Claim, Claim.task_id == Task.id)
        .join(Problem, Task.problem_id == Problem.id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .where(condition, seen_by(by))
        .order_by(Claim.id)
        .limit(most)
    )
    return [
        Need(
            kind="verification",
            pill=say("核实"),
            icon="circle-check",
            title=title,
            line=say("有人交了活，等您核实"),
            action=say("去核实"),
            endpoint="tasks.show",
            values={"task_id": task_id},
        )
        for task_id, title in session().execute(query)
    ]
