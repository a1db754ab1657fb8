"""The public face of those who act for an organization, also after they have left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.kept import Of, kept_each
from cogov.people.models import Organization, RoleHeld
from cogov.people.rules import OrganizationKind, Role


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
