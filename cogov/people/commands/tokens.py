"""Personal tokens for programs: made with an entry, shown once, revoked; no entry tells what they are used for."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.scopes import Scope
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.events import TokenMade
from cogov.people.models import ApiToken, Person
from cogov.people.queries import token_hash
from cogov.people.rules import Actor
from cogov.people.rules.tokens import PREFIX, as_text, why_not_make


@dataclass(frozen=True)
class NewToken:
    """A token that was just made; ``token`` is shown now and kept nowhere."""

    id: int
    token: str
    expires_at: datetime


@verb
def make_token(
    by: Actor, *, name: str, scopes: Collection[Scope], until: datetime, once: str | None = None
) -> NewToken:
    """Make a token for oneself."""
    person_id, at, name = found(by.person_id), now(), " ".join(name.split())
    session().execute(for_change(select(Person.id).where(Person.id == person_id)))
    alive = select(func.count()).where(
        ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at
    )
    held = session().scalar(alive) or 0
    insist(why_not_make(name=name, scopes=scopes, held=held, at=at, until=until))
    insist_once(by, once)
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        person_id=person_id,
        name=name,
        token_hash=token_hash(token),
        scopes=as_text(scopes),
        created_at=at,
        expires_at=until,
    )
    session().add(row)
    session().flush()
    record(TokenMade(person_id, until), by, subject=("person", person_id))
    return NewToken(row.id, token, until)


@verb
def revoke_token(by: Actor, token_id: int) -> None:
    """Revoke one of one's own tokens; revoking it twice is revoking it."""
    query = select(ApiToken).where(ApiToken.id == token_id, ApiToken.person_id == by.person_id)
    row = found(session().scalars(for_change(query)).one_or_none())
    row.revoked_at = row.revoked_at or now()


@verb
def note_token_used(token_id: int, day: date) -> None:
    """Keep on which day a token was last used."""
    used = ApiToken.last_used_on
    session().execute(
        update(ApiToken).where(ApiToken.id == token_id, or_(used.is_(None), used < day)).values(last_used_on=day)
    )
