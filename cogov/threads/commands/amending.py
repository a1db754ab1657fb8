"""Proposing a change to a solution, taking it in, turning it down, taking it back, or making a solution of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import Words, say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.queries import covered_fields
from cogov.moderation.rules import SubjectKind, mask
from cogov.moderation.rules.covering import why_not_build_on
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import why_not_taken
from cogov.problems.rules.phases import Part
from cogov.threads.commands.solutions import (
    add_version,
    begin_solution,
    checked,
    note_solution,
    solution_for_change,
    words_of,
)
from cogov.threads.commands.speaking import dossier_of, named, speaking_on, standing_id
from cogov.threads.events import (
    AmendmentAccepted,
    AmendmentPromoted,
    AmendmentProposed,
    AmendmentRejected,
    AmendmentWithdrawn,
)
from cogov.threads.models import Amendment, Solution
from cogov.threads.queries.amendments import change_of, content_of
from cogov.threads.queries.solutions import latest_version
from cogov.threads.rules.amendments import (
    AmendmentState,
    why_not_another,
    why_not_answer,
    why_not_change,
    why_not_promote,
    why_not_withdraw,
)
from cogov.threads.rules.concerns import REASON_LENGTH
from cogov.threads.rules.solutions import REVISES, TITLE_LENGTH, Content
from cogov.threads.rules.speaking import as_who


@verb
def propose_amendment(by: Actor, solution_id: int, *, content: Content, why: str, once: str | None = None) -> Amendment:
    """Propose a change to the latest version of a solution: the whole of it as it would read, and why."""
    insist_once(by, once)
    solution, problem = solution_for_change(by, solution_id)
    speaker = speaking_on(by, problem)
    insist(why_not_taken(problem, Part.AMENDMENTS) or why_not_another(_waiting(by, solution.id)))
    content, why = checked(content), _reason(why, say("为什么这样改"))
    insist(why_not_change(changed=content != latest_version(solution).content))
    last = session().scalar(select(func.max(Amendment.number)).where(Amendment.solution_id == solution.id)) or 0
    amendment = Amendment(
        solution_id=solution.id,
        number=last + 1,
        on_version=solution.version,
        title=content.title,
        text=content.text,
        cost=content.cost,
        needs_permit=content.needs_permit,
        benefits=content.benefits,
        bears=content.bears,
        why=why,
        salt=salt(),
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        at=now(),
    )
    session().add(amendment)
    session().flush()
    words = commit_to(amendment.salt, content.title, content.text, content.benefits, content.bears, why)
    said = AmendmentProposed(amendment.id, solution.id, solution.number, words)
    note_solution(said, speaker, solution, problem)
    return amendment


def _why_not_build_on(amendment: Amendment) -> Refusal | None:
    return why_not_build_on(covered="text" in covered_fields(SubjectKind.AMENDMENT, amendment.id))


@verb
def accept_amendment(by: Actor, amendment_id: int, *, words: str = "", once: str | None = None) -> Amendment:
    """Take a change in: it becomes the next version of the solution, in the name of who proposed it."""
    insist_once(by, once)
    amendment, solution, problem = _for_change(by, amendment_id)
    insist(why_not_answer(by, dossier_of(problem), change_of(amendment, solution), accepts=True))
    insist(_why_not_build_on(amendment))
    words = _reason(words, say("答复"), least=0)
    with session().no_autoflush:  # state and version are one fact
        speaker = _answer(by, amendment, solution, problem, words, AmendmentState.ACCEPTED)
        amendment.became_version = solution.version + 1
    version = add_version(
        solution, content_of(amendment), amendment.person_id, amendment.standing_id, amendment.organization_id
    )
    said = AmendmentAccepted(amendment.id, solution.id, solution.number, version.version, words_of(version))
    note_solution(said, speaker, solution, problem)
    return amendment


@verb
def reject_amendment(by: Actor, amendment_id: int, *, words: str, once: str | None = None) -> Amendment:
    """Turn a change down, with the reason; who proposed it may still make a solution of it."""
    insist_once(by, once)
    amendment, solution, problem = _for_change(by, amendment_id)
    insist(why_not_answer(by, dossier_of(problem), change_of(amendment, solution), accepts=False))
    words = _reason(words, say("不采用的理由"))
    speaker = _answer(by, amendment, solution, problem, words, AmendmentState.REJECTED)
    reason = commit_to(amendment.answer_salt, amendment.answer)
    said = AmendmentRejected(amendment.id, solution.id, solution.number, reason)
    note_solution(said, speaker, solution, problem)
    return amendment


@verb
def promote_amendment(by: Actor, amendment_id: int, *, title: str = "", once: str | None = None) -> Solution:
    """Make a solution of its own of one's change, which says out of which it grew."""
    insist_once(by, once)
    amendment, grown_from, problem = _for_change(by, amendment_id)
    dossier = dossier_of(problem)
    insist(why_not_promote(by, dossier, change_of(amendment, grown_from)))
    insist(why_not_taken(problem, Part.SOLUTIONS) or _why_not_build_on(amendment))
    speaker = named(by.under(by.serves(amendment.organization_id)), problem)
    content = content_of(amendment)
    if title.strip():
        content = checked(replace(content, title=title[: TITLE_LENGTH * 2]))
    solution, version = begin_solution(speaker, problem, content)
    amendment.state, amendment.became_solution_id = AmendmentState.PROMOTED, solution.id
    session().flush()
    said = AmendmentPromoted(amendment.id, solution.id, solution.number, grown_from.number, words_of(version))
    note_solution(said, speaker, solution, problem)
    return solution


@verb
def withdraw_amendment(by: Actor, amendment_id: int, *, once: str | None = None) -> Amendment:
    """Take one's own change back while it waits."""
    insist_once(by, once)
    amendment, solution, problem = _for_change(by, amendment_id)
    insist(why_not_withdraw(by, dossier_of(problem), change_of(amendment, solution)))
    amendment.state = AmendmentState.WITHDRAWN
    author = by.under(by.serves(amendment.organization_id))
    note_solution(AmendmentWithdrawn(amendment.id, solution.id, solution.number), author, solution, problem)
    return amendment


def _for_change(by: Actor, amendment_id: int) -> tuple[Amendment, Solution, Problem]:
    solution_id = found(session().scalar(select(Amendment.solution_id).where(Amendment.id == amendment_id)))
    solution, problem = solution_for_change(by, solution_id)
    query = for_change(select(Amendment).where(Amendment.id == amendment_id))
    return found(session().scalars(query).one_or_none()), solution, problem


def _waiting(by: Actor, solution_id: int) -> int:
    query = select(func.count()).where(
        Amendment.solution_id == solution_id,
        Amendment.person_id == by.person_id,
        Amendment.state == AmendmentState.PROPOSED,
    )
    return session().scalar(query) or 0


def _reason(text: str, what: Words, *, least: int = 1) -> str:
    text = tidy(text)
    insist(why_not_wording(text, least=least, longest=REASON_LENGTH, what=what))
    return mask(text).text


def _answer(
    by: Actor, amendment: Amendment, solution: Solution, problem: Problem, words: str, state: AmendmentState
) -> Actor:
    # Whose solution it is answers: members of an organization in its name, not as the neighbours they are besides.
    code = dossier_of(problem).code
    office = by.serves(solution.organization_id) or (
        None if by.person_id == solution.person_id else by.standing(code, *REVISES)
    )
    speaker = named(by.under(office) if office else as_who(by, code) or by, problem)
    amendment.state, amendment.answer, amendment.answer_salt = state, words, salt()
    amendment.answered_by, amendment.answered_under = speaker.person_id, standing_id(speaker)
    amendment.answered_for, amendment.answered_at = speaker.organization_id, now()
    return speaker
