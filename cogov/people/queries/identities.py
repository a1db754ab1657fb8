"""How people are reached and called, and how often a password was tried."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.people.models import FailedSignIn, Identity, Person
from cogov.people.rules import Actor
from cogov.people.rules.entering import WRONG_WITHIN


def identity_by_contact(contact: str) -> Identity | None:
    """Return the identity reached by a phone number or an e-mail address (already normalised)."""
    return (
        session()
        .scalars(select(Identity).where(or_(Identity.phone == contact, Identity.email == contact)))
        .one_or_none()
    )


def identity_of(actor: Actor) -> Identity:
    """Return a person's own identity."""
    return found(session().get(Identity, actor.person_id))


def person_by_contact(contact: str) -> Person | None:
    """Return the person reached by a phone number or an e-mail address (already normalised)."""
    return (
        session()
        .scalars(
            select(Person)
            .join(Identity, Identity.person_id == Person.id)
            .where(or_(Identity.phone == contact, Identity.email == contact))
        )
        .one_or_none()
    )


def pseudonym_taken(pseudonym: str) -> bool:
    """Say whether a pseudonym is in use, in whatever case it was written."""
    query = select(Person.id).where(func.lower(Person.pseudonym) == pseudonym.lower())
    return session().scalars(query.limit(1)).first() is not None


def password_tries(key_hash: str) -> int:
    """Return how many tries of a password, not known to be right, a key has had lately."""
    query = select(func.count()).where(FailedSignIn.key_hash == key_hash, FailedSignIn.at > now() - WRONG_WITHIN)
    return session().scalars(query).one()
