"""Promising money, hours or things for a problem or one of its solutions, and what became of the promise."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import NotFound, insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change, why_not_taken
from cogov.problems.rules.phases import Part
from cogov.threads.commands.speaking import dossier_of, speaking_on, standing_id
from cogov.threads.events import PledgeKept, PledgeMade, PledgesCalled, PledgeWithdrawn
from cogov.threads.models import Pledge, Solution, SolutionVersion
from cogov.threads.rules.pledges import (
    SEES_TO_IT,
    WHAT_LENGTH,
    Pledged,
    PledgeKind,
    PledgeState,
    why_not_keep,
    why_not_pledge,
    why_not_withdraw,
)


@verb
def make_pledge(
    by: Actor,
    number: str,
    *,
    kind: PledgeKind,
    amount: int | None = None,
    what: str = "",
    solution_id: int | None = None,
    once: str | None = None,
) -> Pledge:
    """Promise fen, hours or a thing, for a solution or for whatever is decided; it never counts as a vote."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    speaker = speaking_on(by, problem)
    insist(why_not_taken(problem, Part.PLEDGES))
    what = tidy(what)
    insist(why_not_pledge(kind, amount, what))
    if solution_id is not None and found(session().get(Solution, solution_id)).problem_id != problem.id:
        raise NotFound
    last = session().scalar(select(func.max(Pledge.number)).where(Pledge.problem_id == problem.id)) or 0
    pledge = Pledge(
        problem_id=problem.id,
        number=last + 1,
        solution_id=solution_id,
        kind=kind,
        amount=amount,
        what=mask(what).text[:WHAT_LENGTH],
        salt=salt(),
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    session().add(pledge)
    session().flush()
    words = commit_to(pledge.salt, str(amount or ""), pledge.what)
    _record(PledgeMade(pledge.id, pledge.number, kind, words), speaker, pledge, problem)
    return pledge


@verb
def keep_pledge(by: Actor, pledge_id: int, *, once: str | None = None) -> Pledge:
    """Say, as somebody else than who made it, that a pledge was kept."""
    insist_once(by, once)
    pledge, problem = _for_change(by, pledge_id)
    dossier = dossier_of(problem)
    insist(why_not_keep(by, dossier, pledged(pledge)))
    seeing = by.under(by.standing(dossier.code, *SEES_TO_IT))
    _settle(pledge, seeing, PledgeState.KEPT)
    _record(PledgeKept(pledge.id, pledge.number), seeing, pledge, problem)
    return pledge


@verb
def withdraw_pledge(by: Actor, pledge_id: int, *, once: str | None = None) -> Pledge:
    """Take one's own pledge back; that it was made stays on record."""
    insist_once(by, once)
    pledge, problem = _for_change(by, pledge_id)
    insist(why_not_withdraw(by, pledged(pledge)))
    own = by.under(by.serves(pledge.organization_id))
    _settle(pledge, own, PledgeState.WITHDRAWN)
    _record(PledgeWithdrawn(pledge.id, pledge.number), own, pledge, problem)
    return pledge


# What the loop calls: a solution was decided --------------------------------------------------------------------------


@verb
def call_pledges(by: Actor, version_id: int) -> int:
    """Ask for what was promised for a solution that was decided, and for its problem as a whole; return how many."""
    solution = found(
        session()
        .scalars(
            select(Solution)
            .join(SolutionVersion, SolutionVersion.solution_id == Solution.id)
            .where(SolutionVersion.id == version_id)
        )
        .one_or_none()
    )
    problem = locked(solution.problem_id)
    query = select(Pledge).where(
        Pledge.problem_id == problem.id,
        Pledge.state == PledgeState.PLEDGED,
        Pledge.called_at.is_(None),
        Pledge.solution_id.is_(None) | (Pledge.solution_id == solution.id),
    )
    waiting = session().scalars(for_change(query)).all()
    for pledge in waiting:
        pledge.called_at = now()
    if waiting:
        said = PledgesCalled(solution.id, solution.number, len(waiting))
        subject = ("solution", solution.id)
        record(said, by, place_id=problem.community_id, problem_id=problem.id, subject=subject)
    return len(waiting)


def pledged(pledge: Pledge) -> Pledged:
    """Return what the rules need to know of a pledge."""
    return Pledged(pledge.state, pledge.person_id, pledge.organization_id)


def _for_change(by: Actor, pledge_id: int) -> tuple[Pledge, Problem]:
    problem_id = found(session().scalar(select(Pledge.problem_id).where(Pledge.id == pledge_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    query = for_change(select(Pledge).where(Pledge.id == pledge_id))
    return found(session().scalars(query).one_or_none()), problem


def _settle(pledge: Pledge, by: Actor, state: PledgeState) -> None:
    pledge.state, pledge.settled_at = state, now()
    pledge.settled_by, pledge.settled_under, pledge.settled_for = by.person_id, standing_id(by), by.organization_id


def _record(event: Event, by: Actor, pledge: Pledge, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("pledge", pledge.id))
