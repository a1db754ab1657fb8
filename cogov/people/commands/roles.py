"""Organizations, roles and mandates: who may act for whom, from when until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import record, verb
from cogov.people.events import OrganizationFounded, RoleEnded, RoleGranted
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import Actor, OrganizationKind, Role, why_not_grant


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


@verb
def grant_role(
    by: Actor,
    *,
    person_id: int,
    role: Role,
    scope: str,
    organization_id: int | None = None,
    public_name: str = "",
    until: datetime | None = None,
) -> RoleHeld:
    """Give a role at a place; for roles of an organization this is the mandate to act for it."""
    kind = found(session().get(Organization, organization_id)).kind if organization_id else None
    insist(why_not_grant(role, kind, public_name))
    row = RoleHeld(
        person_id=person_id,
        role=role,
        scope=scope,
        organization_id=organization_id,
        public_name=public_name,
        since=now(),
        until=until,
        granted_by=by.person_id,
    )
    with unless_taken(Refusal("role_held", say("这个人已经有这个身份。"))):
        session().add(row)
    record(RoleGranted(person_id, role, organization_id, until), by, subject=("person", person_id))
    return row


@verb
def end_role(by: Actor, role_id: int) -> RoleHeld:
    """End a role or mandate before its time; it has effect on the next request."""
    row = found(session().scalars(for_change(select(RoleHeld).where(RoleHeld.id == role_id))).one_or_none())
    insist(None if row.ended_at is None else Refusal("role_ended", say("这个身份已经结束。")))
    row.ended_at, row.ended_by = now(), by.person_id
    record(RoleEnded(row.person_id, row.role, row.organization_id), by, subject=("person", row.person_id))
    return row
