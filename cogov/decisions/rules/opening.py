"""When a vote opens that people had concerns about: an answer first, and no hour of the vote is lost by waiting.

Only concerns raised before the hour that the notice named stand in the way: nobody can hold a vote back for ever by
raising another one while it waits. Where those who should answer say nothing, the level above hears of it, and two of
those who steer votes, of whom it is one, may open it with a reason on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

ASKS_AGAIN = timedelta(days=3)
"""How much later a vote is announced to open while it waits; an answer opens it at once."""


@dataclass(frozen=True)
class Hours:
    """From when until when ballots are taken."""

    opens_at: datetime
    closes_at: datetime

    def beginning(self, at: datetime) -> Hours:
        """Return hours as long as these that begin at another moment."""
        return Hours(at, at + (self.closes_at - self.opens_at))


def held_back(hours: Hours, at: datetime) -> Hours:
    """Return the hours that are announced while a vote waits."""
    return hours.beginning(at + ASKS_AGAIN)


def why_not_open(unanswered: int) -> Refusal | None:
    """Say why no ballot is taken though the announced hour has come."""
    if not unanswered:
        return None
    return Refusal(
        code="opening_waits",
        message=say("还有 {n} 条顾虑没有答复，表决没有开始", n=unanswered),
        what_next=say("答复以后马上开始，表决的时间一样长；您会收到通知"),
    )


def waiting_words(unanswered: int, announced_for: datetime) -> Words:
    """Return why a vote has not begun, and what opens it."""
    return say(
        "原定 {at} 开始，{n} 条顾虑还没有答复，所以没有开始。答复了，或者由主持人和第二个人定为不采纳，马上开始。",
        at=announced_for,
        n=unanswered,
    )
