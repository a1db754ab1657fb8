"""Who asked for the rows of a conversation, and the rows, in an order that says nothing."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from cogov.ground.db import session
from cogov.opinion.models import Chart, Conversation, MapTaken, Participant, Stance, Statement
from cogov.opinion.queries.drawing import people_in
from cogov.opinion.rules.row_sheets import Row, row_sheets
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import StatementState
from cogov.people.models import Organization, Person


@dataclass(frozen=True)
class Taking:
    """That somebody asked for the rows, why, who agreed and when they were taken."""

    id: int
    asked_by: int
    who: str
    organization: str
    reason: str
    asked_at: datetime
    agreed: str
    agreed_at: datetime | None
    taken_at: datetime | None


def takings_of(conversation_id: int) -> list[Taking]:
    """Return all who ever asked, the last one first."""
    second = aliased(Person)
    query = (
        select(MapTaken, Person.pseudonym, Organization.name, second.pseudonym)
        .join(Person, Person.id == MapTaken.asked_by)
        .outerjoin(Organization, Organization.id == MapTaken.organization_id)
        .outerjoin(second, second.id == MapTaken.agreed_by)
        .where(MapTaken.conversation_id == conversation_id)
        .order_by(MapTaken.id.desc())
    )
    return [
        Taking(
            row.id,
            row.asked_by,
            who,
            body or "",
            row.reason,
            row.asked_at,
            agreed or "",
            row.agreed_at,
            row.taken_at,
        )
        for row, who, body, agreed in session().execute(query)
    ]


def rows_of(conversation: Conversation) -> dict[str, str]:
    """Return the sheets of a conversation; who is which participant is drawn by lot anew each time."""
    statements = list(
        session().scalars(
            select(Statement).where(Statement.conversation_id == conversation.id).order_by(Statement.number)
        )
    )
    numbers = {each.id: each.number for each in statements}
    answers: dict[int, dict[int, int]] = defaultdict(dict)
    query = (
        select(Stance.participant_id, Stance.statement_id, Stance.value)
        .join(Participant, Participant.id == Stance.participant_id)
        .where(Participant.conversation_id == conversation.id)
    )
    for who, what, value in session().execute(query):
        answers[who][numbers[what]] = value
    order = sorted(answers)
    secrets.SystemRandom().shuffle(order)
    groups = _groups(conversation.id)
    return row_sheets(
        conversation.question,
        [
            Row(each.number, each.text, each.state is not StatementState.SHOWN, each.agree, each.disagree)
            for each in statements
        ],
        [answers[who] for who in order],
        [groups.get(str(who), "") for who in order],
    )


def _groups(conversation_id: int) -> dict[str, str]:
    told = session().scalar(select(Chart.told).where(Chart.conversation_id == conversation_id))
    if told is None or people_in(conversation_id) < LEAST:
        return {}
    return {who: str(group) for who, group in json.loads(told)["groups"].items()}
