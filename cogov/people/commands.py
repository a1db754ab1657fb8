"""Joining, roles and mandates: one function per verb."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import record, verb
from cogov.people.events import OrganizationFounded, PersonJoined, RoleEnded, RoleGranted
from cogov.people.models import Identity, Organization, Person, RoleHeld, SignIn
from cogov.people.rules import Actor, OrganizationKind, Role, why_not_grant


@verb
def join(
    by: Actor,
    *,
    pseudonym: str,
    phone: str | None = None,
    email: str | None = None,
    name: str = "",
    password_hash: str | None = None,
    confirmed: bool = True,
) -> Person:
    """Enter a person; contacts come normalised and the password hashed (hashing stays outside the write lock)."""
    at = now()
    person = Person(pseudonym=pseudonym, created_at=at)
    with unless_taken(
        Refusal("pseudonym_taken", say("这个化名已经有人用了，请换一个。"), status=422),
    ):
        session().add(person)
    identity = Identity(
        person_id=person.id,
        name=name,
        phone=phone,
        email=email,
        password_hash=password_hash,
        confirmed_at=at if confirmed else None,
    )
    with unless_taken(
        Refusal(
            "contact_taken",
            say("这个手机号或邮箱已经注册过。"),
            what_next=say("请直接登录，或用验证码找回。"),
            status=422,
        ),
    ):
        session().add(identity)
    record(PersonJoined(person.id), by if by.person_id else Actor(person.id), subject=("person", person.id))
    return person


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


@verb
def act_under(by: Actor, sign_in_id: int, role_id: int | None) -> None:
    """Choose for which organization one acts from now on in this sign-in, or for oneself."""
    sign_in = found(session().get(SignIn, sign_in_id))
    held = {standing.id for standing in by.standings}
    fits = sign_in.person_id == by.person_id and (role_id is None or role_id in held)
    insist(None if fits else Refusal("not_your_mandate", say("您没有这项授权。"), status=403))
    sign_in.acting_id = role_id
