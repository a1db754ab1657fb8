"""Reasons beside ballots: their writers agree to their being published, and a moderator reads them first."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select

from cogov.decisions.events import ReasonAllowed, ReasonChecked
from cogov.decisions.models import Ballot, BallotReason
from cogov.decisions.queries import decision_for, roles_of
from cogov.decisions.rules.methods import read_form
from cogov.decisions.rules.reasons import CHECKS, Withheld, why_not_check
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id


@verb
def allow_reason(by: Actor, decision_id: int, *, head_id: int, agrees: bool) -> bool:
    """Agree that the reason beside one's own ballot is published after the close, or no longer; say which holds."""
    decision, problem = decision_for(by, decision_id)
    query = for_change(
        select(Ballot).where(
            Ballot.decision_id == decision_id, Ballot.head_id == head_id, Ballot.person_id == by.person_id
        )
    )
    ballot = session().scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if ballot is None or decision.state is DecisionState.CLOSED or now() >= decision.closes_at:
        return False
    holds = agrees and bool(ballot.reason) and not read_form(decision.form).is_open
    session().execute(delete(BallotReason).where(BallotReason.ballot_id == ballot.id))
    record(
        ReasonAllowed(decision.id, holds),
        by.under(None),
        place_id=decision.community_id,
        problem_id=problem.id,
        subject=("decision", decision.id),
    )
    if not holds:
        return False
    session().add(
        BallotReason(id=secrets.token_hex(16), decision_id=decision_id, ballot_id=ballot.id, changes=ballot.changes)
    )
    session().flush()
    return True


@verb
def check_reason(
    by: Actor, decision_id: int, reason_id: str, *, withheld: Withheld | None = None, once: str | None = None
) -> BallotReason:
    """Release a reason for everybody to read, or withhold it and say why; once, and only after the close."""
    insist_once(by, once)
    decision, _ = decision_for(by, decision_id)
    code = place_by_id(decision.community_id).code
    checks, closed = CHECKS in roles_of(by, code), decision.state is DecisionState.CLOSED
    insist(why_not_check(checks=checks, closed=closed, checked=False))
    query = select(BallotReason).where(BallotReason.decision_id == decision.id, BallotReason.id == reason_id)
    row = found(session().scalars(for_change(query), execution_options={"populate_existing": True}).one_or_none())
    insist(why_not_check(checks=checks, closed=closed, checked=row.checked_at is not None))
    row.checked_by, row.checked_at, row.withheld = by.person_id, now(), withheld
    record(
        ReasonChecked(decision.id, withheld),
        by.under(by.standing(code, CHECKS)),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
    return row
