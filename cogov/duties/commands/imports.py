"""Importing the catalogue, duty lists and the calendar: a line is refused, never the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from sqlalchemy import func, literal, select

from cogov.duties.commands.enter import enter_duty, put_day, put_matter
from cogov.duties.events import DutyEntered
from cogov.duties.models import DutyItem
from cogov.duties.queries import matter_by_key
from cogov.duties.rules.matters import shipped
from cogov.duties.rules.sheets import (
    CALENDAR_COLUMNS,
    DUTY_COLUMNS,
    MATTER_COLUMNS,
    DutyRow,
    day_row,
    duty_row,
    lines_of,
    matter_row,
)
from cogov.ground.db import for_change, session
from cogov.ground.refusals import insist
from cogov.ground.sheets import Agreement, Line, refuse, table_of, text_of
from cogov.ground.words import say
from cogov.journal.batches import Effect, Imported, Tell, enter_lines
from cogov.journal.transaction import record
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place


def import_matters(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import matters of the catalogue from a CSV file."""
    table = table_of(text_of(data), MATTER_COLUMNS)
    imported = _matters(by, table.lines, tell)
    imported.ignored = table.ignored
    return imported


def import_shipped_matters(by: Actor, tell: Tell | None = None) -> Imported:
    """Enter the catalogue that comes with cogov."""
    return _matters(by, lines_of(shipped()), tell)


def _matters(by: Actor, lines: Iterable[Line], tell: Tell | None) -> Imported:
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = matter_row(line.cells)
        agreement.insist(row.key, row, line.number, "事项")
        values = {name: value for name, value in asdict(row).items() if name not in {"key", "limit"}}
        return put_matter(by, row.key, limit=row.limit, **values)[1]

    return enter_lines(lines, enter, tell)


def import_duties(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import items of duty lists from a CSV file; an item's content changes only with a new version."""
    table = table_of(text_of(data), DUTY_COLUMNS)
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = duty_row(line.cells)
        agreement.insist((row.scope, row.number, row.version), row, line.number, "清单事项")
        return _put_duty(by, row)

    imported = enter_lines(table.lines, enter, tell)
    imported.ignored = table.ignored
    return imported


def _put_duty(by: Actor, row: DutyRow) -> Effect:
    insist(why_not_keep(by, row.scope))
    _insist_place(row.scope)
    matter_id, organization_id = _matter(row), _organization(row)
    values = {
        "matter_id": matter_id,
        "organization_id": organization_id,
        "list_kind": row.list_kind,
        "limit_amount": row.limit.amount,
        "limit_unit": row.limit.unit,
        "basis": row.basis,
        "condition": row.condition,
        "valid_from": row.valid_from,
    }
    known = (
        session()
        .scalars(
            for_change(
                select(DutyItem).where(
                    DutyItem.scope == row.scope, DutyItem.number == row.number, DutyItem.version == row.version
                )
            )
        )
        .one_or_none()
    )
    if known is not None:
        return _ended(by, known, values, row.valid_to)
    enter_duty(
        by,
        scope=row.scope,
        number=row.number,
        version=row.version,
        matter_id=matter_id,
        organization_id=organization_id,
        list_kind=row.list_kind,
        limit=row.limit,
        basis=row.basis,
        condition=row.condition,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
    return Effect.ENTERED


def _ended(by: Actor, known: DutyItem, values: dict[str, object], valid_to: date | None) -> Effect:
    """Let a known item end (or not); cases rest on the rest of it, which therefore needs a new version."""
    if any(getattr(known, name) != value for name, value in values.items()):
        refuse("duty_changed", say("清单里这个编号的这一版写的不一样。"), say("内容有变，请用新的版本号再导入。"))
    if known.valid_to == valid_to:
        return Effect.UNCHANGED
    known.valid_to = valid_to
    record(DutyEntered(known.id, known.matter_id, known.organization_id), by, subject=("duty_item", known.id))
    return Effect.CORRECTED


def _insist_place(scope: str) -> None:
    if session().scalar(select(Place.id).where(Place.code == scope)) is None:
        refuse("place_missing", say("地域 {code} 还没有登记。", code=scope), say("请先导入地域。"))


def _matter(row: DutyRow) -> int:
    matter = matter_by_key(row.key)
    if matter is None or matter.retired_at is not None:
        refuse("matter_missing", say("事项目录里没有 {key}。", key=str(row.key)), say("请先导入事项目录。"))
    return matter.id


def _organization(row: DutyRow) -> int:
    """Return the organization of that name whose area reaches the duty's, the narrowest first."""
    found = session().scalar(
        select(Organization.id)
        .where(
            Organization.name == row.organization,
            Organization.ended_at.is_(None),
            literal(row.scope).startswith(Organization.scope),
        )
        .order_by(func.length(Organization.scope).desc())
        .limit(1)
    )
    if found is None:
        refuse(
            "organization_missing",
            say("{code} 没有名为“{name}”的单位。", code=row.scope, name=row.organization),
            say("请先登记单位，名称要完全一致。"),
        )
    return found


def import_calendar(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import days that differ from the week's rule from a CSV file."""
    table = table_of(text_of(data), CALENDAR_COLUMNS)
    imported = import_days(by, table.lines, tell)
    imported.ignored = table.ignored
    return imported


def import_days(by: Actor, lines: Iterable[Line], tell: Tell | None = None) -> Imported:
    """Enter days that differ from the week's rule."""
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = day_row(line.cells)
        agreement.insist((row.scope, row.day), (row.working, row.name), line.number, "日期")
        if row.scope:
            insist(why_not_keep(by, row.scope))
            _insist_place(row.scope)
        return put_day(by, scope=row.scope, day=row.day, working=row.working, name=row.name)[1]

    return enter_lines(lines, enter, tell)
