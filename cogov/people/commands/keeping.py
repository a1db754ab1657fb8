"""Keeping the register of people through the pages: the same verbs as elsewhere, each within one's own area."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.models import JournalHead
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.commands.countersigning import ask_countersign, carried_out_by
from cogov.people.commands.joining import invite_person, join
from cogov.people.commands.roles import end_organization, end_role, found_organization, grant_role
from cogov.people.events import (
    OrganizationCorrected,
    PersonSuspended,
    SuspensionAgreed,
    SuspensionLifted,
)
from cogov.people.models import Countersign, Organization, Person, RoleHeld, Suspension
from cogov.people.queries import identity_by_contact, place_names
from cogov.people.rules import Actor, OrganizationKind, Role, why_not_correct
from cogov.people.rules.contacts import Contact
from cogov.people.rules.countersigning import CountersignedAct
from cogov.people.rules.keeping import (
    SUSPENDERS,
    why_not_agree_to_suspend,
    why_not_keep,
    why_not_oneself,
    why_not_since,
)
from cogov.people.rules.sheets import why_not_by_hand, why_not_until
from cogov.people.rules.suspension import SuspensionReason, wants_agreement, why_not_span

# Persons and roles -------------------------------------------------------------------------------------------------


@verb
def register_person(by: Actor, *, contact: Contact, name: str, pseudonym: str, once: str | None = None) -> Person:
    """Enter a person and who they are; only who keeps some register may, and the contact is proved later."""
    held = by.is_clock or any(each.role is Role.ADMINISTRATOR for each in by.standings)
    insist(None if held else why_not_keep(by, ""))
    insist_once(by, once)
    return invite_person(by, contact=contact, name=name, pseudonym=pseudonym)


@verb
def appoint(
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
    once: str | None = None,
) -> RoleHeld | Countersign:
    """Give somebody else a role in one's own area; an administrator is made by two, where there is a second one."""
    insist(why_not_keep(by, scope))
    insist(why_not_oneself(by, person_id))
    insist(why_not_by_hand(role))
    insist(None if place_names([scope]) else _no_place(scope))
    insist(why_not_until(until, now()) or why_not_since(since or now(), until))
    found(session().get(Person, person_id))
    insist_once(by, once)
    if role is Role.ADMINISTRATOR and not by.is_clock:
        terms = {"since": _written(since), "until": _written(until), "document": document}
        act = CountersignedAct.GRANT_ADMINISTRATOR
        waits = ask_countersign(by, act, person_id=person_id, scope=scope, terms=terms)
        if waits is not None:
            return waits
    return grant_role(
        by,
        person_id=person_id,
        role=role,
        scope=scope,
        organization_id=organization_id,
        public_name=public_name,
        since=since,
        until=until,
        document=document,
    )


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _read(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _grant_administrator(by: Actor, person_id: int, scope: str, terms: Mapping[str, Any]) -> None:
    until = _read(terms["until"])
    insist(why_not_until(until, now()))
    grant_role(
        by,
        person_id=person_id,
        role=Role.ADMINISTRATOR,
        scope=scope,
        since=_read(terms["since"]),
        until=until,
        document=terms["document"],
    )


def _end_administrator(by: Actor, _person_id: int, _scope: str, terms: Mapping[str, Any]) -> None:
    end_role(by, terms["role_id"])


carried_out_by(CountersignedAct.GRANT_ADMINISTRATOR, _grant_administrator)
carried_out_by(CountersignedAct.END_ADMINISTRATOR, _end_administrator)


def _no_place(code: str) -> Refusal:
    return Refusal(
        "place_missing", say("地域 {code} 还没有登记。", code=code), what_next=say("请先登记地域。"), status=422
    )


@verb
def dismiss(by: Actor, role_id: int, *, once: str | None = None) -> RoleHeld | Countersign:
    """End a role that lies in one's own area; another administrator's is ended by two, where there is a third one."""
    row = found(session().get(RoleHeld, role_id))
    insist(why_not_keep(by, row.scope))
    insist_once(by, once)
    others = row.role is Role.ADMINISTRATOR and by.person_id not in (None, row.person_id)
    if others and row.ended_at is None:
        act, terms = CountersignedAct.END_ADMINISTRATOR, {"role_id": role_id}
        waits = ask_countersign(by, act, person_id=row.person_id, scope=row.scope, terms=terms)
        if waits is not None:
            return waits
    return end_role(by, role_id)


@verb
def found_first_administrator(
    by: Actor, *, contact: Contact, name: str, pseudonym: str, password_hash: str, scope: str
) -> Person:
    """Let the first administrator of an empty installation join; afterwards administrators make each other."""
    # Two who hold the code at once: the second waits here, and then finds the first.
    session().execute(for_change(select(JournalHead)))
    insist(why_not_first(somebody=administered()))
    person = join(
        by,
        pseudonym=pseudonym,
        phone=contact.phone,
        email=contact.email,
        name=name,
        password_hash=password_hash,
        confirmed=True,
    )
    grant_role(Actor(person.id, pseudonym), person_id=person.id, role=Role.ADMINISTRATOR, scope=scope)
    return person


def why_not_first(*, somebody: bool) -> Refusal | None:
    """An installation that has an administrator is not set up a second time."""
    if not somebody:
        return None
    return Refusal(
        "administrator_exists",
        say("这里已经有系统管理员，设置码不再有效。"),
        what_next=say("请用管理员的账号登录；忘了密码可以用验证码找回。"),
        status=409,
    )


def administered() -> bool:
    """Say whether anybody holds the role of administrator now."""
    query = select(RoleHeld.id).where(
        RoleHeld.role == Role.ADMINISTRATOR,
        RoleHeld.ended_at.is_(None),
        or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
    )
    return session().scalar(query.limit(1)) is not None


# Organizations -----------------------------------------------------------------------------------------------------


@verb
def enter_organization(
    by: Actor,
    *,
    kind: OrganizationKind,
    name: str,
    scope: str,
    short_name: str = "",
    contact: str = "",
    once: str | None = None,
) -> Organization:
    """Enter an organization that answers for a place in one's own area."""
    insist(why_not_keep(by, scope))
    insist(None if place_names([scope]) else _no_place(scope))
    insist_once(by, once)
    return found_organization(by, kind=kind, name=name, scope=scope, short_name=short_name, contact=contact)


@verb
def correct_organization(
    by: Actor, organization_id: int, *, name: str, short_name: str, contact: str, once: str | None = None
) -> Organization:
    """Correct how an organization of one's own area is called and reached; kind and place stay."""
    row = _organization(by, organization_id)
    insist(why_not_correct(row.kind, row.kind, ended=row.ended_at is not None))
    insist_once(by, once)
    twin = select(Organization.id).where(
        Organization.scope == row.scope, Organization.name == name, Organization.id != row.id
    )
    taken = Refusal("organization_exists", say("这里已经有同名的单位。"), status=422)
    insist(None if session().scalar(twin) is None else taken)
    row.name, row.short_name, row.contact = name, short_name or name[:20], contact
    record(OrganizationCorrected(row.id), by, subject=("organization", row.id))
    return row


@verb
def close_organization(by: Actor, organization_id: int, *, once: str | None = None) -> Organization:
    """End an organization of one's own area and every mandate to act for it."""
    row = _organization(by, organization_id)
    insist_once(by, once)
    return end_organization(by, row.id)


def _organization(by: Actor, organization_id: int) -> Organization:
    query = select(Organization).where(Organization.id == organization_id)
    row = found(session().scalars(for_change(query)).one_or_none())
    insist(why_not_keep(by, row.scope))
    return row


# Suspension --------------------------------------------------------------------------------------------------------


@verb
def suspend_person(
    by: Actor,
    *,
    person_id: int,
    scope: str,
    reason: SuspensionReason,
    until: datetime,
    since: datetime | None = None,
    once: str | None = None,
) -> Suspension:
    """Keep somebody from raising, seconding, speaking and claiming at a place; a long one waits for a second person."""
    insist(why_not_keep(by, scope, *SUSPENDERS))
    insist(why_not_oneself(by, person_id))
    insist(None if place_names([scope]) else _no_place(scope))
    # One after the other for one person, so that two of the same time are not begun together.
    found(session().scalars(for_change(select(Person).where(Person.id == person_id))).one_or_none())
    at = now()
    since = max(since or at, at)
    insist(why_not_span(since, until, at))
    insist(_why_not_twice(person_id, scope, since, until))
    insist_once(by, once)
    waits = wants_agreement(since, until) and not by.is_clock
    row = Suspension(
        person_id=person_id,
        scope=scope,
        reason=reason,
        since=since,
        until=until,
        asked_by=by.person_id,
        agreed_at=None if waits else at,
    )
    session().add(row)
    session().flush()
    record(PersonSuspended(person_id, row.id, reason, until, waits), by, subject=("person", person_id))
    return row


def _why_not_twice(person_id: int, scope: str, since: datetime, until: datetime) -> Refusal | None:
    same = select(Suspension.id).where(
        Suspension.person_id == person_id,
        Suspension.scope == scope,
        Suspension.lifted_at.is_(None),
        Suspension.since < until,
        Suspension.until > since,
    )
    if session().scalar(same.limit(1)) is None:
        return None
    return Refusal(
        "suspended_already",
        say("这段时间里已经有一条停用，或有一条在等人同意。"),
        what_next=say("要改期限，请先撤回那一条，再重新登记。"),
    )


@verb
def agree_to_suspend(by: Actor, suspension_id: int, *, once: str | None = None) -> Suspension:
    """Agree, as a second person, to a long suspension; it holds from now on."""
    row = _suspension(suspension_id)
    waiting = row.agreed_at is None and row.lifted_at is None and row.until > now()
    insist(why_not_agree_to_suspend(by, row.scope, row.asked_by, waiting=waiting))
    insist(why_not_oneself(by, row.person_id))
    insist_once(by, once)
    row.agreed_by, row.agreed_at = by.person_id, now()
    record(SuspensionAgreed(row.person_id, row.id), by, subject=("person", row.person_id))
    return row


@verb
def lift_suspension(by: Actor, suspension_id: int, *, once: str | None = None) -> Suspension:
    """Take a suspension back before its time; who is suspended does not lift their own."""
    row = _suspension(suspension_id)
    insist(why_not_keep(by, row.scope, *SUSPENDERS))
    insist(why_not_oneself(by, row.person_id))
    open_ = row.lifted_at is None and row.until > now()
    insist(None if open_ else Refusal("suspension_over", say("这一条停用已经结束。")))
    insist_once(by, once)
    row.lifted_by, row.lifted_at = by.person_id, now()
    record(SuspensionLifted(row.person_id, row.id), by, subject=("person", row.person_id))
    return row


def _suspension(suspension_id: int) -> Suspension:
    query = select(Suspension).where(Suspension.id == suspension_id)
    return found(session().scalars(for_change(query)).one_or_none())


@verb
def register_for(by: Actor, *, contact: Contact, name: str, pseudonym: str) -> int:
    """Return the person reached by a contact, entered when nobody is; for posts filled while setting up."""
    known = identity_by_contact(contact.value)
    if known is not None:
        return known.person_id
    return register_person(by, contact=contact, name=name, pseudonym=pseudonym).id
