"""Answering statements: one stance for each person and statement, changed and taken back as often as one likes."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import verb
from cogov.opinion.models import Conversation, Participant, Stance, Statement
from cogov.opinion.queries.loading import asked_of, ground_of
from cogov.opinion.rules.stages import StanceValue
from cogov.opinion.rules.taking import why_not_answer, why_not_answered
from cogov.people.rules import Actor
from cogov.problems.queries import problem_by_id

NUMBERS = 2**53
"""Participants' numbers are drawn from so many: small enough for every program that reads them."""

_MEANWHILE = Refusal("answered_meanwhile", say("您刚刚在另一个页面答过了。"), what_next=say("请刷新，接着答下一条。"))


@verb
def answer_statement(by: Actor, statement_id: int, value: StanceValue) -> Statement:
    """Answer a statement, or answer it otherwise than before; nothing in the journal says who answered what."""
    statement, participant, stance = _begun(by, statement_id)
    if stance is None:
        with unless_taken(_MEANWHILE):
            session().add(Stance(participant_id=participant.id, statement_id=statement.id, value=int(value)))
        participant.answered += 1
    elif stance.value == value:
        return statement
    else:
        _count(statement, stance.value, -1)
        stance.value = int(value)
    _count(statement, int(value), 1)
    statement.changes += 1
    return statement


@verb
def withdraw_answer(by: Actor, statement_id: int) -> Statement:
    """Take an answer back, as if it had not been given."""
    statement, participant, stance = _begun(by, statement_id)
    if stance is not None:
        _count(statement, stance.value, -1)
        session().delete(stance)
        participant.answered -= 1
        statement.changes += 1
    return statement


def _begun(by: Actor, statement_id: int) -> tuple[Statement, Participant, Stance | None]:
    """Lock what an answer changes: that the conversation is open, first; then who answers; then what is counted."""
    conversation_id = found(session().scalar(select(Statement.conversation_id).where(Statement.id == statement_id)))
    # Shared, so that many answer at once, and nobody any more once it has closed.
    held = select(Conversation).where(Conversation.id == conversation_id).with_for_update(read=True)
    conversation = found(session().scalars(held.execution_options(populate_existing=True)).one_or_none())
    problem = problem_by_id(by, conversation.problem_id)
    insist(why_not_answer(by, ground_of(problem), asked_of(conversation), now()))
    participant = _participant(found(by.person_id), conversation.id)
    statement = found(
        session().scalars(for_change(select(Statement).where(Statement.id == statement_id))).one_or_none()
    )
    insist(why_not_answered(by, statement.person_id, statement.state))
    return statement, participant, session().get(Stance, (participant.id, statement.id), populate_existing=True)


def _participant(person_id: int, conversation_id: int) -> Participant:
    query = select(Participant).where(
        Participant.conversation_id == conversation_id, Participant.person_id == person_id
    )
    participant = session().scalars(for_change(query)).one_or_none()
    if participant is None:
        participant = Participant(
            id=1 + secrets.randbelow(NUMBERS - 1), conversation_id=conversation_id, person_id=person_id, answered=0
        )
        with unless_taken(_MEANWHILE):
            session().add(participant)
    return participant


def _count(statement: Statement, value: int, by: int) -> None:
    match value:
        case StanceValue.AGREE:
            statement.agree += by
        case StanceValue.DISAGREE:
            statement.disagree += by
        case _:
            statement.passed += by
