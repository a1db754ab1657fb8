"""Imports of the catalogue, duty lists and the calendar."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from cogov.duties.commands import (
    import_calendar,
    import_days,
    import_duties,
    import_matters,
    import_shipped_matters,
)
from cogov.duties.models import DutyItem, Matter
from cogov.duties.queries import calendar_for, items_for, matter_by_key
from cogov.duties.rules.clock import LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKey, MatterKind
from cogov.duties.rules.matters import shipped
from cogov.ground.db import session
from cogov.ground.sheets import Line
from cogov.journal.batches import Imported
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from tests.cast import DISTRICT, HERE, STREET, Cast
from tests.databases import both

MATTERS = (
    "标准,类别,编码,名称,去向,规则,理由,范围米,时限,时限单位,依据,结案标准,可信度\n"
    "本地,事件,E01,楼道堆物,AB,R5 R10,COMMONS,30,5,工作日,物业管理条例,楼道清空,中\n"
    "本地,部件,E01,路灯不亮,A,R0,DUTY,,24,小时,,,\n"
    "本地,社区,S01,公共空间,,,,,,,,,\n"
)
DUTIES = (
    "地域代码,清单编号,标准,类别,编码,责任单位,清单类别,时限,时限单位,依据,生效日期,失效日期\n"
    f"{DISTRICT},Q-1,test,部件,0101,云溪区水务公司,基本履职,2,工作日,区清单第 1 项,2026-01-01,\n"
    f"{STREET},J-1,test,社区,C103,青川街道办事处,配合履职,48,紧急小时,街道清单第 1 项,2026-01-01,2027-12-31\n"
)
CALENDAR = (
    "日期,上班,名称,地域代码\n2026-10-01,否,国庆节,\n2026/10/10,是,国庆调休,\n2026年10月12日,休息,社区活动日,"
    + HERE
    + "\n"
)


def _numbers(imported: Imported) -> tuple[int, int, int, int]:
    return imported.entered, imported.corrected, imported.unchanged, len(imported.refused)


def _refused(imported: Imported) -> dict[int, str]:
    return {line.number: line.refusal.code for line in imported.refused}


def _entries() -> int:
    return session().scalar(select(func.count()).select_from(JournalEntry)) or 0


@both
def test_matters_are_entered_under_standard_kind_and_code(app: Flask) -> None:
    assert _numbers(import_matters(CLOCK, MATTERS.encode())) == (3, 0, 0, 0)
    event = matter_by_key(MatterKey("本地", MatterKind.EVENT, "E01"))
    component = matter_by_key(MatterKey("本地", MatterKind.COMPONENT, "E01"))
    assert event is not None
    assert component is not None
    assert (event.name, event.lane, event.rules, event.radius_m, event.confidence) == (
        "楼道堆物",
        "AB",
        "R5 R10",
        30,
        "M",
    )
    assert (event.limit_amount, event.limit_unit) == (5, LimitUnit.WORKING_DAYS)
    assert (component.name, component.radius_m, component.limit_unit) == ("路灯不亮", 250, LimitUnit.EMERGENCY_HOURS)


def test_the_same_catalogue_again_changes_nothing_and_a_changed_name_is_corrected(app: Flask) -> None:
    import_matters(CLOCK, MATTERS.encode("gb18030"))
    entries = _entries()
    assert import_matters(CLOCK, MATTERS.encode()).changed_nothing
    assert _entries() == entries
    assert _numbers(import_matters(CLOCK, MATTERS.replace("楼道堆物", "楼道堆放").encode())) == (0, 1, 2, 0)


@both
def test_the_shipped_catalogue_is_entered_whole_and_only_once(app: Flask) -> None:
    catalogue = shipped()
    assert _numbers(import_shipped_matters(CLOCK)) == (len(catalogue), 0, 0, 0)
    assert import_shipped_matters(CLOCK).unchanged == len(catalogue)
    for matter in catalogue:
        row = matter_by_key(matter.key)
        assert row is not None
        assert row.name == matter.name
        if matter.guidance:
            assert row.rules.split() == list(matter.guidance.rules)
            assert (row.limit_amount, row.limit_unit) == (matter.guidance.limit.amount, matter.guidance.limit.unit)
    assert (session().scalar(select(func.count()).select_from(Matter)) or 0) >= len(catalogue)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("AB", "Z", "word_unknown"),
        ("R5 R10", "R5,R10", "cells_differ"),
        ("R5 R10", "五", "rules_malformed"),
        ("COMMONS", "commons", "reason_malformed"),
        ("E01,楼", "E 01,楼", "matter_key_malformed"),
        ("本地,事件", "本:地,事件", "matter_key_malformed"),
        (",5,工作日", ",0,工作日", "limit_zero"),
        (",5,工作日", ",99999,工作日", "number_malformed"),
        (",5,工作日", ",5,", "cell_empty"),
        (",5,工作日", ",5,星期", "word_unknown"),
        ("楼道堆物", "长" * 61, "cell_too_long"),
    ],
)
def test_a_matter_with_a_fault_is_refused_alone(app: Flask, old: str, new: str, code: str) -> None:
    imported = import_matters(CLOCK, MATTERS.replace(old, new, 1).encode())
    assert _refused(imported) == {2: code}
    assert imported.entered == 2


@both
def test_duty_items_name_their_body_matter_limit_and_basis(app: Flask, cast: Cast) -> None:
    assert _numbers(import_duties(CLOCK, DUTIES.encode())) == (2, 0, 0, 0)
    item = items_for(cast.matters["C103"], HERE, date(2026, 6, 1))[0]
    assert (item.scope, item.number, item.organization_id) == (STREET, "J-1", cast.organizations["street"])
    assert (item.list_kind, item.limit_amount, item.limit_unit) == (ListKind.ASSIST, 48, LimitUnit.EMERGENCY_HOURS)
    assert (item.valid_to, item.basis) == (date(2027, 12, 31), "街道清单第 1 项")


def test_the_same_duty_list_again_changes_nothing_and_an_item_may_end_but_not_change(app: Flask) -> None:
    import_duties(CLOCK, DUTIES.encode())
    entries = _entries()
    assert import_duties(CLOCK, DUTIES.encode()).changed_nothing
    assert _entries() == entries
    ended = DUTIES.replace("2026-01-01,\n", "2026-01-01,2026-12-31\n")
    assert _numbers(import_duties(CLOCK, ended.encode())) == (0, 1, 1, 0)
    assert _refused(import_duties(CLOCK, ended.replace("2,工作日", "9,工作日").encode())) == {2: "duty_changed"}
    assert set(session().scalars(select(DutyItem.limit_amount).where(DutyItem.number == "Q-1"))) == {2}


def test_a_changed_item_is_entered_as_a_new_version(app: Flask) -> None:
    import_duties(CLOCK, DUTIES.encode())
    titles, line = DUTIES.splitlines()[:2]
    second = f"{titles},版本\n{line.replace('2,工作日', '1,工作日')},2\n"
    assert _numbers(import_duties(CLOCK, second.encode())) == (1, 0, 0, 0)


def test_a_matter_may_be_named_in_one_cell(app: Flask) -> None:
    text = DUTIES.replace("标准,类别,编码", "事项").replace("test,部件,0101", "test:component:0101")
    assert _refused(import_duties(CLOCK, text.replace("test,社区,C103", "test:社区:C103").encode())) == {
        3: "matter_key_malformed"
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("云溪区水务公司", "云溪区没有的公司", "organization_missing"),
        ("云溪区水务公司", "青川街道办事处", "organization_missing"),  # it does not reach the whole district
        (DISTRICT, "770101", "place_missing"),
        ("部件,0101", "部件,9999", "matter_missing"),
        ("基本履职", "兜底", "word_unknown"),
        ("区清单第 1 项", "", "cell_empty"),
        ("2026-01-01,\n", "2026-01-01,2025-01-01\n", "valid_backwards"),
        ("2026-01-01,\n", "2026-13-01,\n", "date_malformed"),
    ],
)
def test_a_duty_item_with_a_fault_is_refused_alone(app: Flask, old: str, new: str, code: str) -> None:
    titles, rest = DUTIES.split("\n", 1)
    imported = import_duties(CLOCK, f"{titles}\n{rest.replace(old, new, 1)}".encode())
    assert _refused(imported) == {2: code}
    assert imported.entered == 1


@both
def test_days_off_and_days_worked_reach_the_places_under_them(app: Flask) -> None:
    assert _numbers(import_calendar(CLOCK, CALENDAR.encode())) == (3, 0, 0, 0)
    here, street = calendar_for(HERE), calendar_for(STREET)
    assert not here.is_working(date(2026, 10, 1))
    assert here.is_working(date(2026, 10, 10))
    assert (here.is_working(date(2026, 10, 12)), street.is_working(date(2026, 10, 12))) == (False, True)
    assert import_calendar(CLOCK, CALENDAR.encode()).changed_nothing


def test_days_with_a_fault_are_refused_alone(app: Flask) -> None:
    lines = [{"day": "2026-02-30", "working": "是"}, {"day": "2026-02-28", "working": "也许"}]
    lines += [{"day": "2026-02-28", "working": "是", "scope": "77"}, {"day": "2026-02-28", "working": "是"}]
    imported = import_days(CLOCK, [Line(number, cells) for number, cells in enumerate(lines, start=1)])
    assert _refused(imported) == {1: "date_malformed", 2: "word_unknown", 3: "place_missing"}
    assert imported.entered == 1
