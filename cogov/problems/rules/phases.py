"""Parts of a deliberation and when each is taken: data of their own, beside the stage and the methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role, Standing
from cogov.problems.rules.stages import Stage

REASON_LONGEST = 300
LONGEST = timedelta(days=366)
MOST = 40
"""How many times one deliberation has at most, cancelled ones included."""

SCHEDULERS = (Role.MODERATOR, Role.CHAIR, Role.STREET_OFFICE)


class Part(StrEnum):
    """What people do in a deliberation, several of them at once."""

    DISCUSSION = "discussion"
    CONCERNS = "concerns"
    SOLUTIONS = "solutions"
    AMENDMENTS = "amendments"
    PLEDGES = "pledges"


PART_WORDS: Mapping[Part, Words] = {
    Part.DISCUSSION: say("讨论"),
    Part.CONCERNS: say("提顾虑"),
    Part.SOLUTIONS: say("提方案"),
    Part.AMENDMENTS: say("提修改"),
    Part.PLEDGES: say("承诺出力"),
}

ALWAYS_OPEN = frozenset({Part.DISCUSSION, Part.CONCERNS})
"""Nobody sets a time for speaking, or for what holds a vote up: who could close them could silence a concern."""


@dataclass(frozen=True)
class Times:
    """One time of a part: from, and until when; None is without an end."""

    opens_at: datetime
    closes_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Say whether the part is taken at a moment; it opens with its first second and is closed with its last."""
        return self.opens_at <= at and (self.closes_at is None or at < self.closes_at)


def is_open(times: Sequence[Times], at: datetime) -> bool:
    """Say whether a part is taken: always where nobody set a time, else within one of its times."""
    return not times or any(each.holds(at) for each in times)


def coming(times: Sequence[Times], at: datetime) -> Times | None:
    """Return the next time that has not begun."""
    return min((each for each in times if each.opens_at > at), key=lambda each: each.opens_at, default=None)


def latest(times: Sequence[Times], at: datetime) -> Times | None:
    """Return the last time that is over."""
    over = [each for each in times if each.closes_at is not None and each.closes_at <= at]
    return max(over, key=lambda each: each.closes_at or each.opens_at, default=None)


def why_not_now(part: Part, times: Sequence[Times], at: datetime) -> Refusal | None:
    """Say that a part is closed, when it was open, and when it opens again."""
    if part in ALWAYS_OPEN or is_open(times, at):
        return None
    before, after = latest(times, at), coming(times, at)
    what_next = say("讨论和顾虑一直开着，可以先写在那里。")
    if after is not None:
        return Refusal(
            "part_not_open_yet",
            say("“{part}”还没有开放，{at}开始。", part=PART_WORDS[part], at=after.opens_at),
            what_next=what_next,
        )
    assert before is not None
    return Refusal(
        "part_closed",
        say(
            "“{part}”已经截止：开放时间是{start}到{end}。",
            part=PART_WORDS[part],
            start=before.opens_at,
            end=before.closes_at,
        ),
        what_next=what_next,
    )


def scheduling_under(by: Actor, code: str) -> Standing | None:
    """Return the mandate under which somebody sets times."""
    return by.standing(code, *SCHEDULERS)


def why_not_schedule(by: Actor, code: str, *, stage: Stage) -> Refusal | None:
    """Who leads the deliberation sets the times of its parts, while there is one."""
    if scheduling_under(by, code) is None:
        return Refusal(
            "not_who_schedules",
            say("各部分的开放时间由居委会主持人、议事会主持人或街道来定。"),
            what_next=say("您可以在讨论里请他们延长或者提前。"),
            status=403,
        )
    return None if stage is not Stage.ENDED else Refusal("ended", say("这件事已经结束，不再安排时间。"))


def why_not_these_times(part: Part, times: Times, reason: str, *, at: datetime, already: int) -> Refusal | None:
    """A time lies ahead, ends after it begins, within a year, and says why."""
    if part in ALWAYS_OPEN:
        return Refusal(
            "always_open",
            say("“{part}”一直开着，不设时间：谁能关它，谁就能让人说不出话。", part=PART_WORDS[part]),
            what_next=say("可以给提方案、提修改和承诺出力安排时间。"),
            status=422,
        )
    if already >= MOST:
        return Refusal("too_many_times", say("这件事已经安排了 {n} 次时间。", n=MOST))
    end = times.closes_at
    if end is not None and not (times.opens_at < end and at < end <= at + LONGEST):
        return Refusal("times_out_of_range", say("截止时间要晚于开始时间和现在，并且在一年之内。"), status=422)
    if times.opens_at > at + LONGEST:
        return Refusal("times_out_of_range", say("截止时间要晚于开始时间和现在，并且在一年之内。"), status=422)
    return why_not_wording(reason, longest=REASON_LONGEST, what=say("为什么这样安排"))


def why_not_cancel(*, cancelled: bool, closes_at: datetime | None, at: datetime) -> Refusal | None:
    """A time that is over stays on record; one that runs or is to come can be called off."""
    if cancelled:
        return Refusal("time_cancelled", say("这段时间已经取消。"))
    return Refusal("time_over", say("这段时间已经过去，留作记录。")) if closes_at and closes_at <= at else None
