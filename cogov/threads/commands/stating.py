"""Saying what is at stake for oneself in a problem, changing it, and taking it back."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for_change
from cogov.threads.commands.speaking import speaking_on, standing_id
from cogov.threads.events import InterestEnded, InterestStated
from cogov.threads.models import Interest
from cogov.threads.rules.interests import INTEREST_LENGTH, InterestKind, why_not_state


@verb
def state_interest(
    by: Actor, number: str, *, kind: InterestKind | None, words: str = "", once: str | None = None
) -> Interest | None:
    """Say what is at stake for oneself, or for the organization one speaks for; None takes back what one had said."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    speaker = speaking_on(by, problem)
    words = tidy(words)
    before = _stated(speaker, problem.id)
    insist(why_not_state(kind, words, stated=before is not None))
    words = mask(words).text[:INTEREST_LENGTH]
    if before is not None and (before.kind, before.words) == (kind, words):
        return before
    if before is not None:
        before.ended_at = now()
        session().flush()
    if kind is None:
        assert before is not None
        _record(InterestEnded(before.id), speaker, problem)
        return None
    interest = Interest(
        problem_id=problem.id,
        person_id=speaker.person_id,
        standing_id=standing_id(speaker),
        organization_id=speaker.organization_id,
        kind=kind,
        words=words,
        at=now(),
    )
    session().add(interest)
    session().flush()
    _record(InterestStated(interest.id, kind), speaker, problem)
    return interest


def _stated(speaker: Actor, problem_id: int) -> Interest | None:
    query = select(Interest).where(
        Interest.problem_id == problem_id,
        Interest.person_id == speaker.person_id,
        Interest.organization_id.is_(None)
        if speaker.organization_id is None
        else Interest.organization_id == speaker.organization_id,
        Interest.ended_at.is_(None),
    )
    return session().scalars(query).one_or_none()


def _record(event: Event, by: Actor, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("problem", problem.id))
