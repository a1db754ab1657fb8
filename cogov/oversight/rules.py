"""Public figures: spans of days, parts with their wholes, what is too small to be a rate, and how each is counted.

Every figure keeps its sum: a rate is nothing but a part and a whole, and one of a whole under ten is not said at all.
A promise is counted in the span in which it fell due, so that each is counted once and none is chosen by how it ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.words import Words, say

SMALLEST = 10
"""No rate of a whole smaller than this, and no comparison of groups with fewer households."""

DAYS = (30, 90, 365)
USUAL_DAYS = 90

LOW_TENTHS = 800
"""Below this share of kept promises, in tenths of a per cent, a unit stands among what deserves attention."""

REPEATED = 3
"""So many problems of one matter in one grid within a span are worth one answer to all of them."""


@dataclass(frozen=True)
class Span:
    """A stretch of days: from `since`, which belongs to it, to `until`, which does not."""

    days: int
    since: datetime
    until: datetime

    @property
    def before(self) -> Span:
        """Return the span of the same length that ends where this one begins."""
        return Span(self.days, self.since - timedelta(days=self.days), self.since)


def span_of(days: int | None, at: datetime) -> Span:
    """Return the span of so many days up to a moment; of the usual length where no such length is offered."""
    length = days if days in DAYS else USUAL_DAYS
    return Span(length, at - timedelta(days=length), at)


@dataclass(frozen=True)
class Share:
    """A part of a whole, both as counts."""

    part: int
    whole: int

    @property
    def tenths(self) -> int | None:
        """Return the share in tenths of a per cent, cut and not rounded; None of a whole that is too small."""
        return self.part * 1000 // self.whole if self.whole >= SMALLEST else None

    @property
    def percent(self) -> str:
        """Return the share in per cent to one place; empty where there is none to be said."""
        return "" if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10}%"


def change(now: Share, before: Share) -> int | None:
    """Return by how many tenths of a percentage point a share moved; None where either is too small."""
    if now.tenths is None or before.tenths is None:
        return None
    return now.tenths - before.tenths


def in_tenths(part: int, whole: int) -> str:
    """Write a quotient to one place, cut: 7 of 4 is 1.7; empty for an empty whole."""
    return f"{part * 10 // whole // 10}.{part * 10 // whole % 10}" if whole else ""


def per_hundred(count: int, households: int) -> str:
    """Write how many there are for a hundred households; empty where the households are too few."""
    return in_tenths(count * 100, households) if households >= SMALLEST else ""


HOUR, DAY = 3600, 86_400


def in_days(seconds: int) -> Words:
    """Say a length of time: in days to one place, in hours under a day."""
    if seconds < HOUR:
        return say("不到 1 小时")
    if seconds < DAY:
        return say("{n} 小时", n=seconds // HOUR)
    return say("{n} 天", n=in_tenths(seconds, DAY))


class Leg(StrEnum):
    """A step of the way that a public clock measures, in the order of the loop."""

    TRIAGE = "triage"
    APPEAL = "appeal"
    DELIBERATION = "deliberation"
    CONCERN = "concern"
    MEDIATION = "mediation"
    VOTE = "vote"
    RESOLUTION_ANSWER = "resolution_answer"
    CLAIM = "claim"
    CENTRE = "centre"
    COMMAND = "command"
    BODY = "body"
    CALL = "call"
    CONFIRMATION = "confirmation"


LEGS: dict[Leg, Words] = {
    Leg.TRIAGE: say("提出到分流"),
    Leg.APPEAL: say("申诉到答复"),
    Leg.DELIBERATION: say("协商到有结果"),
    Leg.CONCERN: say("顾虑到答复"),
    Leg.MEDIATION: say("调解"),
    Leg.VOTE: say("表决公告到截止"),
    Leg.RESOLUTION_ANSWER: say("决议到单位答复"),
    Leg.CLAIM: say("认领到交活"),
    Leg.CENTRE: say("监督中心核实、核查、反馈（每一步）"),
    Leg.COMMAND: say("指挥中心派遣"),
    Leg.BODY: say("承办单位签收、办理（每一步）"),
    Leg.CALL: say("联动单位答复"),
    Leg.CONFIRMATION: say("提出人确认"),
}

PEOPLE_DECIDE = frozenset({Leg.DELIBERATION, Leg.VOTE, Leg.CLAIM, Leg.CONFIRMATION})
"""Steps whose time people need for themselves: long is no fault there, so none of them is named the slowest."""


@dataclass(frozen=True)
class Pace:
    """How long a step took: how often it was finished, the median and what nine in ten stayed under, in seconds."""

    leg: Leg
    finished: int
    median: int
    nine_in_ten: int


def slowest(paces: Iterable[Pace]) -> Pace | None:
    """Return the slowest step that an office answers for, of those finished often enough to be compared."""
    compared = [pace for pace in paces if pace.finished >= SMALLEST and pace.leg not in PEOPLE_DECIDE]
    return max(compared, key=lambda pace: pace.median, default=None)


NICE_TENTHS = (5, 10, 20, 50, 100, 200, 500, 1000)
BANDS = 4


def band_width(highest: int) -> int:
    """Return how wide, in tenths, each of four bands of a map is, so that the highest figure lies within them."""
    return next((width for width in NICE_TENTHS if width * BANDS > highest), highest // BANDS + 1)


class Part(StrEnum):
    """A step of taking part, from seeing a thing to having done it."""

    RAISED = "raised"
    SECONDED = "seconded"
    SPOKE = "spoke"
    MOVED = "moved"
    CLAIMED = "claimed"
    DONE = "done"


PARTS: dict[Part, Words] = {
    Part.RAISED: say("提出"),
    Part.SECONDED: say("附议"),
    Part.SPOKE: say("商量"),
    Part.MOVED: say("动议"),
    Part.CLAIMED: say("认领"),
    Part.DONE: say("交活"),
}

PART_OF: dict[str, Part] = {
    "ProblemRaised": Part.RAISED,
    "ProblemSeconded": Part.SECONDED,
    "MessagePosted": Part.SPOKE,
    "ConcernRaised": Part.SPOKE,
    "ConcernAnswered": Part.SPOKE,
    "SolutionProposed": Part.SPOKE,
    "SolutionRevised": Part.SPOKE,
    "MotionMoved": Part.MOVED,
    "TaskClaimed": Part.CLAIMED,
    "TaskHandedIn": Part.DONE,
}
"""What each event of the journal is in the funnel; ballots are left out: before the close nobody's part is shown."""


@dataclass(frozen=True)
class Area:
    """A grid or community beside its neighbours: what was raised, what is open, among how many households."""

    id: int
    name: str
    code: str
    households: int
    raised: int
    open: int

    @property
    def raised_rate(self) -> str:
        """Return how many problems were raised for a hundred households."""
        return per_hundred(self.raised, self.households)

    @property
    def open_rate(self) -> str:
        """Return how many problems are open for a hundred households."""
        return per_hundred(self.open, self.households)

    @property
    def open_tenths(self) -> int | None:
        """Return the same in tenths; None where the households are too few."""
        return self.open * 1000 // self.households if self.households >= SMALLEST else None


@dataclass(frozen=True)
class Spread:
    """The two areas furthest apart, and how many times as much the one has for each household, in tenths."""

    most: Area
    least: Area
    times: str


def spread(areas: Iterable[Area]) -> Spread | None:
    """Compare areas by what was raised for each household; only those with ten problems and ten households or more."""
    compared = [area for area in areas if min(area.households, area.raised) >= SMALLEST]
    if len(compared) < 2:
        return None
    # Cross-multiplied: a quotient of two counts is never a float.
    most = max(compared, key=lambda area: (area.raised * 10**6 // area.households, area.code))
    least = min(compared, key=lambda area: (area.raised * 10**6 // area.households, area.code))
    return Spread(most, least, in_tenths(most.raised * least.households, most.households * least.raised))
