"""As whom a person is heard at a place."""

from __future__ import annotations

from cogov.people.rules.roles import Actor, Role

LIVES_HERE = (Role.RESIDENT, Role.OWNER, Role.TENANT)


def as_who(by: Actor, code: str) -> Actor | None:
    """Return the actor as they speak at a place: for an organization, for themselves, or None for outsiders.

    One acts for the organization one chose. Who chose none speaks for themselves where they live or own; who does
    neither is heard under the mandate that reaches the place, so that no official is shown as a neighbour.
    """
    chosen = by.acting
    if chosen is not None and chosen.organization_id is not None:
        return by if chosen.reaches(code) else None
    if by.holds(code, *LIVES_HERE):
        return by.under(None)
    mandate = next((held for held in by.standings if held.organization_id and held.reaches(code)), None)
    return by.under(mandate) if mandate else None
