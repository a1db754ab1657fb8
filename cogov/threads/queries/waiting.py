"""What waits for a person in threads: concerns, changes to solutions, proposed summaries, and minutes to answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union
from sqlalchemy.orm import aliased

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.ground.words import say
from cogov.people.rules import Actor, Role, Standing
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from cogov.threads.models import (
    Amendment,
    Concern,
    ConcernAnswer,
    Message,
    MinutesAnswer,
    Solution,
    SolutionVersion,
    SummaryVersion,
)
from cogov.threads.queries.amendments import change_of
from cogov.threads.rules.amendments import AmendmentState, why_not_answer
from cogov.threads.rules.concerns import SECONDS_OVERRULING, ConcernState
from cogov.threads.rules.solutions import REVISES
from cogov.threads.rules.speaking import Dossier
from cogov.threads.rules.summaries import (
    WRITES,
    Proposal,
    SummaryKind,
    SummaryState,
    why_not_answer_minutes,
    why_not_decide,
)

NEEDS = 20

LEFT_WAITING = timedelta(days=7)
"""A change that a solution's author has not answered for so long is shown to those who may answer in their stead."""

_CHANGES, _VERSIONS, _KINDS = Amendment.state.type, SummaryVersion.state.type, SummaryVersion.kind.type
PROPOSED_CHANGE = literal(AmendmentState.PROPOSED, _CHANGES, literal_execute=True)
PROPOSED = literal(SummaryState.PROPOSED, _VERSIONS, literal_execute=True)
STANDING = literal(SummaryState.STANDING, _VERSIONS, literal_execute=True)
MINUTES = literal(SummaryKind.MINUTES, _KINDS, literal_execute=True)
"""States said in the question itself: only so does a database find the index of what is in one."""

ASKED_FOR = timedelta(days=14)
"""So long those who take part are asked whether minutes are right; afterwards they may still say so on the dossier."""


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
    """Return what waits for a person in threads, concerns by what is due next first, in four queries at most."""
    if by.person_id is None:
        return []
    return [*_concerns(by, most), *_amendments(by, most), *_proposed_summaries(by, most), *_minutes(by, most)]


def _concerns(by: Actor, most: int) -> list[Need]:
    answering = [asked for held in by.standings if (asked := asked_to_answer(held)) is not None]
    agreeing = [_reached(held) for held in by.standings if held.role in SECONDS_OVERRULING]
    if not answering:
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


def _in_reach(by: Actor, roles: tuple[Role, ...]) -> ColumnElement[bool]:
    """Return whether a place is reached by one of these roles that somebody holds."""
    return or_(literal(False), *(_reached(held) for held in by.standings if held.role in roles))


def _open(code: str) -> Dossier:
    """Return a dossier that is neither ended nor hidden, as the queries here ask for."""
    return Dossier(code, ended=False, hidden=False)


def _amendments(by: Actor, most: int) -> list[Need]:
    """Return changes to answer: at once those of one's own solutions, later those that were left waiting."""
    served = [held.organization_id for held in by.standings if held.organization_id is not None]
    # It begins with what is one's own: nobody reads the changes of all solutions to find none for themselves.
    proposed = select(Amendment.id).where(Amendment.state == PROPOSED_CHANGE)
    of_a_solution = proposed.join(Solution, Solution.id == Amendment.solution_id)
    waiting = [of_a_solution.where(Solution.organization_id.is_(None), Solution.person_id == by.person_id)]
    if served:
        waiting.append(of_a_solution.where(Solution.organization_id.in_(served)))
    if any(held.role in REVISES for held in by.standings):
        waiting.append(proposed.where(Amendment.at <= now() - LEFT_WAITING))
    own = and_(Solution.organization_id.is_(None), Solution.person_id == by.person_id)
    left = and_(Amendment.at <= now() - LEFT_WAITING, _in_reach(by, REVISES))
    query = (
        select(Amendment, Solution, Problem, Place.code, SolutionVersion.title)
        .join(Solution, Solution.id == Amendment.solution_id)
        .join(
            SolutionVersion,
            and_(SolutionVersion.solution_id == Solution.id, SolutionVersion.version == Solution.version),
        )
        .join(Problem, Problem.id == Solution.problem_id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .where(
            Amendment.id.in_(union(*waiting)),
            Problem.stage != Stage.ENDED,
            ~Problem.hidden,
            or_(own, Solution.organization_id.in_(served), left),
        )
        .order_by(Amendment.id)
        .limit(most)
    )
    return [
        Need(
            kind="amendment",
            pill=say("修改"),
            icon="pencil",
            title=problem.title,
            line=say("您的方案 {n}“{title}”有一条修改，等您答复", n=solution.number, title=title)
            if solution.person_id == by.person_id
            else say("方案 {n}“{title}”有一条修改等答复", n=solution.number, title=title),
            action=say("去答复"),
            endpoint="threads.show_amendment",
            values={"amendment_id": amendment.id},
        )
        for amendment, solution, problem, code, title in session().execute(query)
        if why_not_answer(by, _open(code), change_of(amendment, solution), accepts=False) is None
    ]


def _proposed_summaries(by: Actor, most: int) -> list[Need]:
    """Return versions of a summary that somebody proposed to those who keep it."""
    if not any(held.role in WRITES for held in by.standings):
        return []
    query = (
        select(SummaryVersion, Problem, Place.code)
        .join(Problem, Problem.id == SummaryVersion.problem_id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .where(
            SummaryVersion.state == PROPOSED,
            SummaryVersion.person_id != by.person_id,
            Problem.stage != Stage.ENDED,
            ~Problem.hidden,
            _in_reach(by, WRITES),
        )
        .order_by(SummaryVersion.id)
        .limit(most)
    )
    return [
        Need(
            kind="summary",
            pill=say("总结"),
            icon="pencil",
            title=problem.title,
            line=say("有人提议修改总结，等您采用或说明为什么不用"),
            action=say("去看"),
            endpoint="threads.show_summary",
            values={"number": problem.number, "_anchor": f"proposal-{version.id}"},
        )
        for version, problem, code in session().execute(query)
        if why_not_decide(by, _open(code), Proposal(version.state, version.person_id)) is None
    ]


def _minutes(by: Actor, most: int) -> list[Need]:
    """Return minutes that somebody who spoke or raised the problem has not answered yet."""
    # It begins with where they spoke or what they raised, and not with the minutes of everything.
    mine = union(
        select(Problem.id).where(Problem.raiser_id == by.person_id),
        select(Message.problem_id).where(Message.person_id == by.person_id),
    )
    later = aliased(SummaryVersion)
    newer = exists().where(
        later.problem_id == SummaryVersion.problem_id,
        later.id > SummaryVersion.id,
        later.kind == MINUTES,
        later.state == STANDING,
    )
    answered = exists().where(
        MinutesAnswer.summary_version_id == SummaryVersion.id, MinutesAnswer.person_id == by.person_id
    )
    query = (
        select(SummaryVersion, Problem, Place.code)
        .join(Problem, Problem.id == SummaryVersion.problem_id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
        .where(
            SummaryVersion.problem_id.in_(mine),
            SummaryVersion.kind == MINUTES,
            SummaryVersion.state == STANDING,
            SummaryVersion.at >= now() - ASKED_FOR,
            ~newer,
            SummaryVersion.person_id != by.person_id,
            Problem.stage != Stage.ENDED,
            ~Problem.hidden,
            ~answered,
        )
        .order_by(SummaryVersion.id)
        .limit(most)
    )
    return [
        Need(
            kind="minutes",
            pill=say("纪要"),
            icon="notebook",
            title=problem.title,
            line=say("第 {n} 版纪要请您看：赞成，或者指出问题", n=version.number),
            action=say("去看"),
            endpoint="front.dossier",
            values={"number": problem.number, "tab": "discussion", "_anchor": "summary"},
        )
        for version, problem, code in session().execute(query)
        if why_not_answer_minutes(by, _open(code), version.kind, version.person_id) is None
    ]
