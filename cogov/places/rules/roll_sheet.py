"""The sheet of the owners' roll: one line for each unit and owner; co-owners are several lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from cogov.ground.sheets import YES_NO, Column, code_of, day_of, needed, one_of, refuse
from cogov.ground.words import say
from cogov.places.rules.codes import CODE_LENGTH, PlaceKind
from cogov.places.rules.roll import OwnerKind, UnitUse

ROLL_COLUMNS = (
    Column("community", "社区代码", ("社区", "community_code"), needed=True, longest=32),
    Column("building", "楼栋编号", ("楼号", "building_code"), needed=True, longest=20),
    Column("building_name", "楼栋名称", ("楼栋",), longest=40),
    Column("staircase", "单元", (), longest=10),
    Column("door", "门牌", ("房号", "室号"), needed=True, longest=20),
    Column("area", "面积", ("建筑面积", "专有部分面积"), longest=20),
    Column("use", "用途"),
    Column("unsold", "未售"),
    Column("owner", "业主编号", ("owner_reference", "reference"), longest=40),
    Column("owner_kind", "业主类别"),
    Column("owner_name", "业主姓名", ("业主名称",)),
    Column("since", "起始日期", ("登记日期",)),
    Column("until", "终止日期"),
    Column("share", "共有份额", ("份额", "产权份额"), longest=20),
)

USES = {
    **dict.fromkeys(("住宅", "dwelling"), UnitUse.DWELLING),
    **dict.fromkeys(("商铺", "店铺", "商业", "shop"), UnitUse.SHOP),
    **dict.fromkeys(("车位", "车库", "parking"), UnitUse.PARKING),
    **dict.fromkeys(("储藏室", "仓库", "storage"), UnitUse.STORAGE),
}
OWNER_KINDS = {
    **dict.fromkeys(("个人", "自然人", "person"), OwnerKind.PERSON),
    **dict.fromkeys(("单位", "公司", "企业", "company"), OwnerKind.COMPANY),
    **dict.fromkeys(("开发商", "建设单位", "developer"), OwnerKind.DEVELOPER),
}
LARGEST_AREA = 1_000_000_00
"""A million square metres, in 0.01 m²."""

LARGEST_WHOLE = 10_000
"""The largest denominator of a share: a hundredth of a percent."""


@dataclass(frozen=True)
class OwnerRow:
    """An owner as a line names them, and from when to when they own."""

    reference: str
    kind: OwnerKind
    name: str
    since: date
    until: date | None
    share: Fraction | None = None
    """The share of the unit; 0 says that there is none, None leaves the roll as it is."""


@dataclass(frozen=True)
class RollRow:
    """A unit with one of its owners, or with none where none is known; the area in 0.01 m²."""

    community: str
    building: str
    building_name: str
    staircase: str
    door: str
    area: int | None
    use: UnitUse
    unsold: bool
    owner: OwnerRow | None

    @property
    def unit_key(self) -> tuple[str, ...]:
        """What names the unit."""
        return (self.community, self.building, self.staircase, self.door)

    @property
    def unit_facts(self) -> tuple[object, ...]:
        """What every line of the same unit has to say alike."""
        return (self.area, self.use, self.unsold)


def roll_row(cells: Mapping[str, str], today: date) -> RollRow:
    """Return the unit and owner of a line."""
    community = code_of(needed(cells, "community", "社区代码"), "社区代码")
    if len(community) != CODE_LENGTH[PlaceKind.COMMUNITY]:
        refuse("code_length", say("社区代码 {code} 有 {n} 位，应是 12 位。", code=community, n=len(community)))
    unsold = one_of(cells.get("unsold") or "否", YES_NO, "未售")
    owner = _owner(cells, today, unsold)
    if unsold and (owner is None or owner.kind is not OwnerKind.DEVELOPER):
        refuse("unsold_not_developers", say("未售的房屋，业主应是开发商。"))
    return RollRow(
        community=community,
        building=needed(cells, "building", "楼栋编号"),
        building_name=cells.get("building_name", ""),
        staircase=cells.get("staircase", ""),
        door=needed(cells, "door", "门牌"),
        area=area_of(cells.get("area", "")),
        use=one_of(cells.get("use") or "住宅", USES, "用途"),
        unsold=unsold,
        owner=owner,
    )


def area_of(text: str) -> int | None:
    """Return an area in 0.01 m² from square metres with at most two decimals; None for an empty cell."""
    if not text:
        return None
    if re.fullmatch(r"[-−－–][0-9]+(?:\.[0-9]+)?", text):
        refuse("area_negative", say("面积不能是负数：{text}。", text=text), say("请按登记簿、测绘或者合同写面积。"))
    match = re.fullmatch(r"([0-9]{1,8})(?:\.([0-9]+))?", text)
    if match is None:
        refuse("area_malformed", say("面积应是平方米的数字，不带单位：{text}。", text=text))
    metres, decimals = match[1], match[2] or ""
    if len(decimals) > 2:
        refuse(
            "area_too_fine", say("面积最多两位小数：{text}。", text=text), say("请按登记簿写，不要四舍五入后再导入。")
        )
    area = int(metres + decimals.ljust(2, "0"))
    if not 0 < area <= LARGEST_AREA:
        refuse("area_out_of_range", say("面积要大于 0，不超过 100 万平方米：{text}。", text=text))
    return area


NO_SHARE = frozenset({"无", "没有", "共同共有", "none"})
"""Co-owners without shares, as spouses mostly are (民法典第299条)."""


def share_of(text: str) -> Fraction | None:
    """Return a share from "1/3" or "33.5%"; 0 where there is said to be none, None for an empty cell."""
    if not text:
        return None
    if text in NO_SHARE:
        return Fraction(0)
    if match := re.fullmatch(r"([0-9]{1,5})\s*[/／]\s*([0-9]{1,5})", text):
        part, whole = int(match[1]), int(match[2])
    elif match := re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?\s*[%％]", text):
        part, whole = int(match[1] + (match[2] or "").ljust(2, "0")), LARGEST_WHOLE
    else:
        refuse(
            "share_malformed",
            say("共有份额应写成分数或者百分数：{text}。", text=text),
            say("例如 1/3、50%；百分数最多两位小数，除不尽的请写分数。共同共有、没有份额的写“无”。"),
        )
    if not 0 < part <= whole <= LARGEST_WHOLE:
        refuse(
            "share_out_of_range",
            say("共有份额要大于 0，不超过 1，分母不超过 {most}：{text}。", most=LARGEST_WHOLE, text=text),
        )
    return Fraction(part, whole)


def _owner(cells: Mapping[str, str], today: date, unsold: bool) -> OwnerRow | None:
    reference = cells.get("owner", "")
    if not reference:
        if any(cells.get(name) for name in ("owner_kind", "owner_name", "since", "until", "share")):
            refuse("owner_nameless", say("写了业主的其他内容，却没有业主编号。"))
        return None
    if is_identity_number(reference) or is_identity_number(cells.get("owner_name", "")):
        refuse("identity_number", say("不收身份证号。"), say("请用名册上的业主编号。"))
    since = day_of(needed(cells, "since", "起始日期"), "起始日期")
    until = day_of(cells["until"], "终止日期") if cells.get("until") else None
    if since > today or (until is not None and not since <= until <= today):
        refuse("since_until", say("起始日期不能在今天以后，终止日期不能在起始以前或今天以后。"))
    kind = cells.get("owner_kind") or ("开发商" if unsold else "个人")
    share = share_of(cells.get("share", ""))
    return OwnerRow(reference, one_of(kind, OWNER_KINDS, "业主类别"), cells.get("owner_name", ""), since, until, share)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity_number(text: str) -> bool:
    """Say whether a text is a citizen identity number with a true check digit (GB 11643)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()
