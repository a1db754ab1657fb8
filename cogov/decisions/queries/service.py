"""Who was served: oneself, how many households for everybody, and attempts for those who make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, or_, select

from cogov.decisions.models import (
    Ballot,
    Closing,
    Decision,
    ElectorateHead,
    ElectorateUnit,
    ElectorateVoter,
    Objection,
    RollMark,
    Service,
    VoteReminder,
)
from cogov.decisions.queries.doors import doors_of
from cogov.decisions.queries.loading import decision_for
from cogov.decisions.queries.paper import is_counter
from cogov.decisions.queries.parts import of_somebody
from cogov.decisions.rules.electorate import whole_of
from cogov.decisions.rules.paper import not_a_counter
from cogov.decisions.rules.service import REMINDERS, ServiceMeans, ServiceOutcome, reminder_due, why_not_evidence
from cogov.decisions.rules.shortage import SMALLEST, batched
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.journal.kept import Of, kept
from cogov.people.rules import Actor
from cogov.places.models import Unit
from cogov.problems.models import Problem


def heads_to_open(by: Actor, decision_id: int) -> list[int]:
    """Return the households for which somebody votes and has not opened the page of a vote before."""
    opened = and_(
        Service.head_id == ElectorateVoter.head_id,
        Service.person_id == ElectorateVoter.person_id,
        Service.means == ServiceMeans.OPENED,
    )
    query = (
        select(ElectorateVoter.head_id)
        .outerjoin(Service, opened)
        .where(
            ElectorateVoter.decision_id == decision_id,
            ElectorateVoter.person_id == by.person_id,
            ElectorateVoter.mandate_id.is_(None),
            Service.id.is_(None),
        )
    )
    return list(session().scalars(query.order_by(ElectorateVoter.head_id)))


def heads_served(decision: Decision) -> int | None:
    """Return how many households a notice has reached, in full tens and at most a minute old; None where few vote."""
    if decision.heads_total < SMALLEST:
        return None
    return kept(("served", decision.id), lambda: batched(heads_reached(decision.id)), of=Of.REGISTERS)


def heads_reached(decision_id: int) -> int:
    """Count the households that a notice has reached; who has voted knows of the vote."""
    head = ElectorateHead.id
    reached = or_(
        exists().where(
            Service.decision_id == decision_id, Service.head_id == head, Service.outcome == ServiceOutcome.DELIVERED
        ),
        exists().where(Ballot.head_id == head, Ballot.decision_id == decision_id),
        exists().where(RollMark.head_id == head, RollMark.decision_id == decision_id),
    )
    here, share = ElectorateHead.decision_id == decision_id, ElectorateHead.key.like("%/%")
    whole = session().scalar(select(func.count()).select_from(ElectorateHead).where(here, ~share, reached)) or 0
    shares = session().scalars(select(ElectorateHead.key).where(here, share, reached))
    return whole + len({whole_of(key) for key in shares})


# For those who bring notices ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """One attempt by hand."""

    means: ServiceMeans
    outcome: ServiceOutcome
    on: date


@dataclass(frozen=True)
class ServiceRow:
    """A household on the round: its doors, and what was tried by hand; not whether it opened the page, or voted."""

    head_id: int
    doors: tuple[str, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class Round:
    """The households of a building, or of all, to which a notice is brought."""

    decision: Decision
    problem: Problem
    rows: tuple[ServiceRow, ...]
    served: int | None
    disputed: bool


def round_of(by: Actor, decision_id: int, building_id: int | None) -> Round:
    """Return the households of a building with the attempts that were made, for those who make them."""
    decision, problem = decision_for(by, decision_id)
    insist(None if is_counter(by, decision) else not_a_counter())
    return Round(
        decision=decision,
        problem=problem,
        rows=_households(decision_id, building_id) if building_id is not None else (),
        served=heads_served(decision),
        disputed=is_disputed(decision_id),
    )


def _households(decision_id: int, building_id: int) -> tuple[ServiceRow, ...]:
    query = (
        select(ElectorateUnit.head_id)
        .join(Unit, ElectorateUnit.unit_id == Unit.id)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .where(ElectorateUnit.decision_id == decision_id, ElectorateUnit.building_id == building_id, of_somebody())
        .group_by(ElectorateUnit.head_id)
        .order_by(func.min(Unit.staircase), func.min(Unit.door), ElectorateUnit.head_id)
    )
    heads = list(session().scalars(query))
    by_hand = select(Service).where(
        Service.decision_id == decision_id, Service.head_id.in_(heads), Service.means != ServiceMeans.OPENED
    )
    attempts: dict[int, list[Attempt]] = {}
    for row in session().scalars(by_hand.order_by(Service.id)):
        attempts.setdefault(row.head_id, []).append(Attempt(row.means, row.outcome, row.done_on))
    doors = doors_of(heads)
    return tuple(ServiceRow(head, tuple(doors.get(head, ())), tuple(attempts.get(head, ()))) for head in heads)


def head_in(decision_id: int, head_id: int) -> bool:
    """Say whether a household votes in a decision."""
    query = select(ElectorateHead.id).where(
        ElectorateHead.decision_id == decision_id, ElectorateHead.id == head_id, of_somebody()
    )
    return session().scalar(query) is not None


def is_disputed(decision_id: int) -> bool:
    """Say whether somebody has objected to the result of a vote, or it was annulled."""
    objected = select(Objection.id).where(Objection.decision_id == decision_id).limit(1)
    annulled = select(Closing.id).where(Closing.decision_id == decision_id, Closing.annulled_at.is_not(None))
    return session().scalar(objected) is not None or session().scalar(annulled) is not None


@dataclass(frozen=True)
class Evidence:
    """When a household was served, and how."""

    doors: tuple[str, ...]
    means: ServiceMeans
    outcome: ServiceOutcome
    on: date


def evidence_of(by: Actor, decision_id: int) -> tuple[Evidence, ...]:
    """Return all that is known of the service of a disputed vote; the command writes down who asked first."""
    decision, _ = decision_for(by, decision_id)
    insist(why_not_evidence(counter=is_counter(by, decision), disputed=is_disputed(decision_id)))
    rows = list(session().scalars(select(Service).where(Service.decision_id == decision_id).order_by(Service.id)))
    doors = doors_of(sorted({row.head_id for row in rows}))
    return tuple(Evidence(tuple(doors.get(row.head_id, ())), row.means, row.outcome, row.done_on) for row in rows)


# Reminders ----------------------------------------------------------------------------------------------------------


def reminders_due() -> list[tuple[int, int]]:
    """Return the running votes whose people are to be reminded now, with how many hours before the close that is."""
    at = now()
    query = select(Decision).where(
        Decision.state == DecisionState.OPEN, Decision.closes_at > at, Decision.closes_at <= at + max(REMINDERS)
    )
    due = [
        (decision, int(before.total_seconds()) // 3600)
        for decision in session().scalars(query.order_by(Decision.id))
        if (before := reminder_due(at, decision.opens_at, decision.closes_at)) is not None
    ]
    said = {
        (row.decision_id, row.closes_at, row.hours)
        for row in session().scalars(
            select(VoteReminder).where(VoteReminder.decision_id.in_([decision.id for decision, _ in due]))
        )
    }
    return [(each.id, hours) for each, hours in due if (each.id, each.closes_at, hours) not in said]
