"""Leaving an account: asked for, thought over, done; what others build on stays, without what leads to the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.journal.models import HandledRequest, KeptAnswer
from cogov.journal.transaction import record, verb
from cogov.people.events import AccountClosed, ClosingAsked, ClosingTakenBack
from cogov.people.models import (
    ApiToken,
    AuthenticatorApp,
    Identity,
    Leaving,
    OneTimeCode,
    Passkey,
    Person,
    RecoveryCode,
    RoleHeld,
    SignIn,
    SignUp,
)
from cogov.people.queries import actor_of, closing_of
from cogov.people.rules import CLOCK, Actor
from cogov.people.rules.closing import left_name, nothing_to_take_back, why_not_ask_closing

Eraser = Callable[[int, bool], None]
"""Takes out of a room what leads to a person, and their words too where they wished it."""
Gate = Callable[[int], Refusal | None]

_erasers: dict[str, Eraser] = {}
_gates: list[Gate] = []


def erase_with(rooms: Mapping[str, Eraser], gates: Sequence[Gate]) -> None:
    """Say how each room forgets a person, and what a room wants settled before; done once by ``create_app``."""
    _erasers.clear()
    _erasers.update(rooms)
    _gates[:] = gates


@verb
def ask_closing(by: Actor, *, days: int, words: bool) -> Leaving:
    """Ask for one's account to be closed in so many days, with or without what one said in threads."""
    person_id = _locked(by).id
    insist(_why_not(person_id))
    at = now()
    row = Leaving(person_id=person_id, asked_at=at, due_at=at + timedelta(days=days), words=words)
    session().add(row)
    session().flush()
    record(ClosingAsked(person_id, row.due_at), by, subject=("person", person_id))
    return row


@verb
def take_back_closing(by: Actor) -> None:
    """Keep the account after all."""
    person_id = _locked(by).id
    row = closing_of(person_id)
    if row is None:
        raise Refused(nothing_to_take_back())
    row.taken_back_at = now()
    record(ClosingTakenBack(person_id), by, subject=("person", person_id))


def close_due() -> int:
    """Close the accounts whose time for thinking again is over; return how many."""
    due = select(Leaving.id).where(Leaving.due_at <= now(), Leaving.taken_back_at.is_(None), Leaving.done_at.is_(None))
    return sum(close_account(closing_id) for closing_id in session().scalars(due.order_by(Leaving.id).limit(100)).all())


@verb
def close_account(closing_id: int) -> bool:
    """Close one account; one that took on an office or a task meanwhile waits until that is settled."""
    row = found(session().scalars(for_change(select(Leaving).where(Leaving.id == closing_id))).one_or_none())
    person_id = row.person_id
    _locked(actor_of(person_id))
    if row.taken_back_at or row.done_at or _why_not(person_id, asked=False):
        return False
    _forget_identity(person_id)
    for erase in _erasers.values():
        erase(person_id, row.words)
    row.done_at = now()
    record(AccountClosed(person_id, row.words), CLOCK, subject=("person", person_id))
    return True


def _locked(by: Actor) -> Person:
    query = select(Person).where(Person.id == by.person_id)
    return found(session().scalars(for_change(query)).one_or_none())


def _why_not(person_id: int, *, asked: bool | None = None) -> Refusal | None:
    waiting = closing_of(person_id) is not None if asked is None else asked
    own = why_not_ask_closing(actor_of(person_id).standings, asked=waiting)
    return own or next((refusal for gate in _gates if (refusal := gate(person_id))), None)


def _forget_identity(person_id: int) -> None:
    identity = found(session().get(Identity, person_id))
    contacts = [contact for contact in (identity.phone, identity.email) if contact]
    for table in (OneTimeCode, SignUp):
        session().execute(delete(table).where(or_(*(table.contact == contact for contact in contacts))))
    for keys in (AuthenticatorApp, Passkey, RecoveryCode, HandledRequest, KeptAnswer):
        session().execute(delete(keys).where(keys.person_id == person_id))
    at = now()
    session().execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=at)
    )
    session().execute(update(SignIn).where(SignIn.person_id == person_id).values(agent=""))
    session().execute(
        update(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None)).values(revoked_at=at)
    )
    session().execute(update(ApiToken).where(ApiToken.person_id == person_id).values(name=""))
    session().execute(
        update(RoleHeld).where(RoleHeld.person_id == person_id, RoleHeld.ended_at.is_(None)).values(ended_at=at)
    )
    session().delete(identity)
    person = found(session().get(Person, person_id))
    person.pseudonym, person.renamed_at = left_name(person_id), at
