"""How long each step of the way takes, measured by the public clocks; pauses are taken out and shown elsewhere."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, extract, func, select

from cogov.duties.models import ClockPause, RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.oversight.queries.scope import clocks_in, during
from cogov.oversight.rules import Leg, Pace, Span
from cogov.people.models import Organization
from cogov.people.rules import OrganizationKind
from cogov.places.models import Place

_LEG_OF = {
    Purpose.TRIAGE: Leg.TRIAGE,
    Purpose.APPEAL: Leg.APPEAL,
    Purpose.DELIBERATION: Leg.DELIBERATION,
    Purpose.CONCERN: Leg.CONCERN,
    Purpose.MEDIATION: Leg.MEDIATION,
    Purpose.DECISION_CLOSE: Leg.VOTE,
    Purpose.RESOLUTION_ANSWER: Leg.RESOLUTION_ANSWER,
    Purpose.CLAIM: Leg.CLAIM,
    Purpose.CALL: Leg.CALL,
    Purpose.CONFIRMATION: Leg.CONFIRMATION,
}
_HOLDER_OF = {OrganizationKind.SUPERVISION: Leg.CENTRE, OrganizationKind.COMMAND: Leg.COMMAND}


def _leg() -> ColumnElement[str]:
    """A case has one clock after the other: whose it is says which step it measures."""
    holders = [
        ((RunningClock.purpose == Purpose.CASE) & (Organization.kind == kind), leg.value)
        for kind, leg in _HOLDER_OF.items()
    ]
    purposes = [(RunningClock.purpose == purpose, leg.value) for purpose, leg in _LEG_OF.items()]
    return case(*holders, *purposes, else_=Leg.BODY.value)


def paces(place: Place, span: Span) -> list[Pace]:
    """Return the pace of each step that was finished on clocks falling due in a span, in the order of the loop."""
    paused = (
        select(
            ClockPause.clock_id,
            func.sum(extract("epoch", ClockPause.ended_at) - extract("epoch", ClockPause.began_at)).label("seconds"),
        )
        .where(ClockPause.ended_at.is_not(None))
        .group_by(ClockPause.clock_id)
        .subquery()
    )
    ran = extract("epoch", RunningClock.stopped_at) - extract("epoch", RunningClock.started_at)
    leg = _leg().label("leg")
    measured = (
        select(leg, (ran - func.coalesce(paused.c.seconds, 0)).label("seconds"))
        .outerjoin(Organization, RunningClock.organization_id == Organization.id)
        .outerjoin(paused, paused.c.clock_id == RunningClock.id)
        .where(
            clocks_in(place),
            RunningClock.purpose.in_((Purpose.CASE, *_LEG_OF)),
            during(RunningClock.due_at, span),
            RunningClock.stopped_at.is_not(None),
        )
        .subquery()
    )
    ranked = select(
        measured.c.leg,
        measured.c.seconds,
        func.row_number().over(partition_by=measured.c.leg, order_by=measured.c.seconds).label("nth"),
        func.count().over(partition_by=measured.c.leg).label("size"),
    ).subquery()
    # The lower of two middle ones: a median that was really measured.
    middle, ninth = (ranked.c.size + 1) // 2, (ranked.c.size * 9 + 9) // 10
    query = (
        select(
            ranked.c.leg,
            func.max(ranked.c.size),
            func.max(case((ranked.c.nth == middle, ranked.c.seconds))),
            func.max(case((ranked.c.nth == ninth, ranked.c.seconds))),
        )
        .where((ranked.c.nth == middle) | (ranked.c.nth == ninth))
        .group_by(ranked.c.leg)
    )
    found = {Leg(leg): (size, int(median), int(nine)) for leg, size, median, nine in session().execute(query)}
    return [Pace(leg, *found[leg]) for leg in Leg if leg in found]
