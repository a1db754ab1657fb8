"""Which maps are due, and what they are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select

from cogov.ground.db import session
from cogov.opinion.models import Chart, Conversation, Drawing, Participant, Stance, Statement
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import StatementState

PAUSE = timedelta(seconds=30)
"""A conversation is drawn at most so often, however fast answers come in, and whatever became of the last attempt."""

GIVEN_UP = timedelta(days=7)
"""How long after its close a conversation that has no map is still tried."""


@dataclass(frozen=True)
class Answers:
    """What a map is drawn from: the answers as participant, statement, value, and how old they are."""

    votes: tuple[tuple[int, int, int], ...]
    out: tuple[int, ...]
    """Statements that have been answered and stand no more."""

    changes: int
    closed: bool


def due_drawings(at: datetime) -> list[int]:
    """Return the conversations whose map is older than their answers and may be drawn now."""
    return list(session().scalars(_due(at)))


def drawing_due(after: datetime, up_to: datetime) -> bool:
    """Say whether a map is due; answers write nothing into the journal, so the lookout has to be told of them."""
    return session().scalar(_due(up_to).limit(1)) is not None


def _due(at: datetime) -> Select[int]:
    changes = (
        select(func.coalesce(func.sum(Statement.changes), 0))
        .where(Statement.conversation_id == Conversation.id)
        .scalar_subquery()
    )
    people = _people().where(Participant.conversation_id == Conversation.id).scalar_subquery()
    return (
        select(Conversation.id)
        .outerjoin(Chart, Chart.conversation_id == Conversation.id)
        .outerjoin(Drawing, Drawing.conversation_id == Conversation.id)
        .where(
            or_(Chart.conversation_id.is_(None), ~Chart.final),
            or_(Drawing.conversation_id.is_(None), Drawing.tried_at <= at - PAUSE),
            or_(
                and_(Chart.conversation_id.is_(None), changes > 0),
                changes != Chart.changes,
                Conversation.closed_at.is_not(None),
            ),
            or_(
                Chart.conversation_id.is_not(None),
                Conversation.closed_at.is_(None),
                Conversation.closed_at > at - GIVEN_UP,
            ),
            people >= LEAST,
        )
        .order_by(Conversation.id)
    )


def _people() -> Select[int]:
    return select(func.count()).select_from(Participant).where(Participant.answered > 0)


def closing_due(after: datetime, up_to: datetime) -> bool:
    """Say whether a conversation ran out after one moment, up to another."""
    query = select(Conversation.id).where(
        Conversation.closed_at.is_(None), Conversation.closes_at > after, Conversation.closes_at <= up_to
    )
    return session().scalar(query.limit(1)) is not None


def people_in(conversation_id: int) -> int:
    """Return how many people have answered in a conversation."""
    return session().scalar(_people().where(Participant.conversation_id == conversation_id)) or 0


def answers_of(conversation_id: int) -> Answers:
    """Return what a conversation's map is drawn from; how old it is is read first, so that it is never too young."""
    kept = select(Statement.id, Statement.state, Statement.changes).where(Statement.conversation_id == conversation_id)
    statements = list(session().execute(kept))
    closed = session().scalar(select(Conversation.closed_at).where(Conversation.id == conversation_id)) is not None
    votes = (
        select(Stance.participant_id, Stance.statement_id, Stance.value)
        .join(Participant, Participant.id == Stance.participant_id)
        .where(Participant.conversation_id == conversation_id)
        .order_by(Stance.participant_id, Stance.statement_id)
    )
    return Answers(
        tuple((who, what, value) for who, what, value in session().execute(votes)),
        tuple(row.id for row in statements if row.state is not StatementState.SHOWN),
        sum(row.changes for row in statements),
        closed,
    )
