"""What waits for a person in threads: concerns to answer, and overrulings that need a second person."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import say
from cogov.people.rules import Actor, Role, Standing
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from cogov.threads.models import Concern, ConcernAnswer
from cogov.threads.rules.concerns import SECONDS_OVERRULING, ConcernState

NEEDS = 20


def _reached(standing: Standing) -> ColumnElement[bool]:
    return Place.code.startswith(standing.scope, autoescape=True)


def asked_to_answer(standing: Standing) -> ColumnElement[bool] | None:
    """Return which concerns (joined with their problem and place) a standing is asked to answer, None for no one.

    An official is asked where the body is accountable; the street office once a concern is overdue.
    """
    match standing.role:
        case Role.MODERATOR | Role.OWNERS_COMMITTEE:
            return _reached(standing)
        case Role.OFFICIAL:
            return and_(_reached(standing), Problem.accountable_id == standing.organization_id)
        case Role.STREET_OFFICE:
            return and_(_reached(standing), Concern.overdue_at.is_not(None))
        case _:
            return None


def needs(by: Actor, most: int = NEEDS) -> list[Need]:
    """Return what waits for a person in threads, the next due first, in one query."""
    answering = [asked for held in by.standings if (asked := asked_to_answer(held)) is not None]
    agreeing = [_reached(held) for held in by.standings if held.role in SECONDS_OVERRULING]
    if by.person_id is None or not answering:
        return []
    proposed = exists().where(
        ConcernAnswer.concern_id == Concern.id, ConcernAnswer.overrules, ConcernAnswer.person_id != by.person_id
    )
    to_agree = and_(proposed, or_(*agreeing)) if agreeing else literal(False)
    query = (
        select(Concern.number, Problem.number, Problem.title, RunningClock.due_at, to_agree)
        .join(Problem, Concern.problem_id == Problem.id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .outerjoin(
            RunningClock,
            and_(
                RunningClock.purpose == Purpose.CONCERN,
                RunningClock.subject_id == Concern.id,
                RunningClock.stopped_at.is_(None),
            ),
        )
        .where(
            Concern.state == ConcernState.OPEN,
            Concern.person_id != by.person_id,
            Problem.stage != Stage.ENDED,
            ~Problem.hidden,
            or_(*answering, to_agree),
        )
        .order_by(RunningClock.due_at, Concern.id)
        .limit(most)
    )
    return [
        Need(
            kind="concern_overruling" if agree else "concern",
            pill=say("顾虑"),
            icon="scale" if agree else "message-circle",
            title=title,
            line=say("顾虑 {n} 提议不采纳，等第二个人看", n=number) if agree else say("顾虑 {n} 等答复", n=number),
            action=say("看理由") if agree else say("去答复"),
            endpoint="front.dossier",
            values={"number": problem_number, "tab": "concerns", "_anchor": f"concern-{number}"},
            due_at=due_at,
        )
        for number, problem_number, title, due_at, agree in session().execute(query)
    ]
