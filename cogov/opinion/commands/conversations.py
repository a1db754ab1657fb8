"""Opening and closing a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import func, or_, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.rules import mask
from cogov.opinion.commands.statements import write_seeds
from cogov.opinion.events import ConversationClosed, ConversationOpened
from cogov.opinion.models import Conversation, Participant, Statement
from cogov.opinion.queries.loading import asked_of, ground_of
from cogov.opinion.rules.stages import QUESTION_LENGTH, StatementState
from cogov.opinion.rules.taking import OPENERS, why_not_close, why_not_open, why_not_times
from cogov.people.rules import CLOCK, Actor
from cogov.problems.models import Problem
from cogov.problems.queries import last_leeway, locked, problem_by_id, problem_for_change
from cogov.problems.rules.leeway import why_not_decide_on
from cogov.problems.rules.stages import Stage

log = structlog.get_logger()

_RUNNING = Refusal("conversation_running", say("别人刚刚已经就这件事问了大家。"), what_next=say("请刷新卷宗看看。"))


@verb
def open_conversation(
    by: Actor,
    number: str,
    *,
    question: str,
    closes_at: datetime,
    opens_at: datetime | None = None,
    statements: Sequence[str] = (),
    once: str | None = None,
) -> Conversation:
    """Put a question to the neighbourhood of a problem, with statements to begin with; it opens now or later."""
    insist_once(by, once)
    problem = problem_for_change(by, number)
    ground = ground_of(problem)
    insist(why_not_open(by, ground, running=_runs(problem.id)))
    insist(_why_not_asked(problem.id))
    asker = by.under(by.standing(ground.code, *OPENERS))
    at = now()
    begins = opens_at or at
    insist(why_not_times(begins, closes_at, at))
    conversation = Conversation(
        problem_id=problem.id,
        number=_count(problem.id) + 1,
        question=_question(question),
        salt=salt(),
        person_id=asker.person_id,
        standing_id=asker.acting.id if asker.acting else None,
        organization_id=asker.organization_id,
        at=at,
        opens_at=begins,
        closes_at=closes_at,
    )
    with unless_taken(_RUNNING):
        session().add(conversation)
    words = commit_to(conversation.salt, conversation.question)
    _record(ConversationOpened(conversation.id, conversation.number, words), asker, conversation, problem)
    write_seeds(asker, conversation, problem, statements)
    return conversation


def _why_not_asked(problem_id: int) -> Refusal | None:
    """What cannot be changed gets an answer, and no question that changes nothing."""
    declared = last_leeway(problem_id)
    if declared is None:
        return None
    return why_not_decide_on(declared.room, declared.reason, statutory=False)


def _question(text: str) -> str:
    text = " ".join(tidy(text).split())
    insist(why_not_wording(text, longest=QUESTION_LENGTH, what=say("要问的话")))
    return mask(text).text[:QUESTION_LENGTH]


def _runs(problem_id: int) -> bool:
    running = select(Conversation.id).where(Conversation.problem_id == problem_id, Conversation.closed_at.is_(None))
    return session().scalar(running) is not None


def _count(problem_id: int) -> int:
    return session().scalar(select(func.max(Conversation.number)).where(Conversation.problem_id == problem_id)) or 0


@verb
def close_conversation(by: Actor, conversation_id: int, *, once: str | None = None) -> Conversation:
    """Close a conversation, at its time or before; its last map is drawn in the background."""
    insist_once(by, once)
    problem_id = found(session().scalar(select(Conversation.problem_id).where(Conversation.id == conversation_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    conversation = found(
        session().scalars(for_change(select(Conversation).where(Conversation.id == conversation_id))).one_or_none()
    )
    ground = ground_of(problem)
    insist(why_not_close(by, ground, asked_of(conversation), now()))
    conversation.closed_at = now()
    people, statements = _turnout(conversation.id)
    closer = by if by.is_clock else by.under(by.standing(ground.code, *OPENERS))
    event = ConversationClosed(conversation.id, conversation.number, people, statements)
    _record(event, closer, conversation, problem)
    return conversation


def _turnout(conversation_id: int) -> tuple[int, int]:
    people = select(func.count()).select_from(Participant)
    people = people.where(Participant.conversation_id == conversation_id, Participant.answered > 0)
    shown = select(func.count()).select_from(Statement)
    shown = shown.where(Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN)
    return session().scalar(people) or 0, session().scalar(shown) or 0


def close_conversations(limit: int = 100) -> int:
    """Close those whose time is over or whose problem has ended; one that fails is tried again and holds up no other.

    Whatever has run out counts as closed from that moment on; this writes it down.
    """
    over = (
        select(Conversation.id)
        .join(Problem, Problem.id == Conversation.problem_id)
        .where(
            Conversation.closed_at.is_(None),
            or_(Conversation.closes_at <= now(), Problem.stage == Stage.ENDED),
        )
        .order_by(Conversation.closes_at)
        .limit(limit)
    )
    closed = 0
    for conversation_id in list(session().scalars(over)):
        try:
            close_conversation(CLOCK, conversation_id)
        except Refused as error:
            log.warning("conversation_not_closed", conversation=conversation_id, code=error.refusal.code)
        except Exception:
            log.exception("conversation_not_closed", conversation=conversation_id)
        else:
            closed += 1
    return closed


def _record(
    event: ConversationOpened | ConversationClosed, by: Actor, conversation: Conversation, problem: Problem
) -> None:
    record(
        event,
        by,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("conversation", conversation.id),
    )
