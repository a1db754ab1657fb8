"""Joining: a person signs up, confirms the contact, and only then exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import record, verb
from cogov.people.commands.agreeing import agree
from cogov.people.commands.codes import issue_code, use_code
from cogov.people.commands.roles import grant_role
from cogov.people.events import PersonJoined
from cogov.people.models import Identity, OneTimeCode, Person, SignUp
from cogov.people.queries import person_by_contact, pseudonym_taken
from cogov.people.rules import Actor, Role
from cogov.people.rules.consents import ConsentKind
from cogov.people.rules.contacts import Contact, contact_from
from cogov.people.rules.entering import (
    PSEUDONYM_TAKEN,
    SIGN_UP_LASTS,
    CodePurpose,
    why_not_pseudonym,
    wrong_code,
)


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
    with unless_taken(PSEUDONYM_TAKEN):
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
def invite_person(by: Actor, *, contact: Contact, name: str, pseudonym: str) -> Person:
    """Enter a person whom somebody else registers; their first code proves that the contact is theirs."""
    insist(why_not_pseudonym(pseudonym))
    insist(PSEUDONYM_TAKEN if pseudonym_taken(pseudonym) else None)
    return join(by, pseudonym=pseudonym, phone=contact.phone, email=contact.email, name=name, confirmed=False)


@verb
def start_sign_up(
    by: Actor,
    *,
    contact: Contact,
    pseudonym: str,
    password_hash: str | None,
    scope: str,
    versions: Mapping[ConsentKind, str],
    code_hash: str,
    there: str = "",
) -> tuple[SignUp, OneTimeCode]:
    """Keep what was written and issue the code that confirms the contact, alike for known and unknown contacts."""
    insist(why_not_pseudonym(pseudonym))
    insist(PSEUDONYM_TAKEN if pseudonym_taken(pseudonym) else None)
    code = issue_code(by, contact=contact, purpose=CodePurpose.SIGN_UP, code_hash=code_hash, there=there)
    started = SignUp(
        contact=contact.value,
        pseudonym=pseudonym,
        password_hash=password_hash,
        scope=scope,
        privacy_version=versions[ConsentKind.PRIVACY],
        terms_version=versions[ConsentKind.TERMS],
        home_version=versions.get(ConsentKind.HOME, ""),
        started_at=now(),
    )
    session().add(started)
    session().flush()
    return started, code


@verb
def confirm_sign_up(by: Actor, *, sign_up_id: int, code_id: int, code_hash: str) -> tuple[Person, bool] | Refusal:
    """Let the person join who holds the contact; return them and whether they are new.

    Whoever already had an account with this contact has just proved that it is theirs, and gets that one. A wrong code
    is returned and not raised, so that the try stays counted.
    """
    row = session().scalars(for_change(select(SignUp).where(SignUp.id == sign_up_id))).one_or_none()
    contact = use_code(by, code_id=code_id, purpose=CodePurpose.SIGN_UP, code_hash=code_hash)
    if isinstance(contact, Refusal):
        return contact
    if row is None or row.contact != contact or now() - row.started_at > SIGN_UP_LASTS:
        return wrong_code()
    known = person_by_contact(contact)
    session().delete(row)
    if known is not None:
        _confirm_known(known, row)
        return known, False
    return _enter(by, row, found(contact_from(contact))), True


def _confirm_known(person: Person, row: SignUp) -> None:
    """Somebody entered before by another's hand has now proved the contact and read the notice."""
    identity = found(session().get(Identity, person.id))
    if identity.confirmed_at is None:
        identity.confirmed_at = now()
    agree(Actor(person.id, person.pseudonym), _versions(row))


def _enter(by: Actor, row: SignUp, contact: Contact) -> Person:
    person = join(
        by, pseudonym=row.pseudonym, phone=contact.phone, email=contact.email, password_hash=row.password_hash
    )
    oneself = Actor(person.id, person.pseudonym)
    agree(oneself, _versions(row))
    # Self-declared; that somebody lives here is verified by the roll (places.verify_residence).
    grant_role(oneself, person_id=person.id, role=Role.RESIDENT, scope=row.scope)
    return person


def _versions(row: SignUp) -> dict[ConsentKind, str]:
    """Return what was agreed to when signing up."""
    said = {
        ConsentKind.PRIVACY: row.privacy_version,
        ConsentKind.TERMS: row.terms_version,
        ConsentKind.HOME: row.home_version,
    }
    return {kind: version for kind, version in said.items() if version}


def forget_sign_ups() -> None:
    """Delete what was written by people who never confirmed."""
    session().execute(delete(SignUp).where(SignUp.started_at < now() - SIGN_UP_LASTS - timedelta(hours=1)))
