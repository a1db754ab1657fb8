"""The sheet of organizations, persons and mandates: a line names any of the three that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cogov.ground.refusals import Refusal
from cogov.ground.sheets import Column, code_of, day_of, needed, one_of, refuse
from cogov.ground.words import say
from cogov.people.rules.contacts import Contact, contact_from
from cogov.people.rules.entering import pseudonym_from
from cogov.people.rules.roles import MANDATE_KINDS, OrganizationKind, Role, kind_words, role_words

PEOPLE_COLUMNS = (
    Column("organization", "单位", ("单位名称",)),
    Column("kind", "单位类别"),
    Column("organization_scope", "单位地域代码", (), longest=32),
    Column("short_name", "单位简称", (), longest=20),
    Column("organization_contact", "单位联系方式", (), longest=120),
    Column("contact", "手机号或邮箱", ("手机号", "手机", "邮箱", "phone", "email"), longest=254),
    Column("name", "姓名"),
    Column("pseudonym", "化名", (), longest=40),
    Column("role", "身份"),
    Column("scope", "身份地域代码", (), longest=32),
    Column("public_name", "公开姓名"),
    Column("until", "截止日期"),
)

ORGANIZATION_KINDS: dict[str, OrganizationKind] = {
    **{str(kind_words(kind)): kind for kind in OrganizationKind},
    **{kind.value: kind for kind in OrganizationKind},
}
ROLES: dict[str, Role] = {**{str(role_words(role)): role for role in Role}, **{role.value: role for role in Role}}

BY_ROLL = frozenset({Role.OWNER, Role.TENANT})
"""Roles that follow from the roll and from verified residence, and are given in no other way."""

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the last day of a mandate ends."""


@dataclass(frozen=True)
class OrganizationRow:
    """An organization as a line names it; the kind may be left out where it is entered already."""

    name: str
    scope: str
    kind: OrganizationKind | None
    short_name: str
    contact: str


@dataclass(frozen=True)
class PersonRow:
    """A person as a line names them; the pseudonym is used only where they are new."""

    contact: Contact
    name: str
    pseudonym: str


@dataclass(frozen=True)
class MandateRow:
    """A role as a line gives it, until the end of a day (None: until it is ended)."""

    role: Role
    scope: str
    public_name: str
    until: datetime | None


@dataclass(frozen=True)
class PeopleRow:
    """What a line says of an organization, a person, and the role of this person (for this organization)."""

    organization: OrganizationRow | None
    person: PersonRow | None
    mandate: MandateRow | None


def needing(name: str) -> tuple[Column, ...]:
    """Return the columns with one of them needed: a sheet names persons or organizations."""
    return tuple(replace(column, needed=column.name == name) for column in PEOPLE_COLUMNS)


def people_row(cells: Mapping[str, str]) -> PeopleRow:
    """Return organization, person and mandate of a line."""
    organization, person = _organization(cells), _person(cells)
    if organization is None and person is None:
        refuse("line_names_nobody", say("这一行既没有单位，也没有人。"))
    return PeopleRow(organization, person, _mandate(cells, organization, person))


def _organization(cells: Mapping[str, str]) -> OrganizationRow | None:
    name = cells.get("organization", "")
    if not name:
        if any(cells.get(key) for key in ("kind", "organization_scope", "short_name", "organization_contact")):
            refuse("organization_nameless", say("写了单位的其他内容，却没有单位名称。"))
        return None
    return OrganizationRow(
        name=name,
        scope=code_of(needed(cells, "organization_scope", "单位地域代码"), "单位地域代码"),
        kind=one_of(cells["kind"], ORGANIZATION_KINDS, "单位类别") if cells.get("kind") else None,
        short_name=cells.get("short_name", ""),
        contact=cells.get("organization_contact", ""),
    )


def _person(cells: Mapping[str, str]) -> PersonRow | None:
    written = cells.get("contact", "")
    if not written:
        if any(cells.get(key) for key in ("name", "pseudonym", "role", "scope", "public_name", "until")):
            refuse("person_unreachable", say("写了人或身份，却没有手机号或邮箱。"))
        return None
    contact = contact_from(written)
    if contact is None:
        refuse("contact_malformed", say("“{text}”不是手机号，也不是邮箱。", text=written))
    return PersonRow(contact, cells.get("name", ""), pseudonym_from(cells.get("pseudonym", "")))


def _mandate(
    cells: Mapping[str, str], organization: OrganizationRow | None, person: PersonRow | None
) -> MandateRow | None:
    if not cells.get("role"):
        if any(cells.get(key) for key in ("scope", "public_name", "until")):
            refuse("role_missing", say("写了身份的其他内容，却没有写身份。"))
        if organization is not None and person is not None:
            refuse("role_missing", say("这一行有单位也有人，却没有写身份。"))
        return None
    role = one_of(cells["role"], ROLES, "身份")
    if (refusal := why_not_by_hand(role)) is not None:
        refuse(refusal.code, refusal.message, refusal.what_next)
    # A role of one's own stands for no organization, but a line may name where the person works beside it.
    outer = organization.scope if organization is not None else ""
    written = cells.get("scope", "") or outer
    if not written:
        refuse("cell_empty", say("“{label}”没有填。", label="身份地域代码"))
    if role in MANDATE_KINDS and organization is None:
        refuse("organization_needed", say("“{role}”代表单位办事，要写明单位。", role=str(role_words(role))))
    until = day_of(cells["until"], "截止日期") if cells.get("until") else None
    return MandateRow(role, code_of(written, "身份地域代码"), cells.get("public_name", ""), until_end_of(until))


def since_start_of(day: date | None) -> datetime | None:
    """Return the moment at which a first day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) if day is not None else None


def until_end_of(day: date | None) -> datetime | None:
    """Return the moment at which a last day is over."""
    if day is None:
        return None
    return since_start_of(day + timedelta(days=1))


def why_not_by_hand(role: Role) -> Refusal | None:
    """Who owns or rents is said by the roll and by what was verified, not by who keeps the register."""
    if role not in BY_ROLL:
        return None
    return Refusal(
        "role_by_roll",
        say("“{role}”按名册和住户核对给出，不能直接授予。", role=str(role_words(role))),
        what_next=say("请用 cogov owner verify 或 cogov residence verify。"),
        status=422,
    )


def why_not_until(until: datetime | None, now: datetime) -> Refusal | None:
    """What has ended before it begins is not given."""
    if until is None or until > now:
        return None
    return Refusal("until_past", say("截止日期已经过去。"), status=422)
