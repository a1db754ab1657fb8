"""That a notice reached people: opened by themselves, brought to the door; and reminders to who has not voted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cogov.decisions.commands.paper import counting
from cogov.decisions.events import ServiceLookedAt, ServiceRecorded, VotersReminded
from cogov.decisions.models import Decision, Service, VoteReminder
from cogov.decisions.queries.service import Evidence, evidence_of, head_in, heads_to_open, reminders_due
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome, why_not_serve
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.queries import calendar_for
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import NotFound, Refusal, Refused, insist
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import CLOCK, Actor
from cogov.places.queries import place_by_id


@verb
def note_opened(by: Actor, decision: Decision) -> None:
    """Note that somebody who votes has opened the page of a vote; no entry is made of it, since nobody is watched."""
    heads = heads_to_open(by, decision.id)
    if not heads or by.person_id is None:
        return
    with unless_taken(Refusal("opened_meanwhile", say("刚刚已经打开过"))):
        session().add_all(
            Service(
                decision_id=decision.id,
                head_id=head_id,
                means=ServiceMeans.OPENED,
                outcome=ServiceOutcome.DELIVERED,
                person_id=by.person_id,
                done_on=_today(decision),
                at=now(),
            )
            for head_id in heads
        )


def _today(decision: Decision) -> date:
    return calendar_for(place_by_id(decision.community_id).code).local_day(now())


@verb
def record_service(
    by: Actor,
    decision_id: int,
    *,
    head_id: int,
    means: ServiceMeans,
    outcome: ServiceOutcome,
    on: date | None = None,
    once: str | None = None,
) -> Service:
    """Write down that one brought the notice of a vote to a household, or tried to."""
    insist_once(by, once)
    decision, by = counting(by, decision_id)
    if not head_in(decision_id, head_id):
        raise NotFound
    local, today = calendar_for(place_by_id(decision.community_id).code).local_day, _today(decision)
    if decision.state is DecisionState.CLOSED:
        raise Refused(Refusal("voting_closed", say("投票已经截止，不再记送达")))
    insist(why_not_serve(means, on or today, local(decision.notice_at), today))
    row = Service(
        decision_id=decision_id,
        head_id=head_id,
        means=means,
        outcome=outcome,
        person_id=found(by.person_id),
        organization_id=by.organization_id,
        done_on=on or today,
        at=now(),
    )
    session().add(row)
    session().flush()
    _record(ServiceRecorded(decision_id, row.id), by, decision)
    return row


@verb
def look_at_service(by: Actor, decision_id: int) -> tuple[Evidence, ...]:
    """Return who was served when, where a result is disputed; that it was looked at stands in the journal."""
    decision, by = counting(by, decision_id)
    evidence = evidence_of(by, decision_id)
    _record(ServiceLookedAt(decision_id), by, decision)
    return evidence


def remind_voters() -> int:
    """Remind those who have not voted, 48 and 24 hours before a close, once each; return how many votes it was for."""
    due = reminders_due()
    for decision_id, hours in due:
        _remind(decision_id, hours)
    return len(due)


@verb
def _remind(decision_id: int, hours: int) -> None:
    # Two processes may look at the same moment: the second waits here, and finds it done.
    decision = _held(decision_id)
    if (decision_id, hours) not in reminders_due():
        return
    session().add(VoteReminder(decision_id=decision_id, closes_at=decision.closes_at, hours=hours, at=now()))
    session().flush()
    _record(VotersReminded(decision_id, hours), CLOCK, decision)


def _held(decision_id: int) -> Decision:
    return found(session().scalars(for_change(select(Decision).where(Decision.id == decision_id))).one_or_none())


def _record(event: Event, by: Actor, decision: Decision) -> None:
    record(
        event,
        by,
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )
