"""Who may be ordered to do what: the three lists of duties, and the gate before a hand-down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say


class ListKind(StrEnum):
    """The three lists of the 2024 reform of street offices: own duties, help owed, taken back by the level above."""

    BASIC = "basic"
    ASSIST = "assist"
    RECALLED = "recalled"


class MatterKind(StrEnum):
    """What a matter is about: a numbered thing in the street, something that happens, a community's own affair."""

    COMPONENT = "component"
    EVENT = "event"
    COMMUNITY = "community"


class Level(StrEnum):
    """Where a body stands."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


class Means(StrEnum):
    """What a duty cannot be done without."""

    POWER = "power"
    FUND = "fund"
    STAFF = "staff"
    DATA = "data"


BELOW_THE_STATE = frozenset({Level.COMMUNITY, Level.GRID})
STREET_AND_BELOW = BELOW_THE_STATE | {Level.STREET}


@dataclass(frozen=True, order=True)
class MatterKey:
    """What names a matter: one code means different things in different standards and kinds."""

    standard: str
    kind: MatterKind
    code: str

    def __str__(self) -> str:
        """Return the key in one line, e.g. `CJ/T 214:event:0301`."""
        return f"{self.standard}:{self.kind}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> "MatterKey":
        """Return the key that `str()` wrote; ValueError on anything else."""
        standard, kind, code = text.split(":")
        return cls(standard, MatterKind(kind), code)


@dataclass(frozen=True)
class ListItem:
    """What the gate has to know of one item of a duty list."""

    item_id: int
    kind: ListKind
    level: Level
    valid_from: date
    valid_to: date | None = None
    needs: frozenset[Means] = frozenset()
    has: frozenset[Means] = frozenset()

    def in_force(self, day: date) -> bool:
        """Say whether the item holds on this day, its last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def missing_means(item: ListItem) -> tuple[Means, ...]:
    """Return what the item orders without giving, in a fixed order."""
    return tuple(means for means in Means if means in item.needs - item.has)


def why_not_publish(item: ListItem, waived: Iterable[Means] = ()) -> Refusal | None:
    """Refuse to publish a duty whose power, money, people or data are missing and not waived by signature."""
    if not set(missing_means(item)) - set(waived):
        return None
    return Refusal(
        code="duty_without_means",
        message=say("这一项有责无权或缺少经费、人员、数据，还不能公布。"),
        article="关于加强乡镇（街道）履职事项清单工作的意见（权责一致）",
        what_next=say("请先补齐，或由负责人签字说明后再公布。"),
        status=422,
    )


def why_not_hand_down(
    *, target: Level, item: ListItem | None, admitted: bool, as_lead: bool, today: date
) -> Refusal | None:
    """Refuse an order that the one below need not accept; `admitted` is the 准入 decision, `as_lead` 主责."""
    if target not in STREET_AND_BELOW:
        return None
    if item is not None and item.kind == ListKind.RECALLED:
        return _recalled()
    if target not in BELOW_THE_STATE:
        return None
    if item is None:
        return _no_item()
    if not item.in_force(today) or item.level not in BELOW_THE_STATE:
        return _item_does_not_reach()
    if not admitted:
        return _not_admitted()
    return _only_assisting() if as_lead and item.kind == ListKind.ASSIST else None


BEIJING_17 = "北京市接诉即办工作条例第17条第2款"
SHANGHAI_27 = "上海市居民委员会工作条例第27条"


def _recalled() -> Refusal:
    return Refusal(
        code="item_recalled",
        message=say("这一项已由上级收回，不能再派给街道、社区或网格。"),
        article="乡镇（街道）履职事项清单（上级部门收回事项）",
        what_next=say("请派给收回清单上写明的部门。"),
        status=422,
    )


def _no_item() -> Refusal:
    return Refusal(
        code="hand_down_without_item",
        message=say("下派没有引用职责清单，社区和网格可以不接。"),
        article=f"{BEIJING_17}；{SHANGHAI_27}",
        what_next=say("请引用清单事项；清单没有的，转区里兜底。"),
        appeal=say("下派单位有异议的，可以请区里裁定。"),
        status=422,
    )


def _item_does_not_reach() -> Refusal:
    return Refusal(
        code="item_not_theirs",
        message=say("引用的清单事项不在有效期内，或不是社区、网格的事项。"),
        article=f"{BEIJING_17}；{SHANGHAI_27}",
        what_next=say("请核对清单版本，或派给清单写明的单位。"),
        status=422,
    )


def _not_admitted() -> Refusal:
    return Refusal(
        code="hand_down_without_admission",
        message=say("这项下派还没有办理准入。"),
        article=SHANGHAI_27,
        what_next=say("请先办理准入，并说明经费、人员和数据。"),
        status=422,
    )


def _only_assisting() -> Refusal:
    return Refusal(
        code="assist_item_as_lead",
        message=say("社区对这一项只是协助，不能作为主责单位。"),
        article=BEIJING_17,
        what_next=say("请写明主责部门，社区作为协助单位。"),
        status=422,
    )
