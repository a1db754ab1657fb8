"""The fixed cast of every test: a small community, everybody with a part in the loop, and an outsider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cogov.duties.commands import enter_duty, enter_matter
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKey, MatterKind
from cogov.people.commands import agree, found_organization, grant_role, join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor, OrganizationKind, Role
from cogov.places.commands import (
    change_setting,
    draw_grid,
    enter_building,
    enter_owner,
    enter_place,
    enter_unit,
    hand_over_grid,
    verify_owner,
    verify_residence,
)
from cogov.places.rules import OwnerKind, PlaceKind, ResidenceKind, Setting

DISTRICT, STREET = "990101", "990101001"
HERE, ELSEWHERE = "990101001001", "990101001002"


@dataclass
class Cast:
    """Ids and actors; every actor is fresh at the start of each test since the database is."""

    community_id: int = 0
    elsewhere_id: int = 0
    grid_ids: list[int] = field(default_factory=list)
    building_ids: list[int] = field(default_factory=list)
    unit_ids: list[int] = field(default_factory=list)
    organizations: dict[str, int] = field(default_factory=dict)
    matters: dict[str, int] = field(default_factory=dict)
    duty_items: dict[str, int] = field(default_factory=dict)
    inside: tuple[int, int] = (121_500_500, 31_200_500)

    resident: Actor = CLOCK  # lives with the owner in unit 0, owns nothing
    owner: Actor = CLOCK  # owns and lives in unit 0
    co_owner: Actor = CLOCK  # owns unit 0 together with the owner
    landlord: Actor = CLOCK  # owns units 1 and 2, lives elsewhere
    tenant: Actor = CLOCK  # rents unit 1
    neighbour: Actor = CLOCK  # owns and lives in unit 3
    volunteer: Actor = CLOCK  # member of a social organization
    party_member: Actor = CLOCK
    grid_worker: Actor = CLOCK
    moderator: Actor = CLOCK
    chair: Actor = CLOCK
    owners_committee: Actor = CLOCK
    dispatcher: Actor = CLOCK
    official: Actor = CLOCK  # of the lead body (fire brigade)
    called_official: Actor = CLOCK  # of the body that is called (property firm)
    inspector: Actor = CLOCK
    closer: Actor = CLOCK
    street_office: Actor = CLOCK
    auditor: Actor = CLOCK
    administrator: Actor = CLOCK
    complained_of: Actor = CLOCK  # a resident whom a complaint names
    outsider: Actor = CLOCK  # a resident of another community
    foreign_moderator: Actor = CLOCK  # moderator of that other community

    def refresh(self, name: str) -> Actor:
        """Return a member of the cast with the standings held now."""
        actor = actor_of(getattr(self, name).person_id)
        setattr(self, name, actor)
        return actor


_PERSONAL = [
    "resident",
    "owner",
    "co_owner",
    "landlord",
    "tenant",
    "neighbour",
    "complained_of",
    "outsider",
    "auditor",
    "administrator",
    "volunteer",
    "party_member",
    "grid_worker",
    "moderator",
    "chair",
    "owners_committee",
    "dispatcher",
    "official",
    "called_official",
    "inspector",
    "closer",
    "street_office",
    "foreign_moderator",
]

_MANDATES = {
    "volunteer": (Role.SOCIAL_MEMBER, "social"),
    "party_member": (Role.PARTY_MEMBER, "branch"),
    "grid_worker": (Role.GRID_WORKER, "committee"),
    "moderator": (Role.MODERATOR, "committee"),
    "chair": (Role.CHAIR, "committee"),
    "owners_committee": (Role.OWNERS_COMMITTEE, "owners_committee"),
    "dispatcher": (Role.DISPATCHER, "command"),
    "official": (Role.OFFICIAL, "fire"),
    "called_official": (Role.OFFICIAL, "property"),
    "inspector": (Role.INSPECTOR, "supervision"),
    "closer": (Role.CLOSER, "supervision"),
    "street_office": (Role.STREET_OFFICE, "street"),
    "foreign_moderator": (Role.MODERATOR, "foreign_committee"),
}

_ORGANIZATIONS = {
    "committee": (OrganizationKind.COMMITTEE, "测试里居委会", HERE),
    "foreign_committee": (OrganizationKind.COMMITTEE, "别处居委会", ELSEWHERE),
    "owners_committee": (OrganizationKind.OWNERS_COMMITTEE, "测试里业委会", HERE),
    "social": (OrganizationKind.SOCIAL, "绿苗环保社", HERE),
    "branch": (OrganizationKind.BRANCH, "测试里支部", HERE),
    "property": (OrganizationKind.PROPERTY, "安和物业", HERE),
    "street": (OrganizationKind.STREET, "青川街道办事处", STREET),
    "command": (OrganizationKind.COMMAND, "青川街道指挥中心", STREET),
    "supervision": (OrganizationKind.SUPERVISION, "云溪区监督中心", DISTRICT),
    "fire": (OrganizationKind.BODY, "云溪区消防救援大队", DISTRICT),
    "water": (OrganizationKind.BODY, "云溪区水务公司", DISTRICT),
}


def make_cast() -> Cast:
    """Build the cast with the commands people use."""
    cast = Cast()
    _places(cast)
    people = {name: join(CLOCK, pseudonym=f"化名{name}", phone=f"139{i:08d}").id for i, name in enumerate(_PERSONAL)}
    for person_id in people.values():
        agree(Actor(person_id))
    for name, (kind, title, scope) in _ORGANIZATIONS.items():
        cast.organizations[name] = found_organization(CLOCK, kind=kind, name=title, scope=scope).id
    _roles(cast, people)
    _homes(cast, people)
    _duties(cast)
    for grid in cast.grid_ids:
        hand_over_grid(CLOCK, grid_id=grid, person_id=people["grid_worker"], contact="居委会 8:30–17:30")
    for name in _PERSONAL:
        setattr(cast, name, actor_of(people[name]))
    return cast


def _places(cast: Cast) -> None:
    for kind, code, name in (
        (PlaceKind.PROVINCE, "99", "测试省"),
        (PlaceKind.CITY, "9901", "测试市"),
        (PlaceKind.DISTRICT, DISTRICT, "云溪区"),
        (PlaceKind.STREET, STREET, "青川街道"),
        (PlaceKind.COMMUNITY, HERE, "测试里社区"),
        (PlaceKind.COMMUNITY, ELSEWHERE, "别处社区"),
    ):
        place = enter_place(CLOCK, kind=kind, code=code, name=name)
        if code == HERE:
            cast.community_id = place.id
        elif code == ELSEWHERE:
            cast.elsewhere_id = place.id
    # Tests speak fast and say the same again; what waits for a look is asked for in tests/moderation.
    change_setting(CLOCK, code="99", name=Setting.FLOOD_MESSAGES, value=0)
    for i in range(2):
        west = 121_500_000 + i * 1_000
        ring = (
            (west, 31_200_000),
            (west + 1_000, 31_200_000),
            (west + 1_000, 31_201_000),
            (west, 31_201_000),
            (west, 31_200_000),
        )
        cast.grid_ids.append(draw_grid(CLOCK, code=f"{HERE}{i + 1:03d}", name=f"第 {i + 1} 网格", ring=ring).id)
    for i in range(2):
        building = enter_building(
            CLOCK,
            community_id=cast.community_id,
            code=f"{i + 1}",
            name=f"{i + 1} 号楼",
            grid_id=cast.grid_ids[i],
            floors=6,
        )
        cast.building_ids.append(building.id)
        for n in range(12):
            unit = enter_unit(
                CLOCK,
                building_id=building.id,
                staircase="1",
                door=f"{n // 2 + 1}0{n % 2 + 1}",
                area=8_000 + 100 * n,
            )
            cast.unit_ids.append(unit.id)
    far = enter_building(CLOCK, community_id=cast.elsewhere_id, code="1", name="1 号楼", floors=6)
    cast.unit_ids.append(enter_unit(CLOCK, building_id=far.id, staircase="1", door="101", area=9_000).id)


def _roles(cast: Cast, people: dict[str, int]) -> None:
    # Tests go back as well as forward in time.
    since, until = datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=730)
    scopes = {key: scope for key, (_, _, scope) in _ORGANIZATIONS.items()}
    for name, (role, organization) in _MANDATES.items():
        grant_role(
            CLOCK,
            person_id=people[name],
            role=role,
            scope=scopes[organization],
            organization_id=cast.organizations[organization],
            public_name=f"经办{name}",
            since=since,
            until=until,
        )
    grant_role(CLOCK, person_id=people["complained_of"], role=Role.RESIDENT, scope=HERE, since=since)
    grant_role(CLOCK, person_id=people["auditor"], role=Role.AUDITOR, scope=DISTRICT, since=since)
    grant_role(CLOCK, person_id=people["administrator"], role=Role.ADMINISTRATOR, scope="99", since=since)


def _homes(cast: Cast, people: dict[str, int]) -> None:
    units, since = cast.unit_ids, date(2020, 1, 1)
    owned = {"owner": [0], "co_owner": [0], "landlord": [1, 2], "neighbour": [3]}
    for name, indexes in owned.items():
        for index in indexes:
            owner = enter_owner(CLOCK, unit_id=units[index], reference=name, since=since)
        verify_owner(CLOCK, owner_id=owner.id, person_id=people[name])
    for index in range(4, 20):
        enter_owner(CLOCK, unit_id=units[index], reference=f"owner-{index}", since=since)
    for index in range(20, 24):
        enter_owner(CLOCK, unit_id=units[index], reference="developer", kind=OwnerKind.DEVELOPER, since=since)
    lives = {
        "resident": (0, ResidenceKind.FAMILY),
        "owner": (0, ResidenceKind.OWNER),
        "tenant": (1, ResidenceKind.TENANT),
        "neighbour": (3, ResidenceKind.OWNER),
        "outsider": (24, ResidenceKind.OWNER),
    }
    for name, (index, kind) in lives.items():
        verify_residence(CLOCK, unit_id=units[index], person_id=people[name], kind=kind)


def _duties(cast: Cast) -> None:
    for code, name, lane, organization in (
        ("C103", "电动车飞线充电", "AB", "fire"),
        ("0101", "井盖缺失", "A", "water"),
    ):
        kind = MatterKind.COMMUNITY if code.startswith("C") else MatterKind.COMPONENT
        matter = enter_matter(CLOCK, key=MatterKey("test", kind, code), name=name, lane=lane, rules="R0", basis="测试")
        cast.matters[code] = matter.id
        item = enter_duty(
            CLOCK,
            scope=DISTRICT,
            number=f"T-{code}",
            matter_id=matter.id,
            organization_id=cast.organizations[organization],
            list_kind=ListKind.BASIC,
            limit=Limit(3, LimitUnit.WORKING_DAYS),
            basis="测试清单",
            valid_from=date(2020, 1, 1),
        )
        cast.duty_items[code] = item.id
