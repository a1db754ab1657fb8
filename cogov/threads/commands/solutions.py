"""Proposing a solution and giving it a new version."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import Commitment, Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id, problem_for_change, why_not_taken
from cogov.problems.rules.phases import Part
from cogov.threads.commands.speaking import dossier_of, named, speaking_on, standing_id
from cogov.threads.events import SolutionProposed, SolutionRevised
from cogov.threads.models import Solution, SolutionVersion
from cogov.threads.rules.solutions import SIDE_LENGTH, TITLE_LENGTH, Content, why_not_content, why_not_revise
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
    benefits: str = "",
    bears: str = "",
    once: str | None = None,
) -> Solution:
    """Propose a solution: what is done, its cost in fen, whether it needs a permit, who gains and who bears it."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    speaker = speaking_on(by, problem)
    insist(why_not_taken(problem, Part.SOLUTIONS))
    content = checked(Content(title, text, cost, needs_permit, benefits, bears))
    solution, version = begin_solution(speaker, problem, content)
    event = SolutionProposed(solution.id, solution.number, words_of(version))
    note_solution(event, speaker, solution, problem)
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
    benefits: str = "",
    bears: str = "",
    once: str | None = None,
) -> SolutionVersion:
    """Give a solution a new version; the ones before stay as they were."""
    insist_once(by, once)
    solution, problem = solution_for_change(by, solution_id)
    dossier = dossier_of(problem)
    insist(why_not_revise(by, dossier, author_id=solution.person_id))
    insist(why_not_taken(problem, Part.SOLUTIONS))
    speaker = named(as_who(by, dossier.code) or by, problem)
    version = next_version(solution, speaker, checked(Content(title, text, cost, needs_permit, benefits, bears)))
    event = SolutionRevised(solution.id, solution.number, version.version, words_of(version))
    note_solution(event, speaker, solution, problem)
    return version


# What amendments do too ----------------------------------------------------------------------------------------------


def solution_for_change(by: Actor, solution_id: int) -> tuple[Solution, Problem]:
    """Lock a solution, its problem first; not found where the problem does not exist for this actor."""
    problem_id = found(session().scalar(select(Solution.problem_id).where(Solution.id == solution_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    query = for_change(select(Solution).where(Solution.id == solution_id))
    return found(session().scalars(query).one_or_none()), problem


def checked(content: Content) -> Content:
    """Return a version's words as they may be published, or refuse them."""
    content = replace(
        content,
        title=tidy(content.title),
        text=tidy(content.text),
        benefits=tidy(content.benefits),
        bears=tidy(content.bears),
    )
    insist(why_not_content(content))
    return replace(
        content,
        title=mask(content.title).text[:TITLE_LENGTH],
        text=mask(content.text).text,
        benefits=mask(content.benefits).text[:SIDE_LENGTH],
        bears=mask(content.bears).text[:SIDE_LENGTH],
    )


def begin_solution(speaker: Actor, problem: Problem, content: Content) -> tuple[Solution, SolutionVersion]:
    """Add a solution to a problem whose row is held, with its first version."""
    last = session().scalar(select(func.max(Solution.number)).where(Solution.problem_id == problem.id)) or 0
    solution = Solution(
        problem_id=problem.id,
        number=last + 1,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
        version=0,
    )
    session().add(solution)
    session().flush()
    version = next_version(solution, speaker, content)
    return solution, version


def next_version(solution: Solution, speaker: Actor, content: Content) -> SolutionVersion:
    """Add the next version of a solution whose row is held, in the name of who wrote it."""
    return add_version(solution, content, speaker.person_id or 0, standing_id(speaker), speaker.organization_id)


def add_version(
    solution: Solution, content: Content, person_id: int, under: int | None, organization_id: int | None
) -> SolutionVersion:
    """Add the next version of a solution, written by a person under a mandate or for themselves."""
    solution.version += 1
    version = SolutionVersion(
        solution_id=solution.id,
        version=solution.version,
        title=content.title,
        text=content.text,
        salt=salt(),
        cost=content.cost,
        needs_permit=content.needs_permit,
        benefits=content.benefits,
        bears=content.bears,
        person_id=person_id,
        standing_id=under,
        organization_id=organization_id,
        at=now(),
    )
    session().add(version)
    session().flush()
    return version


def words_of(version: SolutionVersion) -> Commitment:
    """Return the commitment to a version's words; who gains and who bears it count where they were said."""
    sides = (version.benefits, version.bears) if version.benefits or version.bears else ()
    return commit_to(version.salt, version.title, version.text, *sides)


def note_solution(event: Event, by: Actor, solution: Solution, problem: Problem) -> None:
    """Record an event of a solution."""
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("solution", solution.id))
