"""What is kept about one person in this room, for their own copy; of a secret vote there is nothing to give."""

from __future__ import annotations

from sqlalchemy import select

from cogov.decisions.models import Ballot, Decision, DecisionOption, ElectorateVoter, Motion, MotionSupport, Resolution
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.copies import Copies, copies
from cogov.ground.db import session

ABOUT = (Motion.person_id, MotionSupport.person_id, ElectorateVoter.person_id, Ballot.person_id)
"""Columns that say whose a row is."""

DONE = (Motion.tabled_by, Decision.notice_by, Decision.confirmed_by, Resolution.answered_by)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here; their own choices in named votes in the words they chose by.

    While a vote runs its choices are left out: a copy of them would show to whoever stands beside one how one voted.
    """
    found = copies(person_id, ABOUT, DONE)
    running = set(session().scalars(select(Decision.id).where(Decision.state != DecisionState.CLOSED)))
    for ballot in found["ballot"]:
        if ballot["decision_id"] in running:
            ballot["option_id"] = None
    chosen = {ballot["option_id"] for ballot in found["ballot"]}
    rows = session().execute(
        select(DecisionOption.id, DecisionOption.label, Decision.question)
        .join(Decision, DecisionOption.decision_id == Decision.id)
        .where(DecisionOption.id.in_(chosen))
    )
    said = {option: (label, question) for option, label, question in rows}
    for ballot in found["ballot"]:
        ballot["choice"], ballot["question"] = said.get(ballot["option_id"], ("", ""))
    return found
