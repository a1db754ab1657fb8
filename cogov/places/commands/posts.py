"""Filling the posts of a community: organization, person, mandate and, for grids, the hand-over, at once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.people.commands import appoint, enter_organization, register_for
from cogov.people.models import Organization
from cogov.people.queries import actor_of
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.people.rules.contacts import Contact
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands.enter import hand_over_grid
from cogov.places.models import Place
from cogov.places.queries import chain, place_by_id
from cogov.places.rules import PlaceKind, prefixes

LEVEL = {
    OrganizationKind.COMMITTEE: PlaceKind.COMMUNITY,
    OrganizationKind.PROPERTY: PlaceKind.COMMUNITY,
    OrganizationKind.STREET: PlaceKind.STREET,
    OrganizationKind.COMMAND: PlaceKind.STREET,
    OrganizationKind.SUPERVISION: PlaceKind.DISTRICT,
    OrganizationKind.BODY: PlaceKind.DISTRICT,
}
"""At which level an organization of a kind is entered when a community is set up."""

NAMELESS = frozenset({OrganizationKind.BODY, OrganizationKind.PROPERTY})
"""Kinds of which there are several, so that a name has to be written."""


@dataclass(frozen=True)
class Post:
    """A post to fill: the role, for which kind of organization, and for which grid."""

    role: Role
    kind: OrganizationKind
    grid_id: int | None = None
    deputy: bool = False


def usual_name(kind: OrganizationKind, places: dict[PlaceKind, Place]) -> str:
    """Return what an organization is usually called here; empty where nobody can tell."""
    district, street = places.get(PlaceKind.DISTRICT), places.get(PlaceKind.STREET)
    community = places[PlaceKind.COMMUNITY]
    names = {
        OrganizationKind.COMMITTEE: f"{community.name.removesuffix('社区')}社区居委会",
        OrganizationKind.STREET: f"{street.name}办事处" if street else "",
        OrganizationKind.COMMAND: f"{street.name}指挥中心" if street else "",
        OrganizationKind.SUPERVISION: f"{district.name}监督中心" if district else "",
    }
    return names.get(kind, "")


@verb
def fill_post(
    by: Actor,
    *,
    community_id: int,
    post: Post,
    contact: Contact,
    name: str,
    pseudonym: str,
    organization: str = "",
    reached: str = "",
    once: str | None = None,
) -> int:
    """Let a person fill a post of a community, entering whatever of it is not there yet; returns the person."""
    community = place_by_id(community_id)
    insist(why_not_keep(by, community.code))
    insist_once(by, once)
    body = _organization(by, community, post.kind, organization)
    person_id = register_for(by, contact=contact, name=name, pseudonym=pseudonym)
    if not actor_of(person_id).holds(community.code, post.role) or post.kind in NAMELESS:
        appoint(
            by,
            person_id=person_id,
            role=post.role,
            scope=body.scope,
            organization_id=body.id,
            public_name=name,
        )
    if post.grid_id is not None:
        grid = found(session().get(Place, post.grid_id))
        found(grid if grid.parent_id == community_id else None)
        hand_over_grid(by, grid_id=grid.id, person_id=person_id, contact=reached or body.name, deputy=post.deputy)
    return person_id


def _organization(by: Actor, community: Place, kind: OrganizationKind, name: str) -> Organization:
    """Return the organization that is meant: the one of this name, the nearest of the kind, or a new one."""
    query = select(Organization).where(
        Organization.kind == kind,
        Organization.ended_at.is_(None),
        Organization.scope.in_(prefixes(community.code)),
    )
    if name or kind in NAMELESS:
        query = query.where(Organization.name == name)
    known = session().scalars(query.order_by(func.length(Organization.scope).desc(), Organization.id).limit(1)).first()
    if known is not None:
        return known
    places = {row.kind: row for row in chain(community.code)}
    scope = places.get(LEVEL[kind], community)
    called = name or usual_name(kind, places)
    nameless = Refusal("organization_nameless", say("请写单位名称。"), status=422)
    insist(None if called else nameless)
    return enter_organization(by, kind=kind, name=called, scope=scope.code)
