"""The sheets of the catalogue, of duty lists and of the working calendar: a line's cells to plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cogov.duties.rules.clock import LONGEST, Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKey, MatterKind
from cogov.duties.rules.matters import Matter, Trust
from cogov.ground.sheets import YES_NO, Column, Line, code_of, day_of, needed, one_of, refuse, whole
from cogov.ground.words import say

_KEY = (
    Column("standard", "标准", ("standard",), longest=20),
    Column("kind", "类别", ("matter_kind",)),
    Column("code", "事项编码", ("编码", "matter_code"), longest=16),
)
_LIMIT = (
    Column("limit", "时限", ("limit_amount",), longest=9),
    Column("unit", "时限单位", ("limit_unit",)),
)
MATTER_COLUMNS = (
    *(Column(column.name, column.label, column.also, needed=True, longest=column.longest) for column in _KEY),
    Column("name", "名称", ("事项名称",), needed=True, longest=60),
    Column("lane", "去向", (), longest=4),
    Column("rules", "规则", (), longest=20),
    Column("reason", "理由", ("理由代码",), longest=16),
    Column("radius", "范围米", ("radius_m",), longest=6),
    *_LIMIT,
    Column("basis", "依据", (), longest=200),
    Column("close_condition", "结案标准", ("结案条件",), longest=200),
    Column("confidence", "可信度"),
)
DUTY_COLUMNS = (
    Column("scope", "地域代码", ("适用范围",), needed=True, longest=32),
    Column("number", "清单编号", ("编号",), needed=True, longest=24),
    Column("version", "版本", (), longest=6),
    Column("matter", "事项", ("matter_key",)),
    *_KEY,
    Column("organization", "责任单位", ("单位",), needed=True),
    Column("list_kind", "清单类别", ("清单",), needed=True),
    *(Column(column.name, column.label, column.also, needed=True, longest=column.longest) for column in _LIMIT),
    Column("basis", "依据", (), needed=True, longest=200),
    Column("condition", "条件", (), longest=200),
    Column("valid_from", "生效日期", ("起始日期",), needed=True),
    Column("valid_to", "失效日期", ("终止日期",)),
)
CALENDAR_COLUMNS = (
    Column("day", "日期", ("date",), needed=True),
    Column("working", "上班", ("是否上班",), needed=True),
    Column("name", "名称", ("说明",), longest=40),
    Column("scope", "地域代码", (), longest=32),
)

MATTER_KINDS = {
    **dict.fromkeys(("部件", "component"), MatterKind.COMPONENT),
    **dict.fromkeys(("事件", "event"), MatterKind.EVENT),
    **dict.fromkeys(("社区", "自治", "community"), MatterKind.COMMUNITY),
}
LIST_KINDS = {
    **dict.fromkeys(("基本履职", "基本", "basic"), ListKind.BASIC),
    **dict.fromkeys(("配合履职", "配合", "assist"), ListKind.ASSIST),
    **dict.fromkeys(("上级收回", "收回", "recalled"), ListKind.RECALLED),
}
UNITS = {
    **dict.fromkeys(("小时", "紧急小时", "emergency_hours"), LimitUnit.EMERGENCY_HOURS),
    **dict.fromkeys(("工作时", "工作小时", "working_hours"), LimitUnit.WORKING_HOURS),
    **dict.fromkeys(("工作日", "working_days"), LimitUnit.WORKING_DAYS),
    **dict.fromkeys(("日", "天", "自然日", "calendar_days"), LimitUnit.CALENDAR_DAYS),
}
CONFIDENCES = {
    **dict.fromkeys(("高", "h", "high"), "H"),
    **dict.fromkeys(("中", "m", "medium"), "M"),
    **dict.fromkeys(("低", "l", "low"), "L"),
}
LANES = {lane.casefold(): lane for lane in ("A", "B", "AB", "M", "X")}


@dataclass(frozen=True)
class MatterRow:
    """A matter as a line names it."""

    key: MatterKey
    name: str
    lane: str
    rules: str
    reason: str
    radius_m: int
    limit: Limit | None
    basis: str
    close_condition: str
    confidence: str


@dataclass(frozen=True)
class DutyRow:
    """An item of a duty list as a line names it."""

    scope: str
    number: str
    version: int
    key: MatterKey
    organization: str
    list_kind: ListKind
    limit: Limit
    basis: str
    condition: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class DayRow:
    """A day that differs from the week's rule."""

    scope: str
    day: date
    working: bool
    name: str


def matter_row(cells: Mapping[str, str]) -> MatterRow:
    """Return the matter of a line."""
    lane, rules, reason = cells.get("lane", ""), cells.get("rules", ""), cells.get("reason", "")
    if rules and not re.fullmatch(r"R[0-9]{1,2}( R[0-9]{1,2})*", rules):
        refuse("rules_malformed", say("“规则”应写成 R1 R7 这样：{text}。", text=rules))
    if not re.fullmatch(r"[A-Z]*", reason):
        refuse("reason_malformed", say("“理由”应是大写字母的代码：{text}。", text=reason))
    return MatterRow(
        key=_key(cells),
        name=needed(cells, "name", "名称"),
        lane=one_of(lane, LANES, "去向") if lane else "",
        rules=rules,
        reason=reason,
        radius_m=whole(cells.get("radius") or "250", "范围米", 100_000),
        limit=_limit(cells) if cells.get("limit") or cells.get("unit") else None,
        basis=cells.get("basis", ""),
        close_condition=cells.get("close_condition", ""),
        confidence=one_of(cells.get("confidence") or "低", CONFIDENCES, "可信度"),
    )


def duty_row(cells: Mapping[str, str]) -> DutyRow:
    """Return the duty item of a line."""
    valid_from = day_of(needed(cells, "valid_from", "生效日期"), "生效日期")
    valid_to = day_of(cells["valid_to"], "失效日期") if cells.get("valid_to") else None
    if valid_to is not None and valid_to < valid_from:
        refuse("valid_backwards", say("失效日期早于生效日期。"))
    return DutyRow(
        scope=code_of(needed(cells, "scope", "地域代码"), "地域代码"),
        number=needed(cells, "number", "清单编号"),
        version=whole(cells.get("version") or "1", "版本", 999_999),
        key=_written_key(cells["matter"]) if cells.get("matter") else _key(cells),
        organization=needed(cells, "organization", "责任单位"),
        list_kind=one_of(needed(cells, "list_kind", "清单类别"), LIST_KINDS, "清单类别"),
        limit=_limit(cells),
        basis=needed(cells, "basis", "依据"),
        condition=cells.get("condition", ""),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def day_row(cells: Mapping[str, str]) -> DayRow:
    """Return the day of a line; without a place it holds everywhere."""
    return DayRow(
        scope=code_of(cells["scope"], "地域代码") if cells.get("scope") else "",
        day=day_of(needed(cells, "day", "日期"), "日期"),
        working=one_of(needed(cells, "working", "上班"), YES_NO, "上班"),
        name=cells.get("name", ""),
    )


def _key(cells: Mapping[str, str]) -> MatterKey:
    standard, code = needed(cells, "standard", "标准"), needed(cells, "code", "事项编码")
    if ":" in standard or not re.fullmatch(r"[0-9A-Za-z.\-]+", code):
        refuse(
            "matter_key_malformed", say("标准里不能有冒号，编码只能是字母和数字：{text}。", text=f"{standard} {code}")
        )
    return MatterKey(standard, one_of(needed(cells, "kind", "类别"), MATTER_KINDS, "类别"), code)


def _written_key(text: str) -> MatterKey:
    try:
        return MatterKey.parse(text)
    except ValueError:
        refuse(
            "matter_key_malformed", say("“事项”应写成 标准:类别:编码，例如 CJ/T 214:event:0301：{text}。", text=text)
        )


def _limit(cells: Mapping[str, str]) -> Limit:
    amount = whole(needed(cells, "limit", "时限"), "时限", LONGEST)
    if amount == 0:
        refuse("limit_zero", say("“时限”要大于 0。"))
    return Limit(amount, one_of(needed(cells, "unit", "时限单位"), UNITS, "时限单位"))


def lines_of(matters: tuple[Matter, ...]) -> Iterator[Line]:
    """Yield the catalogue that comes with cogov as lines of its sheet, so that it takes the same way as any other."""
    for number, matter in enumerate(matters, start=1):
        key = {"standard": matter.key.standard, "kind": matter.key.kind.value, "code": matter.key.code}
        yield Line(number, {**key, "name": matter.name, "radius": str(matter.radius_m), **_guidance(matter)})


def _guidance(matter: Matter) -> dict[str, str]:
    guidance = matter.guidance
    if guidance is None:
        return {}
    return {
        "lane": guidance.lane,
        "rules": " ".join(guidance.rules),
        "reason": guidance.reasons[0],
        "limit": str(guidance.limit.amount),
        "unit": guidance.limit.unit.value,
        "basis": guidance.basis,
        "close_condition": guidance.close_condition,
        "confidence": Trust(guidance.confidence).value,
    }
