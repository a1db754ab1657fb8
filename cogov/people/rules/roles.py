"""Who may do what where: roles, standings and the actor that every command takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules.suspension import Suspended


class Role(StrEnum):
    """What a person may be somewhere; the last column of the glossary names each."""

    RESIDENT = "resident"
    OWNER = "owner"
    TENANT = "tenant"
    GRID_WORKER = "grid_worker"
    PARTY_MEMBER = "party_member"
    SOCIAL_MEMBER = "social_member"
    MODERATOR = "moderator"
    DISPATCHER = "dispatcher"
    OFFICIAL = "official"
    INSPECTOR = "inspector"
    CLOSER = "closer"
    OWNERS_COMMITTEE = "owners_committee"
    STREET_OFFICE = "street_office"
    CHAIR = "chair"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class OrganizationKind(StrEnum):
    """What an organization is; public bodies are shown square and indigo."""

    BODY = "body"
    STREET = "street"
    COMMAND = "command"
    SUPERVISION = "supervision"
    COMMITTEE = "committee"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY = "property"
    SOCIAL = "social"
    BRANCH = "branch"


PUBLIC_KINDS = frozenset(
    {OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.COMMAND, OrganizationKind.SUPERVISION}
)

COMMAND_ROLES = frozenset({Role.DISPATCHER, Role.STREET_OFFICE, Role.INSPECTOR, Role.CLOSER})
"""Who sees the whole of what waits in an area."""

COMMITTEE_ROLES = frozenset({Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE, Role.GRID_WORKER})
"""Who keeps a neighbourhood's own affairs going."""

MANDATE_KINDS: dict[Role, frozenset[OrganizationKind]] = {
    Role.GRID_WORKER: frozenset({OrganizationKind.COMMITTEE, OrganizationKind.STREET}),
    Role.PARTY_MEMBER: frozenset({OrganizationKind.BRANCH}),
    Role.SOCIAL_MEMBER: frozenset({OrganizationKind.SOCIAL}),
    Role.MODERATOR: frozenset({OrganizationKind.COMMITTEE}),
    Role.CHAIR: frozenset({OrganizationKind.COMMITTEE}),
    Role.DISPATCHER: frozenset({OrganizationKind.COMMAND}),
    Role.OFFICIAL: frozenset({OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.PROPERTY}),
    Role.INSPECTOR: frozenset({OrganizationKind.SUPERVISION}),
    Role.CLOSER: frozenset({OrganizationKind.SUPERVISION}),
    Role.OWNERS_COMMITTEE: frozenset({OrganizationKind.OWNERS_COMMITTEE}),
    Role.STREET_OFFICE: frozenset({OrganizationKind.STREET}),
}
"""Roles that are held for an organization, and for which kinds of it; the others are a person's own."""


@dataclass(frozen=True)
class Standing:
    """One role that a person holds now: where, for whom, until when.

    ``scope`` is a place code; the role reaches every place whose code begins with it.
    """

    id: int
    role: Role
    scope: str
    organization_id: int | None = None
    organization_name: str = ""
    organization_kind: OrganizationKind | None = None
    public_name: str = ""
    until: datetime | None = None

    def reaches(self, code: str) -> bool:
        """Say whether the role holds at the place with this code."""
        return code.startswith(self.scope)


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person with all standings, an anonymous reader, or the clock."""

    person_id: int | None
    pseudonym: str = ""
    standings: tuple[Standing, ...] = ()
    acting: Standing | None = None
    is_clock: bool = False
    suspended: tuple[Suspended, ...] = ()

    @property
    def organization_id(self) -> int | None:
        """The organization acted for, if any."""
        return self.acting.organization_id if self.acting else None

    def inside(self, code: str) -> bool:
        """Say whether a person lives, owns or serves at a place.

        Whoever does not sees places by grid and residents' times by day: on pages, live and by API alike.
        """
        return any(held.reaches(code) for held in self.standings)

    def standing(self, code: str, *roles: Role) -> Standing | None:
        """Return the standing that carries one of the roles at a place; the one acted under comes first."""
        fitting = [held for held in self.standings if held.role in roles and held.reaches(code)]
        if self.acting in fitting:
            return self.acting
        return fitting[0] if fitting else None

    def holds(self, code: str, *roles: Role) -> bool:
        """Say whether one of the roles is held at a place."""
        return self.standing(code, *roles) is not None

    def under(self, standing: Standing | None) -> Actor:
        """Return the same person acting under a standing (for its organization), or for themselves."""
        return replace(self, acting=standing)

    def serves(self, organization_id: int | None) -> Standing | None:
        """Return the standing under which the actor acts for an organization."""
        held = [s for s in self.standings if organization_id is not None and s.organization_id == organization_id]
        if self.acting in held:
            return self.acting
        return held[0] if held else None


_ROLE_WORDS: dict[Role, Words] = {
    Role.RESIDENT: say("居民"),
    Role.OWNER: say("业主"),
    Role.TENANT: say("租户"),
    Role.GRID_WORKER: say("网格员"),
    Role.PARTY_MEMBER: say("党员"),
    Role.SOCIAL_MEMBER: say("社会组织成员"),
    Role.MODERATOR: say("居委会主持人"),
    Role.DISPATCHER: say("指挥中心派遣员"),
    Role.OFFICIAL: say("经办人"),
    Role.INSPECTOR: say("监督中心核查员"),
    Role.CLOSER: say("监督中心结案员"),
    Role.OWNERS_COMMITTEE: say("业委会成员"),
    Role.STREET_OFFICE: say("街道办事处"),
    Role.CHAIR: say("议事会主席"),
    Role.AUDITOR: say("审计员"),
    Role.ADMINISTRATOR: say("系统管理员"),
}


def role_words(role: Role) -> Words:
    """Return what a role is called."""
    return _ROLE_WORDS[role]


ANYONE = Actor(None)
CLOCK = Actor(None, is_clock=True)


def why_not_grant(role: Role, kind: OrganizationKind | None, public_name: str) -> Refusal | None:
    """A mandate needs a fitting organization and the name under which its holder acts in public."""
    if role not in MANDATE_KINDS:
        return None if kind is None else Refusal("role_is_personal", say("这个身份属于个人，不代表单位。"), status=422)
    if kind not in MANDATE_KINDS[role]:
        return Refusal("wrong_organization", say("这类单位不能授予这个身份。"), status=422)
    if not public_name:
        return Refusal("name_needed", say("代表单位办事的人要写明公开的姓名。"), status=422)
    return None


def why_not_mandate(scope: str, organization_scope: str, *, ended: bool) -> Refusal | None:
    """A mandate reaches no further than the organization, and ends with it."""
    if ended:
        return Refusal("organization_ended", say("这个单位已经终止。"), status=422)
    if not scope.startswith(organization_scope):
        return Refusal(
            "beyond_organization",
            say("这个单位只管 {outer}，不能授权到 {scope}。", outer=organization_scope, scope=scope),
            status=422,
        )
    return None


def why_not_correct(kind: OrganizationKind, said: OrganizationKind, *, ended: bool) -> Refusal | None:
    """What an organization is cannot change, since mandates rest on it; one that ended is not entered again."""
    if ended:
        return Refusal("organization_ended", say("这个单位已经终止。"), status=422)
    if kind is not said:
        return Refusal("organization_kind", say("这个单位登记的是另一类别，类别不能更改。"), status=422)
    return None


_KIND_WORDS: dict[OrganizationKind, Words] = {
    OrganizationKind.BODY: say("部门"),
    OrganizationKind.STREET: say("街道"),
    OrganizationKind.COMMAND: say("指挥中心"),
    OrganizationKind.SUPERVISION: say("监督中心"),
    OrganizationKind.COMMITTEE: say("居委会"),
    OrganizationKind.OWNERS_COMMITTEE: say("业委会"),
    OrganizationKind.PROPERTY: say("物业"),
    OrganizationKind.SOCIAL: say("社会组织"),
    OrganizationKind.BRANCH: say("党支部"),
}


def kind_words(kind: OrganizationKind) -> Words:
    """Return what a kind of organization is called."""
    return _KIND_WORDS[kind]
