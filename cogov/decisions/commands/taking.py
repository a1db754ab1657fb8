"""What ballots of every way share: the household is locked, one constraint guards it, the first that came stands."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from cogov.decisions.events import BallotCast
from cogov.decisions.models import (
    Ballot,
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    ElectorateVoter,
)
from cogov.decisions.queries.parts import of_somebody
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.co_owning import not_alone
from cogov.decisions.rules.methods import BLOCK, parse_marks, read_form, why_not_marks, why_not_reason
from cogov.decisions.rules.motions import taken_meanwhile
from cogov.decisions.rules.receipts import LENGTH, NONCE_BYTES, receipt
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.journal.transaction import record
from cogov.people.rules import Actor


@dataclass(frozen=True)
class Coming:
    """A ballot as it comes in: by which way, whose it is if somebody's here, what is marked, and since when."""

    channel: Channel
    voter_id: int | None
    marks: str
    reason: str
    at: datetime
    nonce: bytes = b""


def shared(decision_id: int) -> Decision:
    """Hold a share of a decision: ballots do not wait for each other, the close waits for every ballot begun."""
    query = select(Decision).where(Decision.id == decision_id).with_for_update(read=True, of=Decision)
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def locked_head(head_id: int) -> ElectorateHead:
    """Lock a household: whoever else brings its ballot waits here, whichever way it comes."""
    query = for_change(select(ElectorateHead).where(ElectorateHead.id == head_id, of_somebody()))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def standing_ballot(head: ElectorateHead) -> Ballot | None:
    """Return the ballot of a locked household as it stands."""
    query = select(Ballot).where(Ballot.decision_id == head.decision_id, Ballot.head_id == head.id)
    return session().scalars(query, execution_options={"populate_existing": True}).one_or_none()


def check_marks(decision: Decision, marks: str, reason: str) -> None:
    """Refuse what the form of the ballot does not take."""
    offered = session().execute(
        select(DecisionOption.position, DecisionOption.key).where(DecisionOption.decision_id == decision.id)
    )
    keys = dict(offered.all())
    form = read_form(decision.form)
    insist(why_not_marks(form, len(keys), marks))
    insist(why_not_reason(form, any(keys[position] == BLOCK for position in parse_marks(marks)), reason))


def voters_of(head_id: int) -> list[int]:
    """Return the verified persons who vote for a household in their own right."""
    query = select(ElectorateVoter.person_id).where(
        ElectorateVoter.head_id == head_id, ElectorateVoter.mandate_id.is_(None)
    )
    return list(session().scalars(query.order_by(ElectorateVoter.person_id)))


def take(by: Actor, decision: Decision, head: ElectorateHead, before: Ballot | None, coming: Coming) -> Ballot:
    """Put a ballot in for a locked household, or let it replace the one before."""
    insist(not_alone() if head.seats > 1 and coming.channel is Channel.HELPED else None)
    ballot = before or _new(head, coming)
    if before is not None:
        ballot.changes += 1
    ballot.person_id, ballot.channel, ballot.mandate_id = coming.voter_id, coming.channel, None
    ballot.marks, ballot.reason, ballot.cast_at = coming.marks, coming.reason, coming.at
    with unless_taken(taken_meanwhile()):
        session().add(ballot)
    record(
        BallotCast(decision.id, ballot.id),
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("ballot", ballot.id),
    )
    return ballot


def new_nonce() -> bytes:
    """Return fresh chance for the receipt of a household."""
    return secrets.token_bytes(NONCE_BYTES)


def fresh_code() -> str:
    """Return a short code that nobody can guess, in the writing of receipts."""
    return receipt(0, secrets.token_hex(LENGTH), new_nonce())


def _new(head: ElectorateHead, coming: Coming) -> Ballot:
    nonce = coming.nonce or new_nonce()
    counted_in = (
        update(DecisionTurnout)
        .where(DecisionTurnout.decision_id == head.decision_id)
        .values(heads=DecisionTurnout.heads + 1, area=DecisionTurnout.area + head.area)
        .returning(DecisionTurnout.heads)
        .execution_options(synchronize_session=False)
    )
    return Ballot(
        decision_id=head.decision_id,
        head_id=head.id,
        ordinal=found(session().scalar(counted_in)),
        nonce=nonce.hex(),
        receipt=receipt(head.decision_id, head.key, nonce),
        changes=0,
    )
