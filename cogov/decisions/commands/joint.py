"""The ballot of several co-owners where the rule asks for all: each signs for a seat, and alike it is cast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from cogov.decisions.commands.mandating import own_ballot
from cogov.decisions.events import BallotSigned
from cogov.decisions.models import BallotSignature, Decision, ElectorateHead, ElectorateVoter, ProxyMandate
from cogov.decisions.rules.co_owning import all_alike, open_seat, seat_of, signed_already
from cogov.ground.db import found, session
from cogov.ground.refusals import Refused
from cogov.journal.transaction import record
from cogov.people.rules import Actor


@dataclass(frozen=True)
class Signed:
    """What a signature came to: whether all seats hold the same marks now, and how many have not signed."""

    alike: bool
    missing: int


def sign(by: Actor, decision_id: int, head_id: int, marks: str, at: datetime, *, is_own: bool) -> Signed:
    """Sign for every seat that somebody has in a locked head, or holds by a mandate."""
    decision = found(session().get(Decision, decision_id))
    me = found(by.person_id)
    if is_own:
        own_ballot(by, decision_id, head_id)
    seats: dict[str, int | None] = _by_mandate(me, decision, head_id, at)
    if is_own:
        seats[seat_of(me)] = None
    written = {row.seat: row for row in session().scalars(select(BallotSignature).filter_by(head_id=head_id))}
    # Where whoever has the seat has signed themselves, no proxy signs over it.
    free = [seat for seat, mandate in seats.items() if mandate is None or not _is_own(written.get(seat))]
    if not free:
        raise Refused(signed_already())
    for seat in free:
        row = written.setdefault(seat, BallotSignature(decision_id=decision_id, head_id=head_id, seat=seat))
        row.person_id, row.mandate_id, row.marks, row.signed_at = me, seats[seat], marks, at
        session().add(row)
    record(
        BallotSigned(decision_id, head_id),
        by.under(None),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("electorate_head", head_id),
    )
    held = found(session().get(ElectorateHead, head_id)).seats
    return Signed(all_alike([row.marks for row in written.values()], held), held - len(written))


def _is_own(row: BallotSignature | None) -> bool:
    return row is not None and row.mandate_id is None


def _by_mandate(person_id: int, decision: Decision, head_id: int, at: datetime) -> dict[str, int | None]:
    """Return the seats for which somebody is the proxy, each with its mandate; a paper is for all seats of a head."""
    voters = select(ElectorateVoter.person_id).where(
        ElectorateVoter.head_id == head_id, ElectorateVoter.mandate_id.is_(None)
    )
    of_head = sorted(session().scalars(voters))
    here = and_(
        ProxyMandate.principal_id.in_(of_head),
        or_(
            ProxyMandate.decision_id == decision.id,
            and_(
                ProxyMandate.decision_id.is_(None),
                ProxyMandate.community_id == decision.community_id,
                ProxyMandate.given_at <= decision.notice_at,
                ProxyMandate.until > at,
            ),
        ),
    )
    on_paper = and_(ProxyMandate.head_id == head_id, ProxyMandate.confirmed_at.is_not(None))
    holding = select(ProxyMandate.id, ProxyMandate.principal_id).where(
        ProxyMandate.proxy_id == person_id, ProxyMandate.ended_at.is_(None), or_(here, on_paper)
    )
    seats: dict[str, int | None] = {}
    for mandate_id, principal in session().execute(holding):
        if principal is not None:
            seats[seat_of(principal)] = mandate_id
            continue
        held = found(session().get(ElectorateHead, head_id)).seats
        named = [seat_of(person) for person in of_head]
        seats |= dict.fromkeys([*named, *map(open_seat, range(held - len(named)))], mandate_id)
    return seats
