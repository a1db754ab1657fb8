"""What two administrators sign, and who looked at a person's contact data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Countersign, Look, Organization
from cogov.people.queries.organizations import holders
from cogov.people.rules import Role
from cogov.people.rules.looking import LookReason


def administrators_of(scope: str) -> list[int]:
    """Return who is administrator of a place now."""
    return holders(Role.ADMINISTRATOR, scope)


def countersigns_open() -> list[Countersign]:
    """Return what waits for a second person anywhere, the oldest first."""
    query = select(Countersign).where(Countersign.settled_at.is_(None), Countersign.until > now())
    return list(session().scalars(query.order_by(Countersign.id)))


@dataclass(frozen=True)
class LookShown:
    """A look as its person reads it: who by role and organization, why, when."""

    role: Role
    organization: str
    reason: LookReason
    at: datetime


def looks_at(person_id: int, limit: int = 50) -> list[LookShown]:
    """Return who saw a person's contact data lately."""
    query = (
        select(Look, Organization.name)
        .outerjoin(Organization, Organization.id == Look.organization_id)
        .where(Look.person_id == person_id)
        .order_by(Look.id.desc())
        .limit(limit)
    )
    return [LookShown(row.role, name or "", row.reason, row.at) for row, name in session().execute(query)]
