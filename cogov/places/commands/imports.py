"""Importing places, grids and the roll: a line is refused, never the file."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.ground.sheets import Agreement, Line, Table, refuse, table_of, text_of
from cogov.ground.words import say
from cogov.journal.batches import Effect, Enter, Imported, Tell, enter_lines, together
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.commands.enter import put_building, put_grid, put_owner, put_ownership, put_place, put_unit
from cogov.places.models import Building, Place, Unit
from cogov.places.rules import PlaceKind
from cogov.places.rules.grid_sheet import GRID_COLUMNS, features_of, grid_row, looks_like_json
from cogov.places.rules.place_sheet import PLACE_COLUMNS, place_row
from cogov.places.rules.roll_sheet import ROLL_COLUMNS, OwnerRow, RollRow, roll_row

ZONE = "Asia/Shanghai"
"""Where days of the roll begin and end."""


def import_places(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import places from a CSV file, the widest first, whatever their order in the file."""
    table = table_of(text_of(data), PLACE_COLUMNS)
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = place_row(line.cells)
        insist(why_not_keep(by, row.code))
        agreement.insist(row.code, row.name, line.number, "名称")
        return put_place(by, kind=row.kind, code=row.code, name=row.name)[1]

    lines = sorted(table.lines, key=lambda line: len(line.cells.get("code", "")))
    imported = enter_lines(lines, enter, tell)
    imported.ignored = table.ignored
    return imported


def import_grids(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import grids with their polygons from a CSV file (WKT) or GeoJSON."""
    text = text_of(data)
    table = features_of(text) if looks_like_json(text) else table_of(text, GRID_COLUMNS)
    agreement = Agreement()

    def enter(line: Line) -> Effect:
        row = grid_row(line.cells)
        insist(why_not_keep(by, row.code))
        agreement.insist(row.code, (row.name, row.ring), line.number, "边界")
        return put_grid(by, code=row.code, name=row.name, ring=row.ring)[1]

    return _entered(table, enter, tell)


def import_roll(by: Actor, data: bytes, tell: Tell | None = None) -> Imported:
    """Import units and owners from a CSV file; what the file does not name stays as it is."""
    table = table_of(text_of(data), ROLL_COLUMNS)
    agreement = Agreement()
    today = now().astimezone(ZoneInfo(ZONE)).date()
    communities: dict[str, int] = {}

    def enter(line: Line) -> Effect:
        row = roll_row(line.cells, today)
        insist(why_not_keep(by, row.community))
        _agree(agreement, row, line.number)
        community_id = communities.get(row.community) or communities.setdefault(row.community, _community(row))
        building, first = _building(by, community_id, row)
        unit, second = put_unit(
            by, building, staircase=row.staircase, door=row.door, area=row.area, use=row.use, unsold=row.unsold
        )
        owned = _owned(by, unit, row.owner) if row.owner else Effect.UNCHANGED
        return together(first, second, owned)

    return _entered(table, enter, tell, again={"shares_above_one"})


def _entered(table: Table, enter: Enter, tell: Tell | None, again: Collection[str] = ()) -> Imported:
    imported = enter_lines(table.lines, enter, tell, again=again)
    imported.ignored = table.ignored
    return imported


def _agree(agreement: Agreement, row: RollRow, number: int) -> None:
    agreement.insist(row.unit_key, row.unit_facts, number, "面积、用途或未售")
    if row.building_name:
        agreement.insist((row.community, row.building), row.building_name, number, "楼栋名称")
    if row.owner:
        owner = row.owner
        agreement.insist((row.community, owner.reference, "owner"), (owner.kind, owner.name), number, "业主")
        if owner.until is None:
            facts = (owner.since, owner.share)
            agreement.insist((*row.unit_key, owner.reference), facts, number, "起始日期、共有份额")


def _community(row: RollRow) -> int:
    query = select(Place.id).where(Place.code == row.community, Place.kind == PlaceKind.COMMUNITY)
    found = session().scalar(query)
    if found is None:
        refuse("community_missing", say("社区 {code} 还没有登记。", code=row.community), say("请先导入社区。"))
    return found


def _building(by: Actor, community_id: int, row: RollRow) -> tuple[Building, Effect]:
    known = select(Building).where(Building.community_id == community_id, Building.code == row.building)
    building = None if row.building_name else session().scalars(known).one_or_none()
    if building is not None:
        return building, Effect.UNCHANGED
    name = row.building_name or row.building
    return put_building(by, community_id=community_id, code=row.building, name=name)


def _owned(by: Actor, unit: Unit, row: OwnerRow) -> Effect:
    owner, entered = put_owner(by, unit, reference=row.reference, kind=row.kind, name=row.name)
    owned = put_ownership(by, unit, owner, since=row.since, until=row.until, share=row.share)
    return together(entered, owned)
