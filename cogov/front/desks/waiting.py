"""What waits for a committee in every room, as one queue by promised time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cogov.cases import queries as cases
from cogov.decisions import queries as decisions
from cogov.ground.needs import Need
from cogov.ground.words import Words, say
from cogov.meetings import queries as meetings
from cogov.moderation import queries as moderation
from cogov.people.rules import Actor
from cogov.problems import queries as problems
from cogov.problems.queries.stalled import stalled
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads

MOST = 60
"""How much of one room the queue takes at once."""

PAGE = 30

LATE = "late"


@dataclass(frozen=True)
class Group:
    """A part of the queue: its name, and the kinds of needs in it."""

    key: str
    words: Words
    kinds: frozenset[str]


GROUPS = (
    Group("triage", say("分流和申诉"), frozenset({"triage", "appeal"})),
    Group("mediation", say("调解"), frozenset({"mediate"})),
    Group("concerns", say("顾虑"), frozenset({"concern", "concern_overruling"})),
    Group("proposals", say("修改和纪要"), frozenset({"amendment", "summary", "minutes_draft"})),
    Group("reviews", say("发言"), frozenset({"review", "block"})),
    Group("motions", say("动议和公告"), frozenset({"notice", "tabling", "interest"})),
    Group("papers", say("纸票和送达"), frozenset({"second_reading", "third_look", "mandate", "service"})),
    Group("tasks", say("任务核实"), frozenset({"verification"})),
    Group("cases", say("现场核实"), frozenset({"body"})),
    Group("stalled", say("回访和停滞"), frozenset({"ask", "stalled"})),
)
"""What a person does for a committee; their own ballots, claims and confirmations stay on their home page."""

_ESCALATED = frozenset({"triage", "appeal", "mediate", "concern", "concern_overruling", "review", "block"})
_KINDS = frozenset().union(*(group.kinds for group in GROUPS))
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    """One thing in the queue, under a key that stands in addresses."""

    key: str
    need: Need

    @property
    def order(self) -> tuple[datetime, str]:
        """What the queue is sorted by: what was promised first, and what has no promise last."""
        return self.need.due_at or _NEVER, self.key

    def late(self, at: datetime) -> bool:
        """Say whether its time has run out."""
        return self.need.due_at is not None and self.need.due_at <= at


def queue(by: Actor) -> list[Waiting]:
    """Return what waits for this actor's committee, in a number of queries that does not grow with it."""
    found = [
        *problems.needs(by, MOST),
        *threads.needs(by, MOST),
        *meetings.needs(by, MOST),
        *moderation.needs(by, MOST),
        *moderation.block_needs(by, MOST),
        *decisions.needs(by, MOST),
        *tasks.needs(by, MOST),
        *cases.needs(by, MOST),
        *stalled(by, MOST),
    ]
    waiting = {key_of(need): need for need in found if need.kind in _KINDS}
    return sorted((Waiting(key, need) for key, need in waiting.items()), key=lambda each: each.order)


_NAMED = (
    "number",
    "motion_id",
    "decision_id",
    "task_id",
    "case_id",
    "review_id",
    "block_id",
    "amendment_id",
    "meeting_id",
)


def key_of(need: Need) -> str:
    """Return the key of a need: its kind, what it is about, and which concern of it."""
    values = need.values
    about = next((str(values[name]) for name in _NAMED if name in values), "")
    part = str(values.get("_anchor", "")).rpartition("-")[2]
    return ".".join(filter(None, (need.kind, about, part)))


def counts(waiting: Sequence[Waiting], at: datetime) -> dict[str, int]:
    """Return how much lies in each part of the queue."""
    numbers = {group.key: sum(each.need.kind in group.kinds for each in waiting) for group in GROUPS}
    return {"": len(waiting), LATE: sum(each.late(at) for each in waiting), **numbers}


def part_of(waiting: Sequence[Waiting], part: str, at: datetime) -> list[Waiting]:
    """Return one part of the queue; an unknown part is the whole."""
    if part == LATE:
        return [each for each in waiting if each.late(at)]
    group = next((group for group in GROUPS if group.key == part), None)
    return [each for each in waiting if group is None or each.need.kind in group.kinds]


def page_of(waiting: Sequence[Waiting], after: str) -> tuple[list[Waiting], str]:
    """Return a page of the queue that begins after a key, and the key that leads to the next page."""
    start = next((place for place, each in enumerate(waiting, 1) if each.key == after), 0)
    shown = list(waiting[start : start + PAGE])
    return shown, shown[-1].key if len(waiting) > start + PAGE else ""


def came_up(by: Actor) -> list[Need]:
    """Return what of moderation came up to a street office; the rest waits at the desks of its communities."""
    return [*moderation.needs(by, escalated=True), *moderation.block_needs(by, escalated=True)]


def escalated(by: Actor) -> list[Need]:
    """Return what came up to a street office: appeals, triage out of time, open concerns, words about a committee."""
    found = [*problems.needs(by), *threads.needs(by), *came_up(by)]
    told = [need for need in found if need.kind in _ESCALATED]
    return sorted(told, key=lambda need: need.due_at or _NEVER)
