"""The roles that people hold, who may not speak for a time, and one who acts with all of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.models import Organization, Person, RoleHeld, Suspension
from cogov.people.rules import ANYONE, Actor, Standing
from cogov.people.rules.suspension import Suspended

Instant = datetime | BindParameter[datetime]


def _standing(held: RoleHeld, organization: Organization | None) -> Standing:
    return Standing(
        id=held.id,
        role=held.role,
        scope=held.scope,
        organization_id=held.organization_id,
        organization_name=organization.name if organization else "",
        organization_kind=organization.kind if organization else None,
        public_name=held.public_name,
        until=held.until,
    )


def held_at(at: Instant) -> ColumnElement[bool]:
    """Say which roles are held at a moment: begun, not ended, and not run out."""
    return and_(
        RoleHeld.ended_at.is_(None),
        RoleHeld.since <= at,
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
    )


def standings_of(person_id: int) -> tuple[Standing, ...]:
    """Return the roles a person holds now, mandates of ended organizations left out."""
    rows = session().execute(
        select(RoleHeld, Organization)
        .outerjoin(Organization, RoleHeld.organization_id == Organization.id)
        .where(RoleHeld.person_id == person_id, *holding(now()))
        .order_by(RoleHeld.id)
    )
    return tuple(_standing(held, organization) for held, organization in rows)


def holding(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say which roles are held at a moment; the organization of a mandate, if it has one, is joined to them."""
    return held_at(at), Organization.ended_at.is_(None)


def suspended_at(at: Instant) -> ColumnElement[bool]:
    """Say which suspensions hold at a moment: agreed to, not lifted, and in their time."""
    return and_(
        Suspension.agreed_at.is_not(None), Suspension.lifted_at.is_(None), Suspension.since <= at, Suspension.until > at
    )


def _suspended(rows: Iterable[Suspension]) -> tuple[Suspended, ...]:
    return tuple(Suspended(row.scope, row.reason, row.until) for row in rows)


def as_actor(
    person_id: int,
    pseudonym: str,
    acting_id: int | None,
    suspended: tuple[Suspended, ...],
    standings: tuple[Standing, ...],
) -> Actor:
    """Return a person with what they hold; who acts under a role that has ended acts under none."""
    acting = next((held for held in standings if held.id == acting_id), None)
    return Actor(person_id, pseudonym, standings, acting, suspended=suspended)


def actor_of(person_id: int, acting_id: int | None = None) -> Actor:
    """Return a person as one who acts, with every standing held now; anonymous when suspended."""
    person = session().get(Person, person_id)
    if person is None or person.suspended_at is not None:
        return ANYONE
    held = session().scalars(select(Suspension).where(Suspension.person_id == person_id, suspended_at(now())))
    return as_actor(person_id, person.pseudonym, acting_id, _suspended(held), standings_of(person_id))
