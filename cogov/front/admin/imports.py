"""Sheets brought through the page: a template to fill in, a trial that says what each line would do, then the entry."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer
from wtforms import FileField, TextAreaField
from wtforms.validators import Length, Optional

from cogov.duties.commands import import_calendar, import_duties, import_matters, why_not_keep_all
from cogov.duties.rules.sheets import CALENDAR_COLUMNS, DUTY_COLUMNS, MATTER_COLUMNS
from cogov.front.admin.parts import TOO_LONG, KeepForm, attempt, bp, done, form_status, keepers, link
from cogov.ground.db import found
from cogov.ground.pages import actor, page, powerful, words
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir
from cogov.ground.sheets import Column, harmless, table_of, text_of
from cogov.ground.words import say
from cogov.journal.batches import Imported
from cogov.journal.transaction import insist_once, transaction
from cogov.people.commands import import_people
from cogov.people.rules import Actor
from cogov.people.rules.sheets import PEOPLE_COLUMNS
from cogov.places.commands import import_grids, import_places, import_roll
from cogov.places.rules.grid_sheet import GRID_COLUMNS, features_of, looks_like_json
from cogov.places.rules.place_sheet import PLACE_COLUMNS
from cogov.places.rules.roll_sheet import ROLL_COLUMNS

SHOWN = 50
SAMPLE = 8
PASTED = 200_000


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet: what it is called, its columns, an example, and who enters it."""

    title: Any
    columns: Sequence[Column]
    example: Sequence[Mapping[str, str]]
    run: Callable[[Actor, bytes], Imported]
    everywhere: bool = False


SHEETS: dict[str, Sheet] = {
    "places": Sheet(lazy_gettext("地域"), PLACE_COLUMNS, [{"code": "330102001", "name": "清波街道"}], import_places),
    "grids": Sheet(
        lazy_gettext("网格"),
        GRID_COLUMNS,
        [
            {
                "code": "330102001001001",
                "name": "第一网格",
                "ring": "POLYGON ((120.16 30.24, 120.17 30.24, 120.17 30.25, 120.16 30.24))",
            }
        ],
        import_grids,
    ),
    "roll": Sheet(
        lazy_gettext("房屋和业主名册"),
        ROLL_COLUMNS,
        [
            {
                "community": "330102001001",
                "building": "3",
                "building_name": "3 号楼",
                "staircase": "1",
                "door": "101",
                "area": "89.50",
                "owner": "Y-0017",
                "since": "2018-05-01",
            }
        ],
        import_roll,
    ),
    "people": Sheet(
        lazy_gettext("单位、人和授权"),
        PEOPLE_COLUMNS,
        [
            {
                "organization": "清波居委会",
                "kind": "居委会",
                "organization_scope": "330102001001",
                "contact": "13800000001",
                "name": "王某",
                "pseudonym": "早起的人",
                "role": "居委会主持人",
                "public_name": "王主持",
            }
        ],
        import_people,
    ),
    "matters": Sheet(
        lazy_gettext("事项目录"),
        MATTER_COLUMNS,
        [
            {
                "standard": "本地",
                "kind": "事件",
                "code": "E01",
                "name": "楼道堆物",
                "lane": "AB",
                "limit": "5",
                "unit": "工作日",
            }
        ],
        import_matters,
        everywhere=True,
    ),
    "duties": Sheet(
        lazy_gettext("权责清单"),
        DUTY_COLUMNS,
        [
            {
                "scope": "330102",
                "number": "Q-1",
                "matter": "CJ/T 214:component:0101",
                "organization": "区水务公司",
                "list_kind": "基本履职",
                "limit": "2",
                "unit": "工作日",
                "basis": "区清单第 1 项",
                "valid_from": "2026-01-01",
            }
        ],
        import_duties,
    ),
    "calendar": Sheet(
        lazy_gettext("节假日和调休"),
        CALENDAR_COLUMNS,
        [{"day": "2026-10-01", "working": "否", "name": "国庆节", "scope": "330102"}],
        import_calendar,
    ),
}


class SheetForm(KeepForm):
    """A sheet, as a file or pasted."""

    sheet = FileField(lazy_gettext("文件"), description=lazy_gettext("CSV（UTF-8 或 GB18030）；网格也可以是 GeoJSON。"))
    pasted = TextAreaField(
        lazy_gettext("或者贴在这里"),
        [Optional(), Length(max=PASTED, message=TOO_LONG)],
        description=lazy_gettext("连表头一起贴。"),
    )


def _sheet(kind: str) -> Sheet:
    return found(SHEETS.get(kind))


def _kept(kind: str) -> Path:
    """Return where the sheet lies that its person has tried and not entered yet: one a person and kind."""
    folder = _tried_folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{int(actor().person_id)}-{kind}"


def _tried_folder() -> Path:
    return data_dir(current_app) / "sheets"


def forget_tried_sheets(before: datetime) -> None:
    """Delete sheets that were tried and never entered: they hold names and numbers of people."""
    for file in _tried_folder().glob("*"):
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)


@bp.route("/imports/<kind>", methods=["GET", "POST"])
@keepers
def imports(kind: str) -> Answer:
    """Take a sheet and say what each of its lines would do; nothing is entered yet."""
    sheet, form = _sheet(kind), SheetForm()
    insist(why_not_keep_all(actor()) if sheet.everywhere else None)
    if form.validate_on_submit():
        file = request.files.get("sheet")
        data = file.read() if file is not None and file.filename else (form.pasted.data or "").encode()
        field = "sheet" if file is not None and file.filename else "pasted"
        tried = attempt(form, {}, field, lambda: _tried(sheet, data)) if data.strip() else None
        if tried is not None:
            _kept(kind).write_bytes(data)
            return _trial(kind, sheet, data, tried)
        if not data.strip():
            form.complain("sheet", gettext("请选一个文件，或把表格贴在下面。"))
    return page(
        "front/admin/page.html",
        form_status(),
        title=gettext("导入%(what)s", what=str(sheet.title)),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        layout="narrow",
        lead=gettext("先试一遍，看每一行会怎样；没有问题再登记。重复导入没有害处，已经登记的行不变。"),
        below=[
            {
                "title": gettext("表格"),
                "line": link(url_for("admin.template", kind=kind), gettext("下载空表（带一行例子）")),
                "form": form.freshened(),
                "action": url_for("admin.imports", kind=kind),
                "submit": gettext("先试一遍"),
                "files": True,
                "rows": 8,
            },
            {
                "title": gettext("列"),
                "line": gettext("带 * 的要有：%(names)s", names=_columns(sheet)),
            },
        ],
    )


def _columns(sheet: Sheet) -> str:
    return "、".join(f"{column.label}*" if column.needed else column.label for column in sheet.columns)


class _Undone(Exception):
    """Takes a trial back."""


def _tried(sheet: Sheet, data: bytes) -> Imported:
    """Return what entering would do, by doing it in a transaction that is taken back."""
    results: list[Imported] = []
    try:
        with transaction():
            results.append(sheet.run(actor(), data))
            raise _Undone
    except _Undone:
        pass
    return results[0]


def _trial(kind: str, sheet: Sheet, data: bytes, tried: Imported) -> Response:
    told = gettext(
        "会新登记 %(new)s 行，更正 %(changed)s 行，没有变化 %(same)s 行，不接受 %(refused)s 行。",
        new=tried.entered,
        changed=tried.corrected,
        same=tried.unchanged,
        refused=len(tried.refused),
    )
    ignored = gettext("没有用到的列：%(names)s", names="、".join(tried.ignored)) if tried.ignored else ""
    enters = tried.entered + tried.corrected
    entry = {
        "title": gettext("登记"),
        "line": gettext("不接受的行不登记；改好以后再导入一次就行。"),
        "form": KeepForm(formdata=None).freshened(),
        "action": url_for("admin.entry", kind=kind),
        "submit": gettext("登记 %(n)s 行", n=enters),
    }
    return page(
        "front/admin/page.html",
        title=gettext("试了一遍：%(what)s", what=str(sheet.title)),
        back={"url": url_for("admin.imports", kind=kind), "text": gettext("换一个表格")},
        lead=told,
        warnings=[ignored] if ignored else [],
        tables=[*([_refused(tried)] if tried.refused else []), _sample(sheet, data)],
        cards=[entry] if enters else [],
    )


def _refused(tried: Imported) -> dict[str, Any]:
    return {
        "caption": gettext("不接受的行（前 %(n)s 行）", n=min(SHOWN, len(tried.refused))),
        "head": [gettext("行"), gettext("原因"), gettext("怎么办")],
        "rows": [
            [line.number, words(line.refusal.message), words(line.refusal.what_next)] for line in tried.refused[:SHOWN]
        ],
        "empty": "",
    }


def _sample(sheet: Sheet, data: bytes) -> dict[str, Any]:
    text = text_of(data)
    table = features_of(text) if looks_like_json(text) else table_of(text, _lenient(sheet.columns))
    lines = [line for line, _ in zip(table.lines, range(SAMPLE), strict=False)]
    shown = [column for column in sheet.columns if any(line.cells.get(column.name) for line in lines)][:6]
    return {
        "caption": gettext("读到的前几行"),
        "head": [gettext("行"), *(column.label for column in shown)],
        "rows": [[line.number, *(line.cells.get(column.name, "")[:40] for column in shown)] for line in lines],
        "empty": gettext("一行也没有。"),
    }


def _lenient(columns: Sequence[Column]) -> list[Column]:
    return [Column(column.name, column.label, column.also, longest=column.longest) for column in columns]


@bp.post("/imports/<kind>/entry")
@keepers
@powerful(say("把表格登记进来"))
def entry(kind: str) -> Answer:
    """Enter the sheet that was tried."""
    sheet, kept = _sheet(kind), _kept(kind)
    insist(why_not_keep_all(actor()) if sheet.everywhere else None)
    if not kept.is_file():
        flash(gettext("还没有试过表格，请先选文件。"), "warning")
        return done(url_for("admin.imports", kind=kind))
    with transaction():
        insist_once(actor(), request.form.get("once"))
    imported = sheet.run(actor(), kept.read_bytes())
    kept.unlink(missing_ok=True)
    flash(
        gettext("已登记：新 %(new)s 行，更正 %(changed)s 行。", new=imported.entered, changed=imported.corrected),
        "done",
    )
    return done(url_for("admin.imports", kind=kind))


@bp.get("/imports/<kind>/template")
@keepers
def template(kind: str) -> Answer:
    """Give an empty sheet with one example line, which every spreadsheet opens."""
    sheet = _sheet(kind)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([column.label for column in sheet.columns])
    rows.writerows([[harmless(line.get(column.name, "")) for column in sheet.columns] for line in sheet.example])
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="cogov-{kind}.csv"'
    return answer
