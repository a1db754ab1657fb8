"""Paper ballots: made for households, read by two people on their own, counted once with all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import exists, select, update

from cogov.decisions.commands.closing import close_decision
from cogov.decisions.commands.sheets import has_mark, mark_roll
from cogov.decisions.commands.taking import (
    Coming,
    check_marks,
    locked_head,
    new_nonce,
    shared,
    standing_ballot,
    take,
    voters_of,
)
from cogov.decisions.events import PaperRead, PaperRejected, PapersPrinted
from cogov.decisions.models import Decision, ElectorateHead, ElectorateUnit, PaperReading, PaperSlip
from cogov.decisions.queries import decision_for
from cogov.decisions.queries.opening import why_not_begun
from cogov.decisions.queries.paper import readings_of, slip_by_code, standing_of_counter
from cogov.decisions.queries.parts import of_somebody
from cogov.decisions.rules.channels import Channel, why_not_by
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.paper import (
    ENTRY_TIME,
    MOST_PRINTED,
    OPEN_STATES,
    Entering,
    Reading,
    SlipFault,
    SlipState,
    agreed,
    fault_of_date,
    no_picture,
    signer_unknown,
    state_after,
    why_not_enter,
    why_not_print,
    why_not_say,
)
from cogov.decisions.rules.receipts import receipt
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.sheets import why_not_this_half
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.queries import calendar_for
from cogov.files.commands import keep_picture
from cogov.files.rules import Drawn, draw_anew
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import CLOCK, Actor
from cogov.places.queries import place_by_id

# Printing -----------------------------------------------------------------------------------------------------------


@verb
def print_papers(
    by: Actor,
    decision_id: int,
    *,
    building_id: int | None = None,
    unit_id: int | None = None,
    once: str | None = None,
) -> int:
    """Make paper ballots for the households of a unit, a building or all that have none; return how many."""
    insist_once(by, once)
    decision, by = counting(by, decision_id)
    insist(why_not_by(Channel.PAPER, thaw(decision.frozen_rule)))
    decision = shared(decision_id)
    heads = _heads_without(decision_id, building_id, unit_id)
    insist(why_not_print(chosen=len(heads), closed=_over(decision)))
    at = now()
    with unless_taken(Refusal("printed_meanwhile", say("刚刚有人印了同一批纸票"), what_next=say("请刷新页面"))):
        session().add_all(_slip(head, by, at) for head in heads)
    _record(PapersPrinted(decision_id, len(heads)), by, decision)
    return len(heads)


def _slip(head: ElectorateHead, by: Actor, at: object) -> PaperSlip:
    nonce = new_nonce()
    return PaperSlip(
        decision_id=head.decision_id,
        head_id=head.id,
        code=receipt(head.decision_id, head.key, nonce),
        nonce=nonce.hex(),
        issued_by=found(by.person_id),
        issued_at=at,
    )


def _heads_without(decision_id: int, building_id: int | None, unit_id: int | None) -> Sequence[ElectorateHead]:
    live = exists().where(PaperSlip.head_id == ElectorateHead.id, PaperSlip.state != SlipState.REJECTED)
    query = select(ElectorateHead).where(ElectorateHead.decision_id == decision_id, ~live, of_somebody())
    of_it = exists().where(ElectorateUnit.head_id == ElectorateHead.id)
    if building_id is not None:
        query = query.where(of_it.where(ElectorateUnit.building_id == building_id))
    if unit_id is not None:
        query = query.where(of_it.where(ElectorateUnit.unit_id == unit_id))
    return session().scalars(query.order_by(ElectorateHead.id).limit(MOST_PRINTED)).all()


def counting(by: Actor, decision_id: int) -> tuple[Decision, Actor]:
    """Return a decision, and the actor under the standing by which they print and enter its papers."""
    decision, _ = decision_for(by, decision_id)
    return decision, by.under(standing_of_counter(by, decision))


def _over(decision: Decision) -> bool:
    return decision.state is DecisionState.CLOSED or now() >= decision.closes_at


# Entering -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paper:
    """What somebody says that a paper shows."""

    marks: str = ""
    signed_on: date | None = None
    signer_id: int | None = None
    fault: SlipFault | None = None
    reason: str = ""
    channel: Channel = Channel.PAPER

    @property
    def reading(self) -> Reading:
        """Return it in the one form in which two readings are compared."""
        if self.fault is not None:
            return Reading("", None, None, self.fault)
        return Reading(self.marks, self.signed_on, self.signer_id, None, tidy(self.reason))


def enter_paper(
    by: Actor, code: str, paper: Paper, *, picture: bytes | None = None, folder: Path, once: str | None = None
) -> PaperSlip:
    """Enter what one reads on a paper ballot; it counts when two have read the same.

    The first who enters it adds its ``picture``, which only those see who read it too, and again after the count.
    """
    return _enter(by, code, paper, draw_anew(picture) if picture else None, folder, once)


@verb
def _enter(by: Actor, code: str, paper: Paper, drawn: Drawn | None, folder: Path, once: str | None) -> PaperSlip:
    insist_once(by, once)
    decision, by = counting(by, slip_by_code(code).decision_id)
    decision = shared(decision.id)
    slip = found(
        session()
        .scalars(for_change(select(PaperSlip).where(PaperSlip.code == code)), execution_options=_ANEW)
        .one_or_none()
    )
    before = readings_of(slip.id)
    insist(why_not_begun(decision, now()))
    insist(
        why_not_enter(
            Entering(
                now=now(),
                opens_at=decision.opens_at,
                closes_at=decision.closes_at,
                closed=decision.state is DecisionState.CLOSED,
                state=slip.state,
                fault=slip.fault,
                readers=tuple(each.person_id for each in before),
                reader=found(by.person_id),
            )
        )
    )
    _check(decision, slip, paper)
    insist(why_not_this_half(thaw(decision.frozen_rule), paper.marks, paper.reason))
    if not before:
        if drawn is None:
            raise Refused(no_picture())
        slip.picture_id = keep_picture(by, drawn, folder).id
        slip.channel = paper.channel
    row = _reading(by, slip, paper.reading, len(before) + 1)
    with unless_taken(Refusal("read_meanwhile", say("刚刚有人录了这张纸票"), what_next=say("请刷新页面"))):
        session().add(row)
    _record(PaperRead(decision.id, slip.id, row.position), by, decision)
    _settle(by, decision, slip, [*before, row])
    return slip


_ANEW = {"populate_existing": True}


def _check(decision: Decision, slip: PaperSlip, paper: Paper) -> None:
    insist(why_not_say(paper.channel, paper.fault))
    if paper.fault is not None:
        return
    if not is_secret(thaw(decision.frozen_rule)):
        check_marks(decision, paper.marks, tidy(paper.reason))
    if paper.signed_on is None:
        raise Refused(
            Refusal("date_missing", say("请填纸票上写的日期"), what_next=say("没有写日期的，选“不算”"), status=422)
        )
    if paper.signer_id is not None and paper.signer_id not in voters_of(slip.head_id):
        raise Refused(signer_unknown())


def _reading(by: Actor, slip: PaperSlip, reading: Reading, position: int) -> PaperReading:
    return PaperReading(
        slip_id=slip.id,
        position=position,
        person_id=found(by.person_id),
        organization_id=by.organization_id,
        marks=reading.marks,
        reason=reading.reason,
        fault=reading.fault,
        signed_on=reading.signed_on,
        signer_id=reading.signer_id,
        at=now(),
    )


def _settle(by: Actor, decision: Decision, slip: PaperSlip, rows: Sequence[PaperReading]) -> None:
    """Count a paper that two have read alike, unless the household has a ballot: what came first stands."""
    head = locked_head(slip.head_id)
    readings = [Reading(row.marks, row.signed_on, row.signer_id, row.fault, row.reason) for row in rows]
    alike = agreed(readings)
    fault = _fault(decision, alike)
    if standing_ballot(head) is not None or has_mark(head):
        _reject(by, decision, slip, SlipFault.ALREADY_CAST)
    elif alike is None:
        slip.state, unclear = state_after(readings)
        if unclear is not None:
            _reject(by, decision, slip, unclear)
    elif fault is not None:
        _reject(by, decision, slip, fault)
    elif is_secret(thaw(decision.frozen_rule)):
        mark_roll(head, alike.signer_id)
        slip.state = SlipState.COUNTED
        _settled(slip)
    else:
        nonce = bytes.fromhex(slip.nonce)
        # What all co-owners have signed none of them changes alone.
        signer = alike.signer_id if head.seats == 1 else None
        coming = Coming(slip.channel, signer, alike.marks, alike.reason, rows[0].at, nonce)
        take(by, decision, head, None, coming)
        slip.state = SlipState.COUNTED
        _settled(slip)


def _fault(decision: Decision, alike: Reading | None) -> SlipFault | None:
    if alike is None or alike.fault is not None:
        return alike.fault if alike else None
    day = calendar_for(place_by_id(decision.community_id).code).local_day
    return fault_of_date(alike.signed_on, day(decision.opens_at), day(decision.closes_at))


def _reject(by: Actor, decision: Decision, slip: PaperSlip, fault: SlipFault) -> None:
    slip.state, slip.fault = SlipState.REJECTED, fault
    _settled(slip)
    _record(PaperRejected(decision.id, slip.id, fault), by, decision)


def _settled(slip: PaperSlip) -> None:
    """Keep of the readings who made them and when; what they say is the ballot's from now on."""
    slip.settled_at = now()
    session().execute(
        update(PaperReading)
        .where(PaperReading.slip_id == slip.id)
        .values(marks="", reason="", signer_id=None)
        .execution_options(synchronize_session="fetch")
    )


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )


# The close ----------------------------------------------------------------------------------------------------------


def close_read_votes() -> int:
    """Count the votes that waited for the second readings of papers; return how many."""
    of_it = exists().where(PaperSlip.decision_id == Decision.id, PaperSlip.state.in_(OPEN_STATES))
    query = (
        select(Decision.id)
        .where(
            Decision.state == DecisionState.OPEN,
            Decision.closes_at <= now(),
            exists().where(PaperSlip.decision_id == Decision.id),
            ~of_it | (Decision.closes_at <= now() - ENTRY_TIME),
        )
        .order_by(Decision.id)
    )
    ids = list(session().scalars(query))
    for decision_id in ids:
        close_decision(CLOCK, decision_id)
    return len(ids)
