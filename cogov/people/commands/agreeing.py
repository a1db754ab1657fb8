"""Agreeing to texts in their versions, taking it back, and what else a person decides about what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Code
from cogov.journal.transaction import record, verb
from cogov.people.events import ConsentGiven, ConsentWithdrawn, DataExported, PseudonymChanged
from cogov.people.models import Consent, Person, SignIn
from cogov.people.queries import last_export, pseudonym_taken
from cogov.people.rules import Actor
from cogov.people.rules.consents import (
    NEEDED,
    VERSIONS,
    ConsentKind,
    why_not_export,
    why_not_rename,
    why_not_version,
)
from cogov.people.rules.entering import PSEUDONYM_TAKEN, why_not_pseudonym


@verb
def give_consent(by: Actor, kind: ConsentKind, version: str) -> Consent:
    """Keep that a person agreed to a text in this version."""
    assert by.person_id is not None
    consent = Consent(person_id=by.person_id, kind=kind, version=version, at=now())
    with unless_taken(Refusal("consent_given", say("您已经同意过这一版。"))):
        session().add(consent)
    record(ConsentGiven(by.person_id, kind, Code(version)), by, subject=("person", by.person_id))
    return consent


@verb
def agree(by: Actor, versions: Mapping[ConsentKind, str] | None = None) -> None:
    """Agree to texts in the versions shown, by default to those nobody can do without; once given stays once."""
    assert by.person_id is not None
    shown = {kind: VERSIONS[kind] for kind in NEEDED} if versions is None else versions
    # Under the person's lock, so that two forms sent at once agree once.
    found(session().scalars(for_change(select(Person).where(Person.id == by.person_id))).one_or_none())
    held = select(Consent.kind, Consent.version).where(
        Consent.person_id == by.person_id, Consent.withdrawn_at.is_(None)
    )
    given = {(kind, version) for kind, version in session().execute(held)}
    for kind, version in shown.items():
        if (kind, version) not in given:
            insist(why_not_version(kind, version))
            give_consent(by, kind, version)


@verb
def withdraw_consent(by: Actor, kind: ConsentKind) -> None:
    """Take an agreement back in every version; without one that is needed every sign-in ends."""
    assert by.person_id is not None
    query = select(Consent).where(
        Consent.person_id == by.person_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
    )
    rows = list(session().scalars(for_change(query.order_by(Consent.id))))
    insist(None if rows else Refusal("consent_missing", say("您现在没有同意这一项，不用撤回。")))
    for row in rows:
        row.withdrawn_at = now()
        record(ConsentWithdrawn(by.person_id, kind, Code(row.version)), by, subject=("person", by.person_id))
    if kind in NEEDED:
        open_ones = update(SignIn).where(SignIn.person_id == by.person_id, SignIn.ended_at.is_(None))
        session().execute(open_ones.values(ended_at=now()))


@verb
def change_pseudonym(by: Actor, pseudonym: str) -> Person:
    """Choose another public name; on dossiers one stands under a number of one's own, which stays."""
    query = select(Person).where(Person.id == by.person_id)
    person = found(session().scalars(for_change(query)).one_or_none())
    if person.pseudonym == pseudonym:
        return person
    insist(why_not_pseudonym(pseudonym))
    insist(why_not_rename(person.renamed_at, now()))
    same = person.pseudonym.lower() == pseudonym.lower()
    insist(PSEUDONYM_TAKEN if not same and pseudonym_taken(pseudonym) else None)
    with unless_taken(PSEUDONYM_TAKEN):
        person.pseudonym, person.renamed_at = pseudonym, now()
    record(PseudonymChanged(person.id), by, subject=("person", person.id))
    return person


@verb
def note_export(by: Actor) -> None:
    """Keep that a person takes a copy of what is kept about them; once an hour."""
    assert by.person_id is not None
    # Under the person's lock, so that two at once count as two.
    found(session().scalars(for_change(select(Person).where(Person.id == by.person_id))).one_or_none())
    insist(why_not_export(last_export(by), now()))
    record(DataExported(by.person_id), by, subject=("person", by.person_id))
