"""Voting with help: marked by a helper beside the voter, cast when a second person says that they saw it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from cogov.decisions.commands.taking import (
    Coming,
    check_marks,
    fresh_code,
    locked_head,
    shared,
    standing_ballot,
    take,
)
from cogov.decisions.events import BallotHelped, HelpBegun, HelpEnded
from cogov.decisions.models import Ballot, Decision, ElectorateHead, HelpedBallot
from cogov.decisions.queries import decision_for
from cogov.decisions.queries.helping import help_by_code, help_refused, voters_at, witness_refused
from cogov.decisions.queries.opening import why_not_begun
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.channels import ON_PAPER, Channel, why_not_by
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.helping import HELPERS, WITNESS_TIME, help_waits, nobody_there, why_not_jointly
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import NotFound, Refusal, Refused, insist
from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id


@verb
def help_vote(
    by: Actor,
    decision_id: int,
    *,
    unit_id: int,
    voter_id: int | None = None,
    marks: str,
    reason: str = "",
    once: str | None = None,
) -> HelpedBallot:
    """Mark a ballot for a verified voter who is present; it counts once a second person agrees to have been there.

    ``voter_id`` may be left out where one person alone votes for the unit.
    """
    insist_once(by, once)
    decision, _ = decision_for(by, decision_id)
    insist(why_not_by(Channel.HELPED, thaw(decision.frozen_rule)))
    decision = shared(decision_id)
    head_id, voter = _voter(decision_id, unit_id, voter_id)
    insist(help_refused(by, decision, head_id))
    at = now()
    insist(_why_not_open(decision, at))
    check_marks(decision, marks, tidy(reason))
    head = locked_head(head_id)
    insist(why_not_jointly(head.seats))
    insist(_why_not_replace(standing_ballot(head), voter))
    by = by.under(by.standing(place_by_id(decision.community_id).code, *HELPERS))
    _forget_lapsed(head_id, at)
    row = HelpedBallot(
        decision_id=decision_id,
        head_id=head_id,
        code=fresh_code(),
        voter_id=voter,
        helper_id=found(by.person_id),
        helper_for=by.organization_id,
        marks=marks,
        reason=tidy(reason),
        at=at,
        until=at + WITNESS_TIME,
    )
    with unless_taken(help_waits()):
        session().add(row)
    _record(HelpBegun(decision_id, row.id), by, decision)
    return row


def _voter(decision_id: int, unit_id: int, voter_id: int | None) -> tuple[int, int]:
    voters = voters_at(decision_id, unit_id)
    chosen = [(head_id, person) for head_id, person, _ in voters if voter_id in (None, person)]
    if not voters:
        raise Refused(nobody_there())
    if len(chosen) != 1:
        raise Refused(
            Refusal(
                "voter_unclear",
                say("这一户有 {n} 位可以投票，请选来的是哪一位", n=len(voters)),
                what_next=say("请从名单里选"),
                status=422,
            )
        )
    return chosen[0]


def _why_not_open(decision: Decision, at: datetime) -> Refusal | None:
    return why_not_begun(decision, at) or why_not_cast(
        Casting(
            now=at,
            opens_at=decision.opens_at,
            closes_at=decision.closes_at,
            body=thaw(decision.frozen_rule).body,
            in_electorate=True,
            closed=decision.state is DecisionState.CLOSED,
        )
    )


def _why_not_replace(before: Ballot | None, voter: int) -> Refusal | None:
    """Refuse to replace what the voter did not cast, or cast alone: only they change that, on their own account."""
    helped_before = before is not None and before.channel in {Channel.HELPED, *ON_PAPER}
    if before is None or (helped_before and before.person_id == voter):
        return None
    return Refusal(
        "voted_already",
        say("这一户已经投过票，先到的算数"),
        what_next=say("投票的本人截止前可以用自己的账号改"),
    )


def _forget_lapsed(head_id: int, at: datetime) -> None:
    """End what waited for a witness longer than it may."""
    session().execute(
        update(HelpedBallot)
        .where(HelpedBallot.head_id == head_id, HelpedBallot.settled_at.is_(None), HelpedBallot.until <= at)
        .values(settled_at=at, agreed=False, marks="", reason="")
        .execution_options(synchronize_session="fetch")
    )


@verb
def witness_help(by: Actor, code: str, *, once: str | None = None) -> HelpedBallot:
    """Agree, as a second person who was there, that a helped ballot is what the voter wanted; it is cast with that."""
    insist_once(by, once)
    row, decision, head = _waiting(by, code)
    insist(witness_refused(by, row, decision))
    insist(_why_not_open(decision, now()))
    before = standing_ballot(head)
    insist(_why_not_replace(before, row.voter_id))
    by = by.under(None)
    take(by, decision, head, before, Coming(Channel.HELPED, row.voter_id, row.marks, row.reason, now()))
    _end(row, by, agreed=True)
    _record(BallotHelped(decision.id, row.id), by, decision)
    return row


@verb
def end_help(by: Actor, code: str, *, once: str | None = None) -> HelpedBallot:
    """Take a helped ballot back before it is witnessed (helper or voter), or say as a witness that it was not so."""
    insist_once(by, once)
    row, decision, _ = _waiting(by, code)
    if by.person_id not in (row.helper_id, row.voter_id):
        insist(witness_refused(by, row, decision))
    if row.settled_at is not None:
        raise Refused(Refusal("help_over", say("这次帮忙投票已经办完"), what_next=say("本人截止前可以自己改票")))
    _end(row, by, agreed=False)
    _record(HelpEnded(decision.id, row.id), by.under(None), decision)
    return row


def _waiting(by: Actor, code: str) -> tuple[HelpedBallot, Decision, ElectorateHead]:
    """Hold a share of the decision, then the row, then the household, as all who bring ballots do."""
    seen = help_by_code(code)
    decision_for(by, seen.decision_id)
    if by.person_id is None:
        raise NotFound
    decision = shared(seen.decision_id)
    query = for_change(select(HelpedBallot).where(HelpedBallot.id == seen.id))
    row = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    return row, decision, locked_head(row.head_id)


def _end(row: HelpedBallot, by: Actor, *, agreed: bool) -> None:
    row.settled_at, row.agreed, row.marks, row.reason = now(), agreed, "", ""
    row.witness_id = by.person_id if agreed else None


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
