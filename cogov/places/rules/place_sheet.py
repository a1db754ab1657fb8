"""The sheet of places: provinces, cities, districts, streets and communities by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cogov.ground.sheets import Column, code_of, needed, one_of, refuse
from cogov.ground.words import say
from cogov.places.rules.codes import KIND_OF_LENGTH, PlaceKind

PLACE_COLUMNS = (
    Column("code", "代码", ("区划代码", "编码", "社区代码"), needed=True, longest=32),
    Column("name", "名称", ("社区名称",), needed=True),
    Column("kind", "级别", ("类型",)),
    Column("street", "街道代码", ("streetCode",)),
    Column("district", "区县代码", ("areaCode",)),
    Column("city", "市代码", ("cityCode",)),
    Column("province", "省代码", ("provinceCode",)),
)
_ABOVE = tuple(column for column in PLACE_COLUMNS if column.name in {"street", "district", "city", "province"})

KINDS = {
    **dict.fromkeys(("省", "自治区", "直辖市", "province"), PlaceKind.PROVINCE),
    **dict.fromkeys(("市", "地级市", "city"), PlaceKind.CITY),
    **dict.fromkeys(("区", "县", "区县", "district"), PlaceKind.DISTRICT),
    **dict.fromkeys(("街道", "镇", "乡", "street"), PlaceKind.STREET),
    **dict.fromkeys(("社区", "村", "居委会", "村委会", "community"), PlaceKind.COMMUNITY),
    **dict.fromkeys(("网格", "grid"), PlaceKind.GRID),
}


@dataclass(frozen=True)
class PlaceRow:
    """A place as a line names it."""

    kind: PlaceKind
    code: str
    name: str


def place_row(cells: Mapping[str, str]) -> PlaceRow:
    """Return the place of a line; its level follows from the length of the code."""
    code = code_of(needed(cells, "code", "代码"), "代码")
    kind = KIND_OF_LENGTH.get(len(code))
    if kind is None:
        refuse("code_length", say("代码 {code} 有 {n} 位，应是 2、4、6、9、12 或 15 位。", code=code, n=len(code)))
    if (word := cells.get("kind")) and one_of(word, KINDS, "级别") is not kind:
        refuse("kind_differs", say("级别“{word}”与 {n} 位的代码不符。", word=word, n=len(code)))
    for column in _ABOVE:
        outer = cells.get(column.name, "")
        if not code.startswith(outer):
            refuse(
                "code_outside",
                say("代码 {code} 不在{label} {outer} 之下。", code=code, label=column.label, outer=outer),
            )
    return PlaceRow(kind, code, needed(cells, "name", "名称"))
