"""Organizations, roles and mandates: who may act for whom, from when until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.batches import Effect, effect_on
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import record, verb
from cogov.people.events import (
    OrganizationCorrected,
    OrganizationEnded,
    OrganizationFounded,
    RoleEnded,
    RoleGranted,
)
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import Actor, OrganizationKind, Role, why_not_correct, why_not_grant, why_not_mandate
from cogov.people.rules.keeping import why_not_end_administrator


@verb
def found_organization(
    by: Actor, *, kind: OrganizationKind, name: str, scope: str, short_name: str = "", contact: str = ""
) -> Organization:
    """Enter an organization that answers for a place and everything under it."""
    row = Organization(kind=kind, name=name, short_name=short_name or name[:20], scope=scope, contact=contact)
    with unless_taken(Refusal("organization_exists", say("这里已经有同名的单位。"), status=422)):
        session().add(row)
    record(OrganizationFounded(row.id, kind, commit_to(salt(), name)), by, subject=("organization", row.id))
    return row


def put_organization(
    by: Actor, *, kind: OrganizationKind, name: str, scope: str, short_name: str, contact: str
) -> tuple[Organization, Effect]:
    """Enter an organization or correct how it is called and reached, inside a transaction; its kind stays."""
    query = select(Organization).where(Organization.scope == scope, Organization.name == name)
    row = session().scalars(for_change(query)).one_or_none()
    if row is None:
        given = {"short_name": short_name, "contact": contact}
        return found_organization(by, kind=kind, name=name, scope=scope, **given), Effect.ENTERED
    insist(why_not_correct(row.kind, kind, ended=row.ended_at is not None))
    row.short_name, row.contact = short_name or row.short_name, contact or row.contact
    effect = effect_on(row)
    if effect is Effect.CORRECTED:
        record(OrganizationCorrected(row.id), by, subject=("organization", row.id))
    return row, effect


@verb
def end_organization(by: Actor, organization_id: int) -> Organization:
    """End an organization and every mandate to act for it; what it did keeps its name."""
    query = select(Organization).where(Organization.id == organization_id)
    row = found(session().scalars(for_change(query)).one_or_none())
    insist(None if row.ended_at is None else Refusal("organization_ended", say("这个单位已经终止。")))
    held = select(RoleHeld.id).where(RoleHeld.organization_id == organization_id, RoleHeld.ended_at.is_(None))
    for role_id in list(session().scalars(held.order_by(RoleHeld.id))):
        end_role(by, role_id)
    row.ended_at = now()
    record(OrganizationEnded(row.id), by, subject=("organization", row.id))
    return row


@verb
def grant_role(
    by: Actor,
    *,
    person_id: int,
    role: Role,
    scope: str,
    organization_id: int | None = None,
    public_name: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    document: str = "",
) -> RoleHeld:
    """Give a role at a place, now or from later on; for roles of an organization this is the mandate to act for it."""
    organization = found(session().get(Organization, organization_id)) if organization_id else None
    insist(why_not_grant(role, organization.kind if organization else None, public_name))
    if organization is not None:
        insist(why_not_mandate(scope, organization.scope, ended=organization.ended_at is not None))
    _end_expired(person_id, role, scope, organization_id)
    row = RoleHeld(
        person_id=person_id,
        role=role,
        scope=scope,
        organization_id=organization_id,
        public_name=public_name,
        document=document,
        since=since or now(),
        until=until,
        granted_by=by.person_id,
    )
    with unless_taken(Refusal("role_held", say("这个人已经有这个身份。"))):
        session().add(row)
    record(RoleGranted(person_id, role, organization_id, until), by, subject=("person", person_id))
    return row


def _end_expired(person_id: int, role: Role, scope: str, organization_id: int | None) -> None:
    """Close what has run out by itself, so that the same can be given anew."""
    session().execute(
        update(RoleHeld)
        .where(
            RoleHeld.person_id == person_id,
            RoleHeld.role == role,
            RoleHeld.scope == scope,
            RoleHeld.organization_id.is_not_distinct_from(organization_id),
            RoleHeld.ended_at.is_(None),
            RoleHeld.until <= now(),
        )
        .values(ended_at=RoleHeld.until)
        .execution_options(synchronize_session="fetch")
    )


@verb
def end_role(by: Actor, role_id: int) -> RoleHeld:
    """End a role or mandate before its time; it has effect on the next request."""
    row = found(session().scalars(for_change(select(RoleHeld).where(RoleHeld.id == role_id))).one_or_none())
    insist(None if row.ended_at is None else Refusal("role_ended", say("这个身份已经结束。")))
    if row.role is Role.ADMINISTRATOR:
        insist(why_not_end_administrator(row.scope, _other_administrators(row)))
    row.ended_at, row.ended_by = now(), by.person_id
    record(RoleEnded(row.person_id, row.role, row.organization_id), by, subject=("person", row.person_id))
    return row


def _other_administrators(row: RoleHeld) -> list[str]:
    """Return the areas of the other administrators; all are locked, so that two cannot end each other at once."""
    at = now()
    query = for_change(
        select(RoleHeld)
        .where(RoleHeld.role == Role.ADMINISTRATOR, RoleHeld.ended_at.is_(None), RoleHeld.since <= at)
        .order_by(RoleHeld.id)
    )
    held = list(session().scalars(query))
    return [each.scope for each in held if each.id != row.id and (each.until is None or each.until > at)]
