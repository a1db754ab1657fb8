"""Slow mode: one message of each person in so many minutes, so that a quarrel finds its breath."""

from __future__ import annotations

from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.threads.rules.speaking import Dossier, why_not_written_on

SLOWS = (Role.MODERATOR, Role.CHAIR, Role.STREET_OFFICE)
MOST_MINUTES, MOST_HOURS = 24 * 60, 7 * 24
SLOW_REASON_LENGTH = 200


def why_not_slow(by: Actor, dossier: Dossier, minutes: int, hours: int) -> Refusal | None:
    """A moderator, the chair or the street office, for a reason and a while."""
    if not by.holds(dossier.code, *SLOWS):
        return Refusal("not_your_role", say("发言间隔由主持人或街道来定。"), status=403)
    if (refusal := why_not_written_on(dossier)) is not None:
        return refusal
    if not 1 <= minutes <= MOST_MINUTES:
        return Refusal("minutes_out_of_range", say("间隔最少 1 分钟，最多 {n} 分钟。", n=MOST_MINUTES), status=422)
    if not 1 <= hours <= MOST_HOURS:
        return Refusal("hours_out_of_range", say("时间最少 1 小时，最多 {n} 小时。", n=MOST_HOURS), status=422)
    return None


def why_not_end_slow(by: Actor, dossier: Dossier, *, slow: bool) -> Refusal | None:
    """Whoever may set it may end it."""
    if not by.holds(dossier.code, *SLOWS):
        return Refusal("not_your_role", say("发言间隔由主持人或街道来定。"), status=403)
    return None if slow else Refusal("not_slow", say("现在没有发言间隔。"))


def why_not_so_soon(minutes: int | None, last: datetime | None, at: datetime) -> Refusal | None:
    """While it is slow, a person writes one message in so many minutes; what they wrote is kept for them meanwhile."""
    if minutes is None or last is None or at - last >= timedelta(minutes=minutes):
        return None
    left = last + timedelta(minutes=minutes) - at
    return Refusal(
        "slow_mode",
        say("这里现在每人 {n} 分钟发一条，您还要等 {m} 分钟。", n=minutes, m=-(-int(left.total_seconds()) // 60) or 1),
        what_next=say("您写的内容还在，到时间再发。"),
        status=429,
    )
