"""Imports of places, grids and the roll: lines are refused one by one, and the same file twice changes nothing."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.batches import Imported
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import verify
from cogov.people.rules import CLOCK
from cogov.places.commands import import_grids, import_places, import_roll
from cogov.places.models import Building, GridShape, Owner, Ownership, Place, Unit
from cogov.places.queries import grid_at, grid_rows, place_by_code, roll
from cogov.places.rules import OwnerKind, PlaceKind, UnitUse
from tests.cast import HERE, Cast
from tests.databases import both

GEO = Path(__file__).parent / "geo"
PARENTS = (
    "代码,名称\n11,北京市\n1101,北京市\n110101,东城区\n31,上海市\n3101,上海市\n310101,黄浦区\n"
    "33,浙江省\n3301,杭州市\n330102,上城区\n37,山东省\n3716,滨州市\n371602,滨城区\n44,广东省\n4403,深圳市\n440310,坪山区\n"
)
ROLL = (
    "社区代码,楼栋编号,楼栋名称,单元,门牌,面积,用途,未售,业主编号,业主类别,业主姓名,起始日期\n"
    f"{HERE},9,9 号楼,1,101,89.5,住宅,否,Y-1,个人,甲,2018-05-01\n"
    f"{HERE},9,9 号楼,1,101,89.5,住宅,否,Y-2,个人,乙,2018-05-01\n"
    f"{HERE},9,9 号楼,1,102,90.05,住宅,否,Y-1,个人,甲,2019/6/1\n"
    f"{HERE},9,9 号楼,2,商1,1234,商铺,否,G-1,单位,某商行,2020年1月2日\n"
    f"{HERE},9,9 号楼,2,201,77.77,住宅,是,K-1,开发商,某置业,20170101\n"
    f"{HERE},9,9 号楼,2,202,,住宅,否,,,,\n"
)


def _numbers(imported: Imported) -> tuple[int, int, int, int]:
    return imported.entered, imported.corrected, imported.unchanged, len(imported.refused)


def _refused(imported: Imported) -> dict[int, str]:
    return {line.number: line.refusal.code for line in imported.refused}


def _count(model: type[Place | Unit | Owner | Ownership | JournalEntry | GridShape]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def _real() -> dict[str, bytes]:
    return {name: (GEO / name).read_bytes() for name in ("streets.csv", "communities.csv", "grids.geojson")}


@both
def test_the_real_streets_communities_and_synthetic_grids_are_entered_under_their_districts(app: Flask) -> None:
    before = _count(Place)
    real = _real()
    assert _numbers(import_places(CLOCK, PARENTS.encode())) == (15, 0, 0, 0)
    assert _numbers(import_places(CLOCK, real["streets.csv"])) == (63, 0, 0, 0)
    assert _numbers(import_places(CLOCK, real["communities.csv"])) == (969, 0, 0, 0)
    assert _numbers(import_grids(CLOCK, real["grids.geojson"])) == (120, 0, 0, 0)
    assert _count(Place) == before + 15 + 63 + 969 + 120
    grid = place_by_code("110101001001001")
    assert grid.kind is PlaceKind.GRID
    assert grid.parent_id == place_by_code("110101001001").id
    assert all(row.ring and row.holder_id is None for row in grid_rows(place_by_code("110101001001").id))
    assert verify().faults == ()


def test_the_same_file_again_changes_nothing_and_writes_no_entry(app: Flask) -> None:
    real = _real()
    for _ in range(2):
        entries = _count(JournalEntry)
        done = [import_places(CLOCK, data) for data in (PARENTS.encode(), real["streets.csv"])]
        done.append(import_places(CLOCK, b"\xef\xbb\xbf" + real["communities.csv"]))
        done.append(import_grids(CLOCK, real["grids.geojson"]))
    assert all(imported.changed_nothing for imported in done)
    assert sum(imported.unchanged for imported in done) == 15 + 63 + 969 + 120
    assert _count(JournalEntry) == entries


def test_places_without_the_one_above_are_refused_with_its_code_and_the_rest_is_entered(app: Flask) -> None:
    imported = import_places(CLOCK, "code,name\n990101002,新街道\n770101001,别省街道\n990101002001,新社区\n".encode())
    assert _numbers(imported) == (2, 0, 0, 1)
    assert _refused(imported) == {3: "place_above_missing"}
    assert "770101" in str(imported.refused[0].refusal.message)


def test_places_in_any_order_are_entered_the_widest_first(app: Flask) -> None:
    rows = ["990102001001,丙社区", "990102001,乙街道", "990102,甲区"]
    assert _numbers(import_places(CLOCK, ("代码,名称\n" + "\n".join(rows)).encode("gb18030"))) == (3, 0, 0, 0)
    assert place_by_code("990102001001").name == "丙社区"


def test_a_place_whose_name_changed_is_corrected(app: Flask) -> None:
    assert _numbers(import_places(CLOCK, f"code;name\n{HERE};新名字\n".encode())) == (0, 1, 0, 0)
    assert place_by_code(HERE).name == "新名字"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1.10101E+11,社区,", "code_mangled"),
        ("99010１,全角数字,", "code_malformed"),
        ("9901011,七位,", "code_length"),
        ("990103,,", "cell_empty"),
        (f"990103,{'长' * 81},", "cell_too_long"),
        ("990103,坏\x07名,", "cell_unreadable"),
        ('990103,"没有配对,', "quotes_unpaired"),
        ("990103,少一格", "cells_differ"),
        ("990103,名," + "字" * 100_000, "line_too_long"),
        ("990103,名,街道", "kind_differs"),
        ("990103,名,星球", "word_unknown"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_alone(app: Flask, line: str, code: str) -> None:
    imported = import_places(CLOCK, f"代码,名称,级别\n{line}\n990104,好的,区\n".encode())
    assert _refused(imported) == {2: code}
    assert imported.entered == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \n", "file_empty"),
        (b"PK\x03\x04 workbook", "file_is_workbook"),
        (b"\x00\x01\x02", "file_unreadable"),
        (b"\xff\xfe\x00", "file_unreadable"),
        ("名称\n甲\n".encode(), "column_missing"),
        ("代码,code,名称\n".encode(), "column_twice"),
        (b"x" * (100 * 1024 * 1024 + 1), "file_too_large"),
    ],
    ids=["empty", "blank", "workbook", "binary", "half", "no code", "twice", "large"],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(app: Flask, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        import_places(CLOCK, data)
    assert refused.value.refusal.code == code


def test_two_lines_that_disagree_about_a_code_do_not_both_count(app: Flask) -> None:
    data = "code\tname\n990103\t一\n990103\t二\n990103\t一\n".encode("utf-16")
    assert _refused(import_places(CLOCK, data)) == {3: "line_contradicts"}
    assert _numbers(import_places(CLOCK, data)) == (0, 0, 2, 1)


# Grids -------------------------------------------------------------------------------------------------------------


def _feature(code: object, coordinates: object, kind: str = "Polygon") -> dict[str, object]:
    return {"properties": {"grid_code": code}, "geometry": {"type": kind, "coordinates": coordinates}}


SQUARE = [[121.51, 31.21], [121.52, 31.21], [121.52, 31.22], [121.51, 31.22], [121.51, 31.21]]


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (_feature(f"{HERE}009", [SQUARE, SQUARE]), "geometry_not_ring"),
        (_feature(f"{HERE}009", SQUARE), "geometry_not_ring"),
        (_feature(f"{HERE}009", [[1, 2, 3, 4]]), "point_malformed"),
        (_feature(f"{HERE}009", [SQUARE[:-1]]), "ring_open"),
        (_feature(f"{HERE}009", [[*SQUARE[:2], [1e300, 0], *SQUARE[2:]]]), "ring_out_of_range"),
        (_feature(f"{HERE}009", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]), "ring_flat"),
        (_feature(f"{HERE}009", [[[0, 0], [2, 2], [2, 0], [0, 1], [0, 0]]]), "ring_crossed"),
        (_feature(f"{HERE}009", [[["x", 0], *SQUARE]]), "point_malformed"),
        (_feature(HERE, [SQUARE]), "code_length"),
        (_feature("770101001001001", [SQUARE]), "place_above_missing"),
        (_feature(None, [SQUARE]), "cell_empty"),
        ({"type": "Feature"}, "feature_malformed"),
        (7, "feature_malformed"),
    ],
)
def test_a_feature_that_is_no_grid_is_refused_alone(app: Flask, feature: object, code: str) -> None:
    good = _feature(f"{HERE}010", [SQUARE], "Polygon")
    imported = import_grids(CLOCK, json.dumps({"type": "FeatureCollection", "features": [feature, good]}).encode())
    assert _refused(imported) == {1: code}
    assert imported.entered == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"features": [', "json_malformed"),
        ('{"features": [NaN]}', "json_malformed"),
        ('{"features": ' + "[" * 100_000, "json_malformed"),
        ('{"features": [' + "9" * 5000 + "]}", "json_malformed"),
        ("[]", "json_not_features"),
        ('{"type": "Feature"}', "json_not_features"),
    ],
    ids=["cut", "nan", "deep", "long number", "list", "one feature"],
)
def test_a_text_that_is_no_feature_collection_is_refused_with_a_sentence(app: Flask, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        import_grids(CLOCK, text.encode())
    assert refused.value.refusal.code == code


def test_a_grid_in_a_table_has_its_border_as_wkt_and_coordinates_are_rounded_to_whole_micro_degrees(app: Flask) -> None:
    west = "121.5100000000001"
    ring = f"POLYGON (({west} 31.21, 121.52 31.21, 121.52 31.2199999999999, 121.51 31.22, {west} 31.21))"
    data = f'网格代码,网格名称,边界\n{HERE}009,东网格,"{ring}"\n'.encode()
    assert _numbers(import_grids(CLOCK, data)) == (1, 0, 0, 0)
    row = next(row for row in grid_rows(place_by_code(HERE).id) if row.code == f"{HERE}009")
    assert row.name == "东网格"
    assert row.ring == (
        (121_510_000, 31_210_000),
        (121_520_000, 31_210_000),
        (121_520_000, 31_220_000),
        (121_510_000, 31_220_000),
        (121_510_000, 31_210_000),
    )


def test_a_grid_drawn_anew_is_corrected(app: Flask, cast: Cast) -> None:
    def collection(points: object) -> bytes:
        return json.dumps({"features": [_feature(f"{HERE}010", [points])]}).encode()

    import_grids(CLOCK, collection(SQUARE))
    moved = [[x + 1, y] for x, y in SQUARE]
    assert _numbers(import_grids(CLOCK, collection(moved))) == (0, 1, 0, 0)
    assert grid_at(cast.community_id, 121_515_000, 31_215_000) is None
    assert grid_at(cast.community_id, 122_515_000, 31_215_000) == place_by_code(f"{HERE}010").id


def test_a_point_on_the_outermost_edge_belongs_to_the_grid_it_touches(app: Flask, cast: Cast) -> None:
    for x in (121_500_000, 121_501_000, 121_502_000):
        for y in (31_200_000, 31_200_500, 31_201_000):
            assert grid_at(cast.community_id, x, y) in cast.grid_ids
    assert grid_at(cast.community_id, 121_502_001, 31_200_500) is None


# The roll ----------------------------------------------------------------------------------------------------------


@both
def test_the_roll_enters_units_co_owners_one_owner_of_two_and_the_developers_unsold_unit(
    app: Flask, cast: Cast
) -> None:
    assert _numbers(import_roll(CLOCK, ROLL.encode())) == (6, 0, 0, 0)
    building = session().scalars(select(Building).where(Building.code == "9")).one()
    rows = roll(cast.community_id, now().date(), building.id)
    assert building.name == "9 号楼"
    assert [row.area for row in rows] == [8950, 8950, 9005, 123400, 7777, None]
    assert len({row.unit_id for row in rows}) == 5
    assert rows[0].owner_id == rows[2].owner_id != rows[1].owner_id
    assert (rows[3].use, rows[3].owner_kind) == (UnitUse.SHOP, OwnerKind.COMPANY)
    assert (rows[4].unsold, rows[4].owner_kind) == (True, OwnerKind.DEVELOPER)
    assert rows[5].owner_id is None
    days = session().scalars(select(Ownership.since).where(Ownership.unit_id.in_([row.unit_id for row in rows])))
    assert date(2020, 1, 2) in set(days)


def test_the_same_roll_again_changes_nothing_and_a_changed_cell_is_corrected(app: Flask) -> None:
    import_roll(CLOCK, ROLL.encode())
    entries = _count(JournalEntry)
    again = import_roll(CLOCK, ROLL.replace(",", ";").encode())
    assert again.changed_nothing
    assert again.unchanged == 6
    assert _count(JournalEntry) == entries
    assert _numbers(import_roll(CLOCK, ROLL.replace("90.05", "90.06").encode())) == (0, 1, 5, 0)


def test_a_sale_ends_one_ownership_and_begins_another(app: Flask) -> None:
    import_roll(CLOCK, ROLL.encode())
    sale = (
        "社区代码,楼栋编号,单元,门牌,面积,业主编号,业主姓名,起始日期,终止日期\n"
        f"{HERE},9,1,102,90.05,Y-9,丙,2024-03-01,\n"
        f"{HERE},9,1,102,90.05,Y-1,甲,2019-06-01,2024-03-01\n"
    ).encode()
    assert _numbers(import_roll(CLOCK, sale)) == (1, 1, 0, 0)
    assert _numbers(import_roll(CLOCK, sale)) == (0, 0, 2, 0)
    unit = session().scalars(select(Unit).join(Building).where(Building.code == "9", Unit.door == "102")).one()
    current = session().scalars(select(Owner.reference).join(Ownership).where(_current(unit))).all()
    assert current == ["Y-9"]


def _current(unit: Unit):
    return (Ownership.unit_id == unit.id) & Ownership.until.is_(None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"面积": "89.505"}, "area_too_fine"),
        ({"面积": "89.500"}, "area_too_fine"),
        ({"面积": "89,5㎡"}, "area_malformed"),
        ({"面积": "-3"}, "area_negative"),
        ({"面积": "－89.5"}, "area_negative"),
        ({"面积": "８９"}, "area_malformed"),
        ({"面积": "0.00"}, "area_out_of_range"),
        ({"面积": "1000000.01"}, "area_out_of_range"),
        ({"社区代码": "770101001001"}, "community_missing"),
        ({"社区代码": HERE[:9]}, "code_length"),
        ({"未售": "是"}, "unsold_not_developers"),
        ({"未售": "也许"}, "word_unknown"),
        ({"业主编号": ""}, "owner_nameless"),
        ({"业主编号": "11010519491231002X"}, "identity_number"),
        ({"起始日期": "2018-02-30"}, "date_malformed"),
        ({"起始日期": ""}, "cell_empty"),
        ({"起始日期": "2999-01-01"}, "since_until"),
        ({"门牌": ""}, "cell_empty"),
        ({"楼栋编号": "九" * 21}, "cell_too_long"),
    ],
)
def test_a_line_of_the_roll_with_a_fault_is_refused_and_leaves_nothing_behind(
    app: Flask, tmp_path: Path, changed: dict[str, str], code: str
) -> None:
    titles = ROLL.splitlines()[0].split(",")
    bad = dict(zip(titles, ROLL.splitlines()[1].split(","), strict=True)) | {"楼栋编号": "8", **changed}
    file = tmp_path / "roll.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([titles, [bad[title] for title in titles], ROLL.splitlines()[1].split(",")])
    imported = import_roll(CLOCK, file.read_bytes())
    assert _refused(imported) == {2: code}
    assert imported.entered == 1
    assert session().scalar(select(Building.id).where(Building.code == "8")) is None


def test_lines_that_disagree_about_a_unit_or_an_owner_are_refused(app: Flask) -> None:
    lines = ROLL.splitlines()
    disagreeing = [
        lines[2].replace("89.5", "89.6"),
        lines[3].replace("甲", "甲某"),
        lines[2].replace("9 号楼", "九号楼"),
    ]
    imported = import_roll(CLOCK, "\n".join([*lines, *disagreeing]).encode())
    assert _refused(imported) == {8: "line_contradicts", 9: "line_contradicts", 10: "line_contradicts"}
    assert imported.entered == 6


def test_a_refused_line_takes_its_building_back_but_not_its_neighbours(app: Flask) -> None:
    # The unit is entered before the ownership is refused: nothing of the line may stay, not even its journal entries.
    import_roll(CLOCK, ROLL.encode())
    overlapping = ROLL.splitlines()[1].replace("2018-05-01", "2017-01-01,2019-01-01")
    entries = _count(JournalEntry)
    text = f"{ROLL.splitlines()[0]},终止日期\n{overlapping.replace('89.5', '88.8')}\n{HERE},9,,3,301,50,,,,,,,\n"
    imported = import_roll(CLOCK, text.encode())
    assert _refused(imported) == {2: "ownership_overlaps"}
    assert imported.entered == 1
    assert _count(JournalEntry) == entries + 1
    assert session().scalar(select(func.count()).select_from(Unit).where(Unit.area == 8880)) == 0


def test_a_file_of_several_batches_tells_how_far_it_is(app: Flask) -> None:
    told: list[int] = []
    rows = "".join(f"{HERE},9,,1,{n},50,,,,,,\n" for n in range(1201))
    imported = import_roll(CLOCK, (ROLL.splitlines()[0] + "\n" + rows).encode(), told.append)
    assert told == [500, 500, 201]
    assert imported.entered == 1201
