"""Who is who: actors with their standings, organizations, bylines."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, literal, or_, select

from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import Moment, found, session
from cogov.ground.prepared import Prepared, as_they_are
from cogov.ground.scopes import Scope
from cogov.ground.words import Words
from cogov.journal.kept import HEAD, Of, kept, kept_each, note_head
from cogov.journal.models import JournalEntry
from cogov.journal.reading import Entry
from cogov.people.models import (
    ApiToken,
    AuthenticatorApp,
    Consent,
    Countersign,
    FailedSignIn,
    Identity,
    Leaving,
    Look,
    Organization,
    Passkey,
    Person,
    RecoveryCode,
    RoleHeld,
    SignIn,
    Suspension,
)
from cogov.people.rules import ANYONE, Actor, OrganizationKind, Role, Standing, role_words
from cogov.people.rules.consents import VERSIONS, ConsentKind, consents_missing
from cogov.people.rules.countersigning import CountersignedAct, countersigned_words
from cogov.people.rules.entering import WRONG_WITHIN
from cogov.people.rules.factors import ROLES_OF_OFFICE, FactorKind, factor_words, is_held_back, without_office
from cogov.people.rules.looking import LookReason, look_words
from cogov.people.rules.suspension import Suspended, SuspensionReason, suspension_words
from cogov.people.rules.tokens import from_text

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


def _held_at(at: Instant) -> ColumnElement[bool]:
    return and_(
        RoleHeld.ended_at.is_(None),
        RoleHeld.since <= at,
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
    )


def standings_of(person_id: int, at: datetime | None = None) -> tuple[Standing, ...]:
    """Return the roles a person holds at a moment, mandates of ended organizations left out."""
    rows = session().execute(
        select(RoleHeld, Organization)
        .outerjoin(Organization, RoleHeld.organization_id == Organization.id)
        .where(RoleHeld.person_id == person_id, *_holding(at or now()))
        .order_by(RoleHeld.id)
    )
    return tuple(_standing(held, organization) for held, organization in rows)


def _holding(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say which roles are held at a moment; the organization of a mandate, if it has one, is joined to them."""
    return _held_at(at), Organization.ended_at.is_(None)


def suspended_at(at: Instant) -> ColumnElement[bool]:
    """Say which suspensions hold at a moment: agreed to, not lifted, and in their time."""
    return and_(
        Suspension.agreed_at.is_not(None), Suspension.lifted_at.is_(None), Suspension.since <= at, Suspension.until > at
    )


def _suspended(rows: Iterable[Suspension | None]) -> tuple[Suspended, ...]:
    return tuple(Suspended(row.scope, row.reason, row.until) for row in rows if row is not None)


def _actor(
    person_id: int,
    pseudonym: str,
    acting_id: int | None,
    suspended: tuple[Suspended, ...],
    standings: tuple[Standing, ...],
) -> Actor:
    acting = next((held for held in standings if held.id == acting_id), None)
    return Actor(person_id, pseudonym, standings, acting, suspended=suspended)


def actor_of(person_id: int, acting_id: int | None = None) -> Actor:
    """Return a person as one who acts, with every standing held now; anonymous when suspended."""
    person = session().get(Person, person_id)
    if person is None or person.suspended_at is not None:
        return ANYONE
    held = session().scalars(select(Suspension).where(Suspension.person_id == person_id, suspended_at(now())))
    return _actor(person_id, person.pseudonym, acting_id, _suspended(held), standings_of(person_id))


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
        .outerjoin(RoleHeld, and_(RoleHeld.person_id == Person.id, _held_at(_AT)))
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
    return _actor(person_id, rows[0][_PSEUDONYM], acting_id, tuple(suspended.values()), tuple(standings.values()))


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
        RoleHeld.person_id.in_(roles), *_holding(now())
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


def consents_of(actor: Actor) -> list[Consent]:
    """Return everything a person agreed to, the latest first, also what they took back."""
    query = select(Consent).where(Consent.person_id == actor.person_id)
    return list(session().scalars(query.order_by(Consent.id.desc())))


def consented(person_id: int | None, kind: ConsentKind) -> bool:
    """Say whether a person agrees to a text in the version that holds now."""
    query = select(Consent.id).where(
        Consent.person_id == person_id,
        Consent.kind == kind,
        Consent.version == VERSIONS[kind],
        Consent.withdrawn_at.is_(None),
    )
    return session().scalar(query.limit(1)) is not None


def missing_consents(person_id: int) -> list[ConsentKind]:
    """Return the texts that a person has yet to agree to before acting here."""
    query = select(Consent.kind, Consent.version).where(Consent.person_id == person_id, Consent.withdrawn_at.is_(None))
    return consents_missing({(kind, version) for kind, version in session().execute(query)})


def last_export(actor: Actor) -> datetime | None:
    """Return when a person last took a copy of what is kept about them."""
    query = select(JournalEntry.at).where(
        JournalEntry.subject_kind == "person",
        JournalEntry.subject_id == actor.person_id,
        JournalEntry.kind == "DataExported",
    )
    return session().scalar(query.order_by(JournalEntry.number.desc()).limit(1))


def closing_of(person_id: int | None) -> Leaving | None:
    """Return the closing of an account that was asked for and has yet to come."""
    query = select(Leaving).where(
        Leaving.person_id == person_id, Leaving.taken_back_at.is_(None), Leaving.done_at.is_(None)
    )
    return session().scalars(query).one_or_none()


def closing_due(person_id: int | None) -> datetime | None:
    """Return when a person's account is going to be closed; asked for with every home page, and rarely so."""
    return kept(("closings",), _closings).get(person_id or 0)


def _closings() -> dict[int, datetime]:
    query = select(Leaving.person_id, Leaving.due_at).where(Leaving.taken_back_at.is_(None), Leaving.done_at.is_(None))
    return {row.person_id: row.due_at for row in session().execute(query)}


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


# Second factors -------------------------------------------------------------------------------------------------------

Asked = Callable[[Iterable[str]], bool]

_asked: list[Asked] = []


def ask_second_factor(asked: Asked) -> None:
    """Say who knows whether one of some places asks its office for a second factor; done once by ``create_app``."""
    _asked[:] = [asked]


def app_of(person_id: int | None) -> AuthenticatorApp | None:
    """Return the app of a person, also one whose first code is still awaited."""
    return session().get(AuthenticatorApp, person_id) if person_id is not None else None


def passkeys_of(person_id: int | None) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return list(session().scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def passkey_by_credential(credential: str) -> Passkey | None:
    """Return the passkey that a device shows."""
    return session().scalars(select(Passkey).where(Passkey.credential == credential)).one_or_none()


def recovery_codes_left(person_id: int | None) -> int:
    """Return how many recovery codes a person has not used."""
    query = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session().scalar(query) or 0


def has_factor(person_id: int) -> bool:
    """Say whether a person shows something beside the password when signing in."""
    app = app_of(person_id)
    return (app is not None and app.confirmed_at is not None) or bool(passkeys_of(person_id))


def held_back(person_id: int, standings: Sequence[Standing] | None = None) -> bool:
    """Say whether a person's roles of office rest for want of the second factor that their tenant asks for.

    ``standings`` may be given by whoever has them read already.
    """
    all_held = standings_of(person_id) if standings is None else standings
    office = [held for held in all_held if held.role in ROLES_OF_OFFICE]
    if not office or has_factor(person_id):
        return False
    asked = any(supplier({held.scope for held in office}) for supplier in _asked)
    return is_held_back({held.role for held in office}, asked=asked, has_factor=False)


# Two people, and looks --------------------------------------------------------------------------------------------


def administrators_of(scope: str) -> list[int]:
    """Return who is administrator of a place now."""
    at = now()
    query = select(RoleHeld.person_id).where(
        RoleHeld.role == Role.ADMINISTRATOR,
        RoleHeld.ended_at.is_(None),
        RoleHeld.since <= at,
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
        literal(scope).startswith(RoleHeld.scope),
    )
    return list(session().scalars(query.distinct()))


def countersigns_open() -> list[Countersign]:
    """Return what waits for a second person anywhere, the oldest first."""
    query = select(Countersign).where(Countersign.settled_at.is_(None), Countersign.until > now())
    return list(session().scalars(query.order_by(Countersign.id)))


@dataclass(frozen=True)
class LookShown:
    """A look as its person reads it: who by role and organization, why, when."""

    role: Role
    organization: str
    reason: LookReason
    at: datetime


def looks_at(person_id: int, limit: int = 50) -> list[LookShown]:
    """Return who saw a person's contact data lately."""
    query = (
        select(Look, Organization.name)
        .outerjoin(Organization, Organization.id == Look.organization_id)
        .where(Look.person_id == person_id)
        .order_by(Look.id.desc())
        .limit(limit)
    )
    return [LookShown(row.role, name or "", row.reason, row.at) for row, name in session().execute(query)]


# Where people live is told by a higher room ---------------------------------------------------------------------------

Communities = Callable[[], Sequence[tuple[str, str]]]
PlaceNames = Callable[[Iterable[str]], Mapping[str, str]]

_communities: list[Communities] = []
_place_names: list[PlaceNames] = []


def offer_places(communities: Communities, names: PlaceNames) -> None:
    """Say which communities a person can sign up for, and what places are called; done once by ``create_app``.

    ``communities()`` returns (code, name) of every community with a roll; ``names(codes)`` the names of places by code.
    """
    _communities[:], _place_names[:] = [communities], [names]


@dataclass(frozen=True)
class Home:
    """A dwelling that a person lives in or owns, as their own page shows it to them."""

    door: Words
    place: str
    tie: Words
    since: date
    by_hand: bool
    residence_id: int | None = None
    """What ends when they move out; a home that is only owned has none."""


Homes = Callable[[int], Sequence[Home]]

_homes: list[Homes] = []


def tell_homes(homes: Homes) -> None:
    """Say who knows where a person lives and what they own; done once by ``create_app``."""
    _homes[:] = [homes]


def homes_of(person_id: int) -> list[Home]:
    """Return where a person lives and what they own, as far as the roll knows them."""
    return [home for supplier in _homes for home in supplier(person_id)]


def community_choices() -> list[tuple[str, str]]:
    """Return code and name of the communities a person can sign up for."""
    return [choice for supplier in _communities for choice in supplier()]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of places by code, as far as they are known."""
    wanted = sorted(set(codes))
    return {code: name for supplier in _place_names for code, name in supplier(wanted).items()} if wanted else {}


def organization(organization_id: int) -> Organization:
    """Return an organization."""
    return found(session().get(Organization, organization_id))


def nearest(kind: OrganizationKind, code: str) -> Organization | None:
    """Return the organization of a kind whose scope reaches a place, the narrowest first."""
    return kept(("nearest", kind, code), lambda: _nearest(kind, code), of=Of.REGISTERS)


def _nearest(kind: OrganizationKind, code: str) -> Organization | None:
    query = select(Organization).where(
        Organization.kind == kind, Organization.ended_at.is_(None), literal(code).startswith(Organization.scope)
    )
    narrowest = query.order_by(func.length(Organization.scope).desc(), Organization.id).limit(1)
    return session().scalars(narrowest).first()


def responsible(kind: OrganizationKind, code: str) -> Organization:
    """Return the organization that answers for a kind of duty at a place; every place must have one."""
    return found(nearest(kind, code))


def organizations_at(code: str, *kinds: OrganizationKind) -> list[Organization]:
    """Return the organizations that reach a place, by kind and name."""
    query = select(Organization).where(
        Organization.ended_at.is_(None), literal(code).startswith(Organization.scope), Organization.kind.in_(kinds)
    )
    return list(session().scalars(query.order_by(Organization.kind, Organization.name)))


def holders(role: Role, code: str, organization_id: int | None = None) -> list[int]:
    """Return the persons who hold a role at a place now."""
    at = now()
    query = select(RoleHeld.person_id).where(
        RoleHeld.role == role,
        RoleHeld.ended_at.is_(None),
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
        literal(code).startswith(RoleHeld.scope),
    )
    if organization_id is not None:
        query = query.where(RoleHeld.organization_id == organization_id)
    return list(session().scalars(query.distinct()))


def members(organization_ids: Iterable[int], roles: Iterable[Role] = Role) -> dict[int, list[int]]:
    """Return, for each organization, the persons who hold a mandate of it now, under one of the roles."""
    at = now()
    rows = session().execute(
        select(RoleHeld.organization_id, RoleHeld.person_id)
        .where(
            RoleHeld.organization_id.in_(list(organization_ids)),
            RoleHeld.role.in_(list(roles)),
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > at),
        )
        .distinct()
    )
    result: dict[int, list[int]] = {}
    for organization_id, person_id in rows:
        result.setdefault(organization_id or 0, []).append(person_id)
    return result


@dataclass(frozen=True)
class ActedFor:
    """The public face of one who acts for an organization."""

    standing_id: int
    role: Role
    public_name: str
    organization_id: int
    organization_name: str
    organization_kind: OrganizationKind
    until: datetime | None


def acted_for(standing_ids: Iterable[int | None]) -> dict[int, ActedFor]:
    """Return names and organizations for the mandates that stand beside acts, also those that have ended."""
    return kept_each("acted for", (each for each in standing_ids if each is not None), _acted_for, of=Of.REGISTERS)


def _acted_for(standing_ids: Iterable[int]) -> dict[int, ActedFor]:
    rows = session().execute(
        select(RoleHeld, Organization)
        .join(Organization, RoleHeld.organization_id == Organization.id)
        .where(RoleHeld.id.in_(list(standing_ids)))
    )
    return {
        held.id: ActedFor(held.id, held.role, held.public_name, org.id, org.name, org.kind, held.until)
        for held, org in rows
    }


def organization_names(ids: Iterable[int | None]) -> dict[int, Organization]:
    """Return organizations by id."""
    return kept_each("organization", (each for each in ids if each is not None), _organizations, of=Of.REGISTERS)


def _organizations(ids: Iterable[int]) -> dict[int, Organization]:
    return {row.id: row for row in session().scalars(_ORGANIZATIONS, {"ids": list(ids)})}


_ORGANIZATIONS = select(Organization).where(Organization.id.in_(bindparam("ids", expanding=True)))


def public_names(pairs: Iterable[tuple[int | None, int | None]]) -> dict[tuple[int | None, int | None], ActedFor]:
    """Return, for (person, organization), the public face of the mandate under which the person acts or acted."""
    wanted = ((person, org) for person, org in pairs if person is not None and org is not None)
    return kept_each("public names", wanted, _public_names, of=Of.REGISTERS)


def _public_names(
    pairs: Collection[tuple[int | None, int | None]],
) -> dict[tuple[int | None, int | None], ActedFor]:
    rows = session().execute(
        select(RoleHeld, Organization)
        .join(Organization, RoleHeld.organization_id == Organization.id)
        .where(
            RoleHeld.person_id.in_({person for person, _ in pairs}),
            RoleHeld.organization_id.in_({org for _, org in pairs}),
        )
        .order_by(RoleHeld.id)
    )
    return {
        (held.person_id, org.id): ActedFor(held.id, held.role, held.public_name, org.id, org.name, org.kind, held.until)
        for held, org in rows
        if (held.person_id, org.id) in pairs
    }


def _reason_words(reason: str) -> Words:
    return look_words(LookReason(reason)) if reason in set(LookReason) else suspension_words(SuspensionReason(reason))


def _locks(entry: Entry) -> dict[str, object]:
    act, factor = entry.facts.get("act"), entry.facts.get("factor")
    return {
        "act": countersigned_words(CountersignedAct(act)) if act else "",
        "factor": factor_words(FactorKind(factor)) if factor else "",
    }


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return what the entries of this room need to be told: what a role is called, and for which organization."""
    names = organization_names(entry.facts.get("organization") for entry in entries)
    told: dict[int, dict[str, object]] = {}
    for entry in entries:
        role, organization_id = entry.facts.get("role"), entry.facts.get("organization")
        reason = entry.facts.get("reason")
        told[entry.number] = {
            **_locks(entry),
            "reason": _reason_words(reason) if reason else "",
            "role": role_words(Role(role)) if role else "",
            "organization": names[organization_id].name if organization_id in names else "",
        }
    return told


ABOUT = (
    Person.id,
    Identity.person_id,
    Consent.person_id,
    Leaving.person_id,
    SignIn.person_id,
    RoleHeld.person_id,
    Suspension.person_id,
    ApiToken.person_id,
    AuthenticatorApp.person_id,
    Passkey.person_id,
    RecoveryCode.person_id,
    Countersign.person_id,
    Look.person_id,
    Leaving.person_id,
)
"""Columns that say whose a row is."""

DONE = (
    RoleHeld.granted_by,
    RoleHeld.ended_by,
    Suspension.asked_by,
    Suspension.agreed_by,
    Suspension.lifted_by,
    Countersign.asked_by,
    Countersign.settled_by,
    Look.looked_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here, and what the journal says they did or was done to them."""
    mine = (JournalEntry.subject_kind == "person") & (JournalEntry.subject_id == person_id)
    entries = select(JournalEntry.number, JournalEntry.kind, JournalEntry.at).where(
        or_(JournalEntry.actor_id == person_id, mine)
    )
    rows = session().execute(entries.order_by(JournalEntry.number))
    return copies(person_id, ABOUT, DONE) | {
        "journal_entry": [{"number": number, "kind": kind, "at": at.isoformat()} for number, kind, at in rows]
    }
