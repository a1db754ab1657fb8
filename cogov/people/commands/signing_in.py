"""Sign-ins and passwords: begun, seen, ended; what is changed has effect on the next request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import record, verb
from cogov.people.commands.codes import forget_codes, use_code
from cogov.people.commands.joining import forget_sign_ups
from cogov.people.events import PasswordChanged
from cogov.people.models import ApiToken, FailedSignIn, Identity, Person, SignIn
from cogov.people.queries import identity_by_contact, token_hash
from cogov.people.rules import Actor
from cogov.people.rules.entering import SEEN_EVERY, WRONG_WITHIN, CodePurpose, why_not_enter, wrong_code

KEPT_TOKENS = timedelta(days=90)
"""How long a token that has ended is still named to its owner and in the copy of their data."""


@dataclass(frozen=True)
class NewSignIn:
    """A sign-in that has just begun; the token is shown to the device and kept nowhere."""

    id: int
    person_id: int
    token: str


@verb
def open_sign_in(by: Actor, *, agent: str = "", held_back: bool = False) -> NewSignIn:
    """Begin a sign-in for a person who has proved who they are."""
    assert by.person_id is not None
    person = found(session().get(Person, by.person_id))
    insist(why_not_enter(suspended=person.suspended_at is not None))
    token, at = secrets.token_urlsafe(32), now()
    row = SignIn(
        person_id=person.id,
        token_hash=token_hash(token),
        agent=agent[:200],
        created_at=at,
        seen_at=at,
        proved_at=at,
        held_back=held_back,
    )
    session().add(row)
    session().flush()
    return NewSignIn(row.id, person.id, token)


@verb
def note_seen(by: Actor, sign_in_id: int) -> None:
    """Keep when a device was last used, to ten minutes."""
    at = now()
    session().execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at <= at - SEEN_EVERY).values(seen_at=at)
    )


@verb
def note_proved(by: Actor, sign_in_id: int) -> None:
    """Keep that whoever sits at a device has just shown who they are."""
    mine = SignIn.person_id == by.person_id
    session().execute(update(SignIn).where(SignIn.id == sign_in_id, mine).values(proved_at=now()))


@verb
def end_sign_in(by: Actor, sign_in_id: int) -> None:
    """End one of one's own sign-ins; ending it twice is ending it."""
    row = found(
        session()
        .scalars(for_change(select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == by.person_id)))
        .one_or_none()
    )
    row.ended_at = row.ended_at or now()


@verb
def end_sign_ins(by: Actor, person_id: int, *, keep: int | None = None) -> None:
    """End a person's sign-ins, all or all but one."""
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    session().execute((query if keep is None else query.where(SignIn.id != keep)).values(ended_at=now()))


@verb
def act_under(by: Actor, sign_in_id: int, role_id: int | None) -> None:
    """Choose for which organization one acts from now on in this sign-in, or for oneself."""
    sign_in = found(session().get(SignIn, sign_in_id))
    held = {standing.id for standing in by.standings}
    fits = sign_in.person_id == by.person_id and (role_id is None or role_id in held)
    insist(None if fits else Refusal("not_your_mandate", say("您没有这项授权。"), status=403))
    sign_in.acting_id = role_id


@verb
def sign_in_by_code(by: Actor, *, code_id: int, code_hash: str) -> Person | Refusal:
    """Return who holds the contact that a right code was sent to; a wrong try is returned, so that it stays counted."""
    return _proved(use_code(by, code_id=code_id, purpose=CodePurpose.SIGN_IN, code_hash=code_hash))


@verb
def recover(by: Actor, *, code_id: int, code_hash: str, password_hash: str) -> Person | Refusal:
    """Set a new password by a code and end every sign-in; a wrong try is returned, so that it stays counted."""
    person = _proved(use_code(by, code_id=code_id, purpose=CodePurpose.RECOVERY, code_hash=code_hash))
    if isinstance(person, Person):
        set_password(Actor(person.id, person.pseudonym), person.id, password_hash)
    return person


def _proved(contact: str | Refusal) -> Person | Refusal:
    if isinstance(contact, Refusal):
        return contact
    identity = identity_by_contact(contact)
    if identity is None:
        return wrong_code()
    identity.confirmed_at = identity.confirmed_at or now()
    return found(session().get(Person, identity.person_id))


@verb
def set_password(by: Actor, person_id: int, password_hash: str, *, keep: int | None = None) -> None:
    """Give a person a new password (hashed before) and end their sign-ins, but for the one to keep."""
    identity = found(
        session().scalars(for_change(select(Identity).where(Identity.person_id == person_id))).one_or_none()
    )
    identity.password_hash = password_hash
    end_sign_ins(by, person_id, keep=keep)
    record(PasswordChanged(person_id), by, subject=("person", person_id))


@verb
def rehash_password(by: Actor, person_id: int, old: str, new: str) -> None:
    """Keep the same password under today's parameters, unless it was changed meanwhile."""
    session().execute(
        update(Identity).where(Identity.person_id == person_id, Identity.password_hash == old).values(password_hash=new)
    )


@verb
def note_password_try(by: Actor, key_hash: str) -> None:
    """Count a try before the password is looked at, so that many at once count as many."""
    session().execute(
        delete(FailedSignIn).where(FailedSignIn.key_hash == key_hash, FailedSignIn.at < now() - WRONG_WITHIN)
    )
    session().add(FailedSignIn(key_hash=key_hash, at=now()))


@verb
def forget_password_tries(by: Actor, key_hash: str) -> None:
    """Take the tries back after the right password."""
    session().execute(delete(FailedSignIn).where(FailedSignIn.key_hash == key_hash))


@verb
def forget_stale(by: Actor, *, sign_in_days: int) -> None:
    """Delete codes, unfinished sign-ups, tries, ended sign-ins and tokens that serve nothing any more (once a day)."""
    at = now()
    forget_codes()
    forget_sign_ups()
    session().execute(delete(FailedSignIn).where(FailedSignIn.at < at - timedelta(days=1)))
    session().execute(
        update(SignIn)
        .where(SignIn.ended_at.is_(None), SignIn.seen_at < at - timedelta(days=sign_in_days))
        .values(ended_at=at)
    )
    session().execute(delete(SignIn).where(SignIn.ended_at < at - timedelta(days=sign_in_days)))
    over = at - KEPT_TOKENS
    session().execute(delete(ApiToken).where(or_(ApiToken.revoked_at < over, ApiToken.expires_at < over)))
