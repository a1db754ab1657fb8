"""What people agreed to, and what they have yet to agree to."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.db import session
from cogov.people.models import Consent
from cogov.people.rules import Actor
from cogov.people.rules.consents import VERSIONS, ConsentKind, consents_missing


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
