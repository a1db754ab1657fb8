"""What waits for those whose duty it is: papers to read again, mandates to confirm, doors to go back to, applications.

One statement for all of it, since every page of a desk asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from cogov.decisions.models import (
    Decision,
    InterestClaim,
    Motion,
    PaperReading,
    PaperSlip,
    ProxyMandate,
    Service,
)
from cogov.decisions.rules.interest import DECIDERS, InterestState
from cogov.decisions.rules.mandates import PAPERS
from cogov.decisions.rules.paper import COUNTERS, SlipState
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.decisions.rules.stages import DecisionState, MotionState
from cogov.ground.clock import now
from cogov.ground.db import Moment, session
from cogov.people.rules import Actor, Role
from cogov.places.models import Owner, Ownership, Place
from cogov.problems.models import Problem


class Handling(StrEnum):
    """A kind of work that waits."""

    SECOND_READING = "second_reading"
    THIRD_LOOK = "third_look"
    MANDATE = "mandate"
    SERVICE = "service"
    INTEREST = "interest"


@dataclass(frozen=True)
class Waiting:
    """So many things of a kind that wait in a vote, or for a motion."""

    kind: Handling
    id: int
    question: str
    count: int
    due_at: datetime | None


def waiting_for(by: Actor, most: int) -> list[Waiting]:
    """Return what waits for somebody by their offices, what is due first."""
    legs = [leg(by, here) for roles, leg in _LEGS for here in [_here(by, roles)] if here is not None]
    if not legs:
        return []
    every = union_all(*legs).subquery()
    query = select(every).order_by(every.c.due_at.is_(None), every.c.due_at, every.c.id, every.c.kind).limit(most)
    return [Waiting(Handling(row.kind), row.id, row.question, row.many, row.due_at) for row in session().execute(query)]


def _here(by: Actor, roles: Collection[Role]) -> ColumnElement[bool] | None:
    scopes = sorted({held.scope for held in by.standings if held.role in roles})
    return or_(*(Place.code.startswith(scope, autoescape=True) for scope in scopes)) if scopes else None


def _of_vote(kind: Any, count: Any, here: ColumnElement[bool]) -> Select[Any]:
    """Return the beginning of a leg about votes that are not counted."""
    return (
        select(
            kind.label("kind"),
            Decision.id.label("id"),
            Decision.question.label("question"),
            count.label("many"),
            Decision.closes_at.label("due_at"),
        )
        .join(Place, Decision.community_id == Place.id)
        .join(Problem, Decision.problem_id == Problem.id)
        .where(Decision.state != DecisionState.CLOSED, here, ~Problem.hidden)
        .group_by(Decision.id, Decision.question, Decision.closes_at)
    )


def _to_read(by: Actor, here: ColumnElement[bool]) -> Select[Any]:
    """Papers that somebody else has read once, and those that two people read differently: not by who read them."""
    kind = case((PaperSlip.state == SlipState.WAITING, Handling.SECOND_READING.value), else_=Handling.THIRD_LOOK.value)
    read = select(PaperReading.slip_id).where(PaperReading.person_id == by.person_id)
    return (
        _of_vote(kind, func.count(PaperSlip.id), here)
        .join(PaperSlip, PaperSlip.decision_id == Decision.id)
        .where(PaperSlip.state.in_((SlipState.WAITING, SlipState.DIFFERS)), PaperSlip.id.not_in(read))
        .group_by(PaperSlip.state)
    )


def _to_confirm(by: Actor, here: ColumnElement[bool]) -> Select[Any]:
    """Mandates on paper that somebody else has entered; after the close none is confirmed."""
    return (
        _of_vote(literal(Handling.MANDATE.value), func.count(ProxyMandate.id), here)
        .join(ProxyMandate, ProxyMandate.decision_id == Decision.id)
        .where(
            ProxyMandate.head_id.is_not(None),
            ProxyMandate.confirmed_at.is_(None),
            ProxyMandate.ended_at.is_(None),
            ProxyMandate.entered_by != by.person_id,
            Decision.closes_at > now(),
        )
    )


def _to_serve(_by: Actor, here: ColumnElement[bool]) -> Select[Any]:
    """Households to which somebody went in vain; whether they have opened the page meanwhile is nobody's to see."""
    brought = aliased(Service)
    delivered = exists().where(
        brought.head_id == Service.head_id,
        brought.means != ServiceMeans.OPENED,
        brought.outcome == ServiceOutcome.DELIVERED,
    )
    return (
        _of_vote(literal(Handling.SERVICE.value), func.count(func.distinct(Service.head_id)), here)
        .join(Service, Service.decision_id == Decision.id)
        .where(
            Service.outcome == ServiceOutcome.ABSENT,
            ~delivered,
            Decision.closes_at > now(),
        )
    )


def _to_admit(by: Actor, here: ColumnElement[bool]) -> Any:
    """Applications of owners elsewhere: none for a unit of one's own, nor those to one's own motion."""
    mine = select(Ownership.unit_id).join(Owner).where(Owner.person_id == by.person_id, Ownership.until.is_(None))
    return (
        select(
            literal(Handling.INTEREST.value).label("kind"),
            Motion.id.label("id"),
            Motion.question.label("question"),
            func.count(InterestClaim.id).label("many"),
            type_coerce(null(), Moment).label("due_at"),
        )
        .join(InterestClaim, InterestClaim.motion_id == Motion.id)
        .join(Place, Motion.community_id == Place.id)
        .join(Problem, Motion.problem_id == Problem.id)
        .where(
            InterestClaim.state == InterestState.WAITING,
            InterestClaim.person_id != by.person_id,
            InterestClaim.unit_id.not_in(mine),
            Motion.state.in_((MotionState.MOVED, MotionState.TABLED)),
            or_(Motion.organization_id.is_not(None), Motion.person_id != by.person_id),
            here,
            ~Problem.hidden,
        )
        .group_by(Motion.id, Motion.question)
    )


_LEGS: Sequence[tuple[Collection[Role], Any]] = (
    (COUNTERS, _to_read),
    (PAPERS, _to_confirm),
    (COUNTERS, _to_serve),
    (DECIDERS, _to_admit),
)
