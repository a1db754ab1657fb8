"""Importing organizations, persons and mandates: a line is refused, never the file."""

from __future__ import annotations

from sqlalchemy import or_, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refused, insist
from cogov.ground.sheets import Agreement, Line, Table, refuse, table_of, text_of
from cogov.ground.words import say
from cogov.journal.batches import Effect, Imported, Tell, enter_lines, together
from cogov.journal.transaction import record
from cogov.people.commands.joining import invite_person
from cogov.people.commands.roles import end_role, grant_role, put_organization
from cogov.people.events import IdentityCorrected
from cogov.people.models import Identity, Organization, RoleHeld
from cogov.people.queries import administrators_of, identity_by_contact, place_names
from cogov.people.rules import MANDATE_KINDS, Actor, Role
from cogov.people.rules.countersigning import wants_countersign
from cogov.people.rules.keeping import why_not_keep, why_not_oneself
from cogov.people.rules.sheets import (
    MandateRow,
    OrganizationRow,
    PeopleRow,
    PersonRow,
    needing,
    people_row,
    why_not_until,
)


def import_people(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import organizations, persons and mandates from a CSV file; what the file does not name stays as it is."""
    table = _table(text_of(data))
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = people_row(line.cells)
        _agree(agreement, row, line.number)
        return _put(by, row)

    imported = enter_lines(table.lines, enter, tell)
    imported.ignored = table.ignored
    return imported


def _table(text: str) -> Table:
    """Read a sheet that names persons, or only organizations; any other table is not one of ours."""
    try:
        return table_of(text, needing("contact"))
    except Refused:
        return table_of(text, needing("organization"))


def _agree(agreement: Agreement, row: PeopleRow, number: int) -> None:
    organization, person = row.organization, row.person
    if organization is not None and organization.kind is not None:
        agreement.insist((organization.scope, organization.name), organization.kind, number, "单位类别")
    if person is not None and person.name:
        agreement.insist(person.contact.value, person.name, number, "姓名")


def _put(by: Actor, row: PeopleRow) -> Effect:
    _insist_in_area(by, row)
    effects = []
    organization_id = person_id = None
    if row.organization is not None:
        organization_id, effect = _put_organization(by, row.organization)
        effects.append(effect)
    if row.person is not None:
        person_id, effect = _put_person(by, row.person)
        effects.append(effect)
    if row.mandate is not None:
        represented = organization_id if row.mandate.role in MANDATE_KINDS else None
        insist(why_not_oneself(by, found(person_id)))
        effects.append(_put_mandate(by, found(person_id), represented, row.mandate))
    return together(*effects)


def _insist_in_area(by: Actor, row: PeopleRow) -> None:
    if row.organization is not None:
        insist(why_not_keep(by, row.organization.scope))
    if row.mandate is not None:
        insist(why_not_keep(by, row.mandate.scope))


def _insist_place(code: str) -> None:
    if not place_names([code]):
        refuse("place_missing", say("地域 {code} 还没有登记。", code=code), say("请先导入地域。"))


def _put_organization(by: Actor, row: OrganizationRow) -> tuple[int, Effect]:
    _insist_place(row.scope)
    query = select(Organization).where(Organization.scope == row.scope, Organization.name == row.name)
    known = session().scalars(query).one_or_none()
    kind = row.kind or (known.kind if known is not None else None)
    if kind is None:
        refuse(
            "organization_missing",
            say("{code} 没有名为“{name}”的单位。", code=row.scope, name=row.name),
            say("新的单位请写明单位类别。"),
        )
    given = {"short_name": row.short_name, "contact": row.contact}
    organization, effect = put_organization(by, kind=kind, name=row.name, scope=row.scope, **given)
    return organization.id, effect


def _put_person(by: Actor, row: PersonRow) -> tuple[int, Effect]:
    known = identity_by_contact(row.contact.value)
    if known is None:
        if not row.pseudonym:
            refuse("pseudonym_missing", say("新登记的人要写化名。"))
        person = invite_person(by, contact=row.contact, name=row.name, pseudonym=row.pseudonym)
        return person.id, Effect.ENTERED
    if not row.name or row.name == known.name:
        return known.person_id, Effect.UNCHANGED
    identity = session().scalars(for_change(select(Identity).where(Identity.person_id == known.person_id))).one()
    identity.name = row.name
    record(IdentityCorrected(identity.person_id), by, subject=("person", identity.person_id))
    return identity.person_id, Effect.CORRECTED


def _put_mandate(by: Actor, person_id: int, organization_id: int | None, row: MandateRow) -> Effect:
    """Give a role, or end the one that says otherwise and give it anew: what was done under it keeps its name."""
    _insist_place(row.scope)
    at = now()
    query = select(RoleHeld).where(
        RoleHeld.person_id == person_id,
        RoleHeld.role == row.role,
        RoleHeld.scope == row.scope,
        RoleHeld.organization_id.is_not_distinct_from(organization_id),
        RoleHeld.ended_at.is_(None),
        or_(RoleHeld.until.is_(None), RoleHeld.until > at),
    )
    held = session().scalars(for_change(query)).one_or_none()
    if held is not None and (held.public_name, held.until) == (row.public_name, row.until):
        return Effect.UNCHANGED
    insist(why_not_until(row.until, at))
    if row.role is Role.ADMINISTRATOR and wants_countersign(by.person_id, person_id, administrators_of(row.scope)):
        refuse(
            "countersign_needed",
            say("授予系统管理员要另一位管理员确认，不能用表格。"),
            say("请在“管理”的“人和身份”里授予。"),
        )
    if held is not None:
        end_role(by, held.id)
    grant_role(
        by,
        person_id=person_id,
        role=row.role,
        scope=row.scope,
        organization_id=organization_id,
        public_name=row.public_name,
        until=row.until,
    )
    return Effect.ENTERED if held is None else Effect.CORRECTED
