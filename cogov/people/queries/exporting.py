"""What is kept about a person here, for a copy of their own."""

from __future__ import annotations

from sqlalchemy import or_, select

from cogov.ground.copies import Copies, copies
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.models import (
    ApiToken,
    AuthenticatorApp,
    Consent,
    Countersign,
    Identity,
    Leaving,
    Look,
    Passkey,
    Person,
    RecoveryCode,
    RoleHeld,
    SignIn,
    Suspension,
)

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
