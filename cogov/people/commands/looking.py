"""Seeing by duty how a person is called and reached: the look is kept first, then what it shows is given out."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.events import PersonLookedAt
from cogov.people.models import Identity, Look, RoleHeld
from cogov.people.rules import Actor, Standing
from cogov.people.rules.keeping import LOOKERS, why_not_keep
from cogov.people.rules.looking import LookReason, why_not_look


@dataclass(frozen=True)
class Seen:
    """How a person is called and reached, as it is shown once for one look."""

    name: str
    phone: str
    email: str


@verb
def look_at_contact(by: Actor, person_id: int, *, reason: str, once: str | None = None) -> Seen:
    """Show name and contacts of a person of one's area for a reason; the person sees who looked, as what, and why."""
    identity = found(session().get(Identity, person_id))
    under = _duty(by, person_id)
    insist(None if under is not None else why_not_keep(by, "", *LOOKERS))
    insist(why_not_look(reason))
    insist_once(by, once)
    if under is not None and by.person_id not in (None, person_id):
        row = Look(
            person_id=person_id,
            looked_by=by.person_id,
            role=under.role,
            organization_id=under.organization_id,
            reason=LookReason(reason),
            at=now(),
        )
        session().add(row)
        session().flush()
        record(PersonLookedAt(person_id, row.id, row.reason), by, subject=("person", person_id))
    return Seen(identity.name, identity.phone or "", identity.email or "")


def _duty(by: Actor, person_id: int) -> Standing | None:
    """Return the role by which somebody answers for a person: it reaches a place where they have one."""
    scopes = select(RoleHeld.scope).where(RoleHeld.person_id == person_id, RoleHeld.ended_at.is_(None)).distinct()
    held = (by.standing(scope, *LOOKERS) for scope in session().scalars(scopes))
    return next((each for each in held if each is not None), None)
