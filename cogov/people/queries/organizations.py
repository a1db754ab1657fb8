"""Organizations, and who acts for them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, literal, select

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.journal.kept import Of, kept, kept_each
from cogov.people.models import Organization, RoleHeld
from cogov.people.queries.standings import held_at
from cogov.people.rules import OrganizationKind, Role


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
    query = select(RoleHeld.person_id).where(
        RoleHeld.role == role, held_at(now()), literal(code).startswith(RoleHeld.scope)
    )
    if organization_id is not None:
        query = query.where(RoleHeld.organization_id == organization_id)
    return list(session().scalars(query.distinct()))


def members(organization_ids: Iterable[int], roles: Iterable[Role] = Role) -> dict[int, list[int]]:
    """Return, for each organization, the persons who hold a mandate of it now, under one of the roles."""
    rows = session().execute(
        select(RoleHeld.organization_id, RoleHeld.person_id)
        .where(
            RoleHeld.organization_id.in_(list(organization_ids)),
            RoleHeld.role.in_(list(roles)),
            held_at(now()),
        )
        .distinct()
    )
    result: dict[int, list[int]] = {}
    for organization_id, person_id in rows:
        result.setdefault(organization_id or 0, []).append(person_id)
    return result


def organization_names(ids: Iterable[int | None]) -> dict[int, Organization]:
    """Return organizations by id."""
    return kept_each("organization", (each for each in ids if each is not None), _organizations, of=Of.REGISTERS)


def _organizations(ids: Iterable[int]) -> dict[int, Organization]:
    return {row.id: row for row in session().scalars(_ORGANIZATIONS, {"ids": list(ids)})}


_ORGANIZATIONS = select(Organization).where(Organization.id.in_(bindparam("ids", expanding=True)))
