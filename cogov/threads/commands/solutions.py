"""Proposing a solution and giving it a new version."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.problems.queries import locked, problem_by_id, problem_for_change
from cogov.threads.commands.speaking import dossier_of, named, speaking_on, standing_id
from cogov.threads.events import SolutionProposed, SolutionRevised
from cogov.threads.models import Solution, SolutionVersion
from cogov.threads.rules.messages import MESSAGE_LENGTH
from cogov.threads.rules.solutions import TITLE_LENGTH, why_not_cost, why_not_revise
from cogov.threads.rules.speaking import as_who


@verb
def propose_solution(
    by: Actor,
    number: str,
    *,
    title: str,
    text: str,
    cost: int | None = None,
    needs_permit: bool = False,
    once: str | None = None,
) -> Solution:
    """Propose a solution: what is done, what it costs in fen, whether somebody has to permit it."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    speaker = speaking_on(by, problem)
    title, text = _checked(title, text, cost)
    last = session().scalar(select(func.max(Solution.number)).where(Solution.problem_id == problem.id)) or 0
    solution = Solution(
        problem_id=problem.id,
        number=last + 1,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
        version=1,
    )
    session().add(solution)
    session().flush()
    version = _add_version(speaker, solution, title, text, cost, needs_permit=needs_permit)
    record(
        SolutionProposed(solution.id, solution.number, commit_to(version.salt, title, text)),
        speaker,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("solution", solution.id),
    )
    return solution


@verb
def revise_solution(
    by: Actor,
    solution_id: int,
    *,
    title: str,
    text: str,
    cost: int | None = None,
    needs_permit: bool = False,
    once: str | None = None,
) -> SolutionVersion:
    """Give a solution a new version; the ones before stay as they were."""
    insist_once(by, once)
    problem_id = found(session().scalar(select(Solution.problem_id).where(Solution.id == solution_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    solution = found(session().scalars(for_change(select(Solution).where(Solution.id == solution_id))).one_or_none())
    dossier = dossier_of(problem)
    insist(why_not_revise(by, dossier, author_id=solution.person_id))
    speaker = named(as_who(by, dossier.code) or by, problem)
    title, text = _checked(title, text, cost)
    solution.version += 1
    version = _add_version(speaker, solution, title, text, cost, needs_permit=needs_permit)
    record(
        SolutionRevised(solution.id, solution.number, version.version, commit_to(version.salt, title, text)),
        speaker,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("solution", solution.id),
    )
    return version


def _checked(title: str, text: str, cost: int | None) -> tuple[str, str]:
    title, text = tidy(title), tidy(text)
    insist(why_not_wording(title, longest=TITLE_LENGTH, what=say("方案名称")))
    insist(why_not_wording(text, longest=MESSAGE_LENGTH, what=say("方案内容")))
    insist(why_not_cost(cost))
    return mask(title).text[:TITLE_LENGTH], mask(text).text


def _add_version(
    speaker: Actor, solution: Solution, title: str, text: str, cost: int | None, *, needs_permit: bool
) -> SolutionVersion:
    version = SolutionVersion(
        solution_id=solution.id,
        version=solution.version,
        title=title,
        text=text,
        salt=salt(),
        cost=cost,
        needs_permit=needs_permit,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    session().add(version)
    session().flush()
    return version
