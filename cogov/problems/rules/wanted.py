"""Which problems a reader wants to see, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.words import Words, say
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.stages import Ending, Stage


class Order(StrEnum):
    """The orders a list can have; each of them is kept by an index."""

    NEWEST = "newest"
    MET = "met"
    DUE = "due"


class Mark(StrEnum):
    """What a problem may be to a reader, beside how far it is."""

    MINE = "mine"
    FOLLOWED = "followed"
    LATE = "late"
    HANDS = "hands"


ORDERS: dict[Order, Words] = {
    Order.NEWEST: say("最新"),
    Order.MET: say("遇到的人最多"),
    Order.DUE: say("期限最近"),
}

MARKS: dict[Mark, Words] = {
    Mark.MINE: say("我提出的"),
    Mark.FOLLOWED: say("我关注的"),
    Mark.LATE: say("逾期的"),
    Mark.HANDS: say("缺人手的"),
}

PERSONAL = frozenset({Mark.MINE, Mark.FOLLOWED})
"""What only somebody who has signed in can ask for."""

LANE_WORDS: dict[Lane, Words] = {
    Lane.A: say("单位的职责"),
    Lane.B: say("大家商量着定"),
    Lane.AB: say("单位办，也要大家定"),
    Lane.M: say("两家之间，先调解"),
    Lane.X: say("走别的渠道"),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; the order of two narrowings does not matter."""

    community_id: int
    stage: Stage | None = None
    ended: bool | None = None
    ending: Ending | None = None
    lane: Lane | None = None
    grid_id: int | None = None
    matter_id: int | None = None
    holder_id: int | None = None
    marks: frozenset[Mark] = frozenset()
