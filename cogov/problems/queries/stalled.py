"""What stands still: raisers who have not said whether it is fixed, and deliberations that run out or came back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.places.models import Place
from cogov.problems.models import Confirmation, Problem, Raiser
from cogov.problems.queries.loading import seen_by
from cogov.problems.rules.stages import Stage

NEEDS = 20
SOON = timedelta(days=3)


def stalled(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what one's committee should set in motion again, the next due first, in two queries."""
    if by.person_id is None:
        return []
    return [*_unanswered(by, most), *_undecided(by, most)]


def _within(by: Actor, *roles: Role) -> ColumnElement[bool] | None:
    scopes = sorted({held.scope for held in by.standings if held.role in roles})
    return or_(*(Place.code.startswith(scope, autoescape=True) for scope in scopes)) if scopes else None


def _clock(purpose: Purpose) -> ColumnElement[bool]:
    return and_(
        RunningClock.purpose == purpose,
        RunningClock.subject_id == Problem.id,
        RunningClock.stopped_at.is_(None),
    )


def _unanswered(by: Actor, most: int) -> list[Need]:
    here = _within(by, Role.MODERATOR, Role.GRID_WORKER)
    if here is None:
        return []
    answered = exists().where(Confirmation.problem_id == Problem.id, Confirmation.round == Problem.round)
    own = exists().where(Raiser.problem_id == Problem.id, Raiser.person_id == by.person_id)
    query = (
        select(Problem.number, Problem.title, RunningClock.due_at)
        .join(RunningClock, _clock(Purpose.CONFIRMATION))
        .join(Place, Place.id == Problem.community_id)
        .where(
            Problem.stage == Stage.CONFIRMING, RunningClock.due_at <= now() + SOON, ~answered, ~own, here, seen_by(by)
        )
        .order_by(RunningClock.due_at, Problem.id)
        .limit(most)
    )
    return [
        Need(
            kind="ask",
            pill=say("回访"),
            icon="phone",
            title=title,
            line=say("提出人还没有说修好没有，请问一问"),
            action=say("看卷宗"),
            endpoint="front.dossier",
            values={"number": number},
            due_at=due_at,
        )
        for number, title, due_at in session().execute(query)
    ]


def _undecided(by: Actor, most: int) -> list[Need]:
    here = _within(by, Role.MODERATOR)
    if here is None:
        return []
    query = (
        select(Problem.number, Problem.title, Problem.round, RunningClock.due_at)
        .outerjoin(RunningClock, _clock(Purpose.DELIBERATION))
        .join(Place, Place.id == Problem.community_id)
        .where(
            Problem.stage == Stage.GATHERING,
            or_(RunningClock.due_at <= now() + SOON, Problem.round > 1),
            here,
            seen_by(by),
        )
        .order_by(RunningClock.due_at, Problem.id)
        .limit(most)
    )
    return [
        Need(
            kind="stalled",
            pill=say("停滞"),
            icon="hourglass",
            title=title,
            line=say("没有修好，第 {n} 轮，等大家再商量", n=round_)
            if round_ > 1
            else say("协商快到期，请总结或列入表决"),
            action=say("看卷宗"),
            endpoint="front.dossier",
            values={"number": number},
            due_at=due_at,
        )
        for number, title, round_, due_at in session().execute(query)
    ]
