"""Taking the answers of a conversation row by row: asked for with a reason, agreed to by another, taken once."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.opinion.events import RowsAgreed, RowsAsked, RowsTaken
from cogov.opinion.models import Conversation, MapTaken
from cogov.opinion.queries.loading import ground_of
from cogov.opinion.queries.rows import rows_of
from cogov.opinion.rules.rows import AGREEING, REASON_LENGTH, why_not_agree, why_not_ask, why_not_take
from cogov.people.rules import Actor, Role
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id


@verb
def ask_for_rows(by: Actor, conversation_id: int, *, reason: str, once: str | None = None) -> MapTaken:
    """Ask to take the answers of a closed conversation row by row."""
    insist_once(by, once)
    conversation, problem = _held(by, conversation_id)
    code = ground_of(problem).code
    open_ones = select(MapTaken.id).where(MapTaken.conversation_id == conversation.id, MapTaken.taken_at.is_(None))
    asked = session().scalar(open_ones.limit(1)) is not None
    insist(why_not_ask(by, code, closed=conversation.closed_at is not None, asked=asked))
    reason = tidy(reason)
    insist(why_not_wording(reason, longest=REASON_LENGTH, least=5, what=say("理由")))
    asker = by.under(by.standing(code, Role.AUDITOR))
    row = MapTaken(
        conversation_id=conversation.id,
        asked_by=by.person_id,
        organization_id=asker.organization_id,
        reason=reason,
        asked_at=now(),
    )
    session().add(row)
    session().flush()
    _record(RowsAsked(conversation.id, row.id), asker, conversation, problem)
    return row


@verb
def agree_to_rows(by: Actor, taking_id: int, *, once: str | None = None) -> MapTaken:
    """Agree, as the second person, that the answers are taken."""
    insist_once(by, once)
    row, conversation, problem = _asked(by, taking_id)
    code = ground_of(problem).code
    insist(why_not_agree(by, code, asked_by=row.asked_by, agreed=row.agreed_at is not None))
    row.agreed_by, row.agreed_at = by.person_id, now()
    agreeing = by.under(by.standing(code, *AGREEING))
    _record(RowsAgreed(conversation.id, row.id), agreeing, conversation, problem)
    return row


@verb
def take_rows(by: Actor, taking_id: int) -> dict[str, str]:
    """Return the sheets to who asked; that they were taken is written down with it."""
    row, conversation, problem = _asked(by, taking_id)
    code = ground_of(problem).code
    agreed, taken = row.agreed_at is not None, row.taken_at is not None
    insist(why_not_take(by, code, asked_by=row.asked_by, agreed=agreed, taken=taken))
    row.taken_at = now()
    _record(RowsTaken(conversation.id, row.id), by.under(by.standing(code, Role.AUDITOR)), conversation, problem)
    return rows_of(conversation)


def _held(by: Actor, conversation_id: int) -> tuple[Conversation, Problem]:
    """Lock the problem, then the conversation."""
    problem_id = found(session().scalar(select(Conversation.problem_id).where(Conversation.id == conversation_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    query = for_change(select(Conversation).where(Conversation.id == conversation_id))
    return found(session().scalars(query).one_or_none()), problem


def _asked(by: Actor, taking_id: int) -> tuple[MapTaken, Conversation, Problem]:
    conversation_id = found(session().scalar(select(MapTaken.conversation_id).where(MapTaken.id == taking_id)))
    conversation, problem = _held(by, conversation_id)
    row = found(session().scalars(for_change(select(MapTaken).where(MapTaken.id == taking_id))).one_or_none())
    return row, conversation, problem


def _record(event: Event, by: Actor, conversation: Conversation, problem: Problem) -> None:
    record(
        event,
        by,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("conversation", conversation.id),
    )
