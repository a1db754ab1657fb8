"""What is kept about one person in this room, for their own copy."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.copies import Copies, copies
from cogov.ground.db import session
from cogov.opinion.models import Conversation, MapTaken, Participant, Quote, Stance, Statement

ABOUT = (Conversation.person_id, Statement.person_id, Participant.person_id, Quote.person_id, MapTaken.asked_by)
"""Columns that say whose a row is."""

DONE = (MapTaken.agreed_by,)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here, with what they answered to which statement."""
    answers = (
        select(Statement.problem_id, Statement.number, Stance.value)
        .join(Statement, Stance.statement_id == Statement.id)
        .join(Participant, Stance.participant_id == Participant.id)
        .where(Participant.person_id == person_id)
        .order_by(Statement.problem_id, Statement.number)
    )
    mine = [dict(row) for row in session().execute(answers).mappings()]
    return copies(person_id, ABOUT, DONE) | {"stance": mine}
