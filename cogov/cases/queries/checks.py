"""What must be nowhere: a case that waits for nobody."""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select

from cogov.cases.models import Case
from cogov.cases.rules import ENDED, HOLDER, Party
from cogov.cases.rules.dispatch import HANDLERS
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import OrganizationKind

_KINDS = {
    Party.SUPERVISION: {OrganizationKind.SUPERVISION},
    Party.COMMAND: {OrganizationKind.COMMAND},
    Party.BODY: HANDLERS,
}


def cases_without_holder() -> list[int]:
    """Return the open cases whose accountable organization is gone, of the wrong side, empty, or without a clock."""
    at = now()
    right_side = or_(
        *(and_(Case.state == state, Organization.kind.in_(_KINDS[party])) for state, party in HOLDER.items())
    )
    has_clock = exists().where(
        RunningClock.purpose == Purpose.CASE,
        RunningClock.subject_id == Case.id,
        RunningClock.organization_id == Case.accountable_id,
        RunningClock.stopped_at.is_(None),
    )
    has_people = exists().where(
        RoleHeld.organization_id == Case.accountable_id,
        RoleHeld.ended_at.is_(None),
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
    )
    query = (
        select(Case.id)
        .join(Organization, Organization.id == Case.accountable_id)
        .where(
            Case.state.not_in(ENDED),
            or_(Organization.ended_at.is_not(None), ~right_side, ~has_clock, ~has_people),
        )
    )
    return list(session().scalars(query.order_by(Case.id)))
