"""Adopt or explain: the body that a resolution names answers it, in time or known to be late."""

from __future__ import annotations

from sqlalchemy import select

from cogov.decisions.events import AnswerOverdue, ResolutionAnswered
from cogov.decisions.models import Resolution
from cogov.decisions.queries import answering_standing, resolution_for
from cogov.decisions.rules.motions import why_not_answer, why_not_this_reason
from cogov.decisions.rules.stages import AdoptAnswer
from cogov.duties.commands import stop_clock
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event, commit_to
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import locked


@verb
def answer_resolution(
    by: Actor, resolution_id: int, *, answer: AdoptAnswer, reason: str, once: str | None = None
) -> Resolution:
    """Adopt a resolution, adopt it in part or decline it, as an official of the body it names, with the reason."""
    insist_once(by, once)
    resolution_for(by, resolution_id)
    resolution, problem = _for_change(resolution_id)
    standing = answering_standing(by, resolution.organization_id)
    reason = tidy(reason)
    insist(why_not_answer(answers_for_body=standing is not None, answered=resolution.answer is not None))
    insist(why_not_this_reason(answer, reason))
    resolution.answer, resolution.reason, resolution.answered_at = answer, reason, now()
    resolution.answered_by, resolution.answered_under = by.person_id, found(standing).id
    stop_clock(Purpose.RESOLUTION_ANSWER, resolution.id)
    words = commit_to(resolution.salt, reason)
    _record(ResolutionAnswered(resolution.id, answer, words), by.under(standing), resolution, problem)
    return resolution


@verb
def due_answer(by: Actor, resolution_id: int) -> None:
    """Tell the level above, once, that the body has not answered in time; the answer stays owed."""
    resolution, problem = _for_change(resolution_id)
    clock = running(Purpose.RESOLUTION_ANSWER, resolution_id)
    waits = resolution.answer is None and resolution.overdue_at is None and resolution.organization_id is not None
    if not waits or clock is None or clock.due_at > now():
        return
    resolution.overdue_at = now()
    above = nearest(OrganizationKind.STREET, place_by_id(problem.community_id).code)
    body = found(resolution.organization_id)
    _record(AnswerOverdue(resolution.id, body, above.id if above else None), by, resolution, problem)


def _for_change(resolution_id: int) -> tuple[Resolution, Problem]:
    problem_id = found(session().scalar(select(Resolution.problem_id).where(Resolution.id == resolution_id)))
    problem = locked(problem_id)
    query = for_change(select(Resolution).where(Resolution.id == resolution_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none()), problem


def _record(event: Event, by: Actor, resolution: Resolution, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("resolution", resolution.id))
