"""Who holds a sign-in or a token: asked with every request, in one query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from cogov.ground.clock import now
from cogov.ground.db import Moment, session
from cogov.ground.prepared import Prepared, as_they_are
from cogov.ground.scopes import Scope
from cogov.journal.kept import HEAD, note_head
from cogov.people.models import ApiToken, Organization, Person, RoleHeld, SignIn, Suspension
from cogov.people.queries.standings import as_actor, held_at, holding, suspended_at
from cogov.people.rules import ANYONE, Actor, Role, Standing
from cogov.people.rules.factors import ROLES_OF_OFFICE, without_office
from cogov.people.rules.suspension import Suspended
from cogov.people.rules.tokens import from_text


def token_hash(token: str) -> str:
    """Return what is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class OpenSignIn:
    """A sign-in that lasts, as plain values (a command's transaction leaves no row loaded)."""

    id: int
    person_id: int
    agent: str
    created_at: datetime
    seen_at: datetime
    acting_id: int | None
    proved_at: datetime | None
    held_back: bool


_OF_SIGN_IN = tuple(getattr(SignIn, field.name) for field in fields(OpenSignIn))
_OF_TOKEN = (ApiToken.id, ApiToken.person_id, ApiToken.scopes, ApiToken.last_used_on)
_OF_SUSPENSION = (Suspension.id, Suspension.scope, Suspension.reason, Suspension.until)
_OF_STANDING = (
    RoleHeld.id,
    RoleHeld.role,
    RoleHeld.scope,
    RoleHeld.organization_id,
    func.coalesce(Organization.name, ""),
    Organization.kind,
    RoleHeld.public_name,
    RoleHeld.until,
)
_SUSPENSION = slice(0, len(_OF_SUSPENSION))
_STANDING = slice(_SUSPENSION.stop, _SUSPENSION.stop + len(_OF_STANDING))
_MANDATE_ENDED, _PSEUDONYM, _SUSPENDED_AT = range(_STANDING.stop, _STANDING.stop + 3)
_HEAD = slice(_MANDATE_ENDED + 3, _MANDATE_ENDED + 5)
_KEY = slice(_HEAD.stop, None)
_AT = bindparam("at", type_=Moment)


def _who_holds(
    key: type[SignIn | ApiToken], columns: Sequence[Any], *conditions: ColumnElement[bool]
) -> Prepared[tuple[Any, ...]]:
    """Return the query of a person by a key of theirs: each suspension beside each role, and either may be missing.

    How old everything is that is kept is asked with it, as every page is about to.
    """
    person = (Organization.ended_at, Person.pseudonym, Person.suspended_at, *HEAD)
    holders = (
        select(*_OF_SUSPENSION, *_OF_STANDING, *person, *columns)
        .select_from(key)
        .join(Person, key.person_id == Person.id)
        .outerjoin(Suspension, and_(Suspension.person_id == Person.id, suspended_at(_AT)))
        .outerjoin(RoleHeld, and_(RoleHeld.person_id == Person.id, held_at(_AT)))
        .outerjoin(Organization, RoleHeld.organization_id == Organization.id)
        .where(key.token_hash == bindparam("token_hash"), *conditions)
        .order_by(RoleHeld.id)
    )
    return Prepared(holders, as_they_are)


_WHO_SIGNED_IN = _who_holds(SignIn, _OF_SIGN_IN, SignIn.ended_at.is_(None), Person.suspended_at.is_(None))
_WHO_SHOWED = _who_holds(ApiToken, _OF_TOKEN, ApiToken.revoked_at.is_(None), ApiToken.expires_at > _AT)
"""Asked with every request, so both are put together once."""


def _holders(query: Prepared[tuple[Any, ...]], token: str) -> Sequence[tuple[Any, ...]]:
    return query.all({"token_hash": token_hash(token), "at": now()})


def _holder(rows: Sequence[tuple[Any, ...]], person_id: int, acting_id: int | None = None) -> Actor:
    """Return whom the rows of one key tell of; anonymous when suspended."""
    note_head(*rows[0][_HEAD])
    if rows[0][_SUSPENDED_AT] is not None:
        return ANYONE
    suspended: dict[int, Suspended] = {}
    standings: dict[int, Standing] = {}
    for row in rows:
        suspension, held = row[_SUSPENSION], row[_STANDING]
        if suspension[0] is not None:
            suspended[suspension[0]] = Suspended(*suspension[1:])
        if held[0] is not None and row[_MANDATE_ENDED] is None:
            standings[held[0]] = Standing(*held)
    return as_actor(person_id, rows[0][_PSEUDONYM], acting_id, tuple(suspended.values()), tuple(standings.values()))


def actor_signed_in(token: str, seen_since: datetime | None = None) -> tuple[Actor, OpenSignIn] | None:
    """Return who holds a sign-in's token, in one query; None when it ended, slept too long, or they are suspended."""
    rows = _holders(_WHO_SIGNED_IN, token)
    if not rows:
        return None
    sign_in = OpenSignIn(*rows[0][_KEY])
    if seen_since is not None and sign_in.seen_at < seen_since:
        return None
    actor = _holder(rows, sign_in.person_id, sign_in.acting_id)
    return without_office(actor) if sign_in.held_back else actor, sign_in


def still_signed_in(tokens: Iterable[str]) -> dict[str, tuple[int, frozenset[int]]]:
    """Return whose each token is and which roles they hold now, in two queries; what has ended is not in it."""
    by_hash = {token_hash(token): token for token in tokens}
    alive = (
        select(SignIn.token_hash, SignIn.person_id, SignIn.held_back)
        .join(Person, SignIn.person_id == Person.id)
        .where(SignIn.token_hash.in_(by_hash), SignIn.ended_at.is_(None), Person.suspended_at.is_(None))
    )
    rows = session().execute(alive).all()
    roles: dict[int, list[tuple[int, Role]]] = {person_id: [] for _, person_id, _ in rows}
    of_persons = select(RoleHeld.person_id, RoleHeld.id, RoleHeld.role).where(
        RoleHeld.person_id.in_(roles), *holding(now())
    )
    query = of_persons.outerjoin(Organization, RoleHeld.organization_id == Organization.id)
    for person_id, role_id, role in session().execute(query):
        roles[person_id].append((role_id, role))
    return {
        by_hash[hashed]: (
            person_id,
            frozenset(held for held, role in roles[person_id] if not (held_back and role in ROLES_OF_OFFICE)),
        )
        for hashed, person_id, held_back in rows
    }


@dataclass(frozen=True)
class HeldToken:
    """A token that a program shows, as plain values."""

    id: int
    person_id: int
    scopes: frozenset[Scope]
    last_used_on: date | None


def actor_shown(token: str) -> tuple[Actor, HeldToken] | None:
    """Return whom a token names and what it stands for, in one query.

    None when there is no such token, it was revoked, or its day has come; anonymous when its person is suspended.
    """
    rows = _holders(_WHO_SHOWED, token)
    if not rows:
        return None
    id_, person_id, scopes, last_used_on = rows[0][_KEY]
    return _holder(rows, person_id), HeldToken(id_, person_id, from_text(scopes), last_used_on)


def tokens_of(actor: Actor) -> list[ApiToken]:
    """Return a person's own tokens that were not revoked, the latest first."""
    query = select(ApiToken).where(ApiToken.person_id == actor.person_id, ApiToken.revoked_at.is_(None))
    return list(session().scalars(query.order_by(ApiToken.id.desc())))


def sign_ins_of(actor: Actor) -> list[SignIn]:
    """Return a person's own open sign-ins, the latest first."""
    query = select(SignIn).where(SignIn.person_id == actor.person_id, SignIn.ended_at.is_(None))
    return list(session().scalars(query.order_by(SignIn.seen_at.desc())))
