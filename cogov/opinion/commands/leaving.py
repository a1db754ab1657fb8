"""What a closed account leaves behind in conversations: no answer, and its statements with or without their words."""

from __future__ import annotations

import json

from sqlalchemy import delete, select

from cogov.ground.db import for_change, session
from cogov.opinion.models import Chart, Participant, Stance, Statement
from cogov.opinion.queries.drawing import people_in
from cogov.opinion.rules.renewing import without
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import StanceValue, StatementState

ERASED = "（写的人注销账号时，删去了这一条）"
"""Stands in the language of what stood there; the journal's commitment to the old words can then prove nothing more."""

NOBODY = '{"groups":{},"participants":[]}'


def forget_person(person_id: int, words: bool) -> None:
    """Erase all answers of a person, whatever they wished: maps that were drawn of them are drawn anew without them.

    What they wrote goes if they wished it; what they wrote for an organization is its own.
    """
    for participant in list(session().scalars(select(Participant).where(Participant.person_id == person_id))):
        _forget_answers(participant)
    if not words:
        return
    own = select(Statement).where(Statement.person_id == person_id, Statement.organization_id.is_(None))
    for statement in session().scalars(own.execution_options(yield_per=500)):
        if statement.state is StatementState.SHOWN:
            statement.text, statement.salt = ERASED, ""


def _forget_answers(participant: Participant) -> None:
    answered = select(Stance.statement_id, Stance.value).where(Stance.participant_id == participant.id)
    values = {row.statement_id: row.value for row in session().execute(answered)}
    counted = for_change(select(Statement).where(Statement.id.in_(values)).order_by(Statement.id))
    for statement in session().scalars(counted):
        value = values[statement.id]
        statement.agree -= value == StanceValue.AGREE
        statement.disagree -= value == StanceValue.DISAGREE
        statement.passed -= value == StanceValue.PASS
        statement.changes += 1
    session().execute(delete(Stance).where(Stance.participant_id == participant.id))
    participant_id = participant.id
    session().delete(participant)
    session().flush()
    chart = session().get(Chart, participant.conversation_id, populate_existing=True)
    if chart is not None:
        chart.final = False
        if people_in(participant.conversation_id) < LEAST:
            # Of so few none is drawn, so nothing would take their place: what stays is what was published, unshown.
            chart.told = NOBODY
        if chart.counted:
            kept = without(json.loads(chart.counted), participant_id)
            chart.counted = json.dumps(kept, sort_keys=True, separators=(",", ":"))
