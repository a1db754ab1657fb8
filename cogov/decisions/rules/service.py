"""That a notice reached people, and reminders to those who have not voted.

Who opened the page of a vote has been served: they see it themselves, all others see how many. Who brings notices to
doors writes down each attempt. Who was served when is shown to those who run the vote only where it is disputed, and
that they looked stands in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

REMINDERS = (timedelta(hours=24), timedelta(hours=48))
"""How long before the close those are reminded who have not voted; the last one first."""


class ServiceMeans(StrEnum):
    """How a notice was brought: the page was opened, a letter was sent, somebody went to the door."""

    OPENED = "opened"
    POST = "post"
    DOOR = "door"


class ServiceOutcome(StrEnum):
    """What came of bringing it."""

    DELIVERED = "delivered"
    ABSENT = "absent"
    REFUSED = "refused"


MEANS_WORDS: Mapping[ServiceMeans, Words] = {
    ServiceMeans.OPENED: say("打开了表决页"),
    ServiceMeans.POST: say("邮寄"),
    ServiceMeans.DOOR: say("上门"),
}
OUTCOME_WORDS: Mapping[ServiceOutcome, Words] = {
    ServiceOutcome.DELIVERED: say("送到了"),
    ServiceOutcome.ABSENT: say("没有人在"),
    ServiceOutcome.REFUSED: say("不肯收"),
}
BY_HAND = (ServiceMeans.DOOR, ServiceMeans.POST)


def why_not_serve(means: ServiceMeans, on: date, notice_on: date, today: date) -> Refusal | None:
    """Say why an attempt cannot be written down."""
    if means not in BY_HAND:
        return Refusal("not_by_hand", say("打开表决页由系统记下，不能代记"), status=422)
    if not notice_on <= on <= today:
        return Refusal("service_date", say("日期要在发布公告以后、今天以前"), what_next=say("请改一下日期"), status=422)
    return None


def why_not_evidence(*, counter: bool, disputed: bool) -> Refusal | None:
    """Say why it is not shown who was served when."""
    if counter and disputed:
        return None
    return Refusal(
        "no_dispute",
        say("谁什么时候收到公告，有人对结果提出异议以后才能查"),
        what_next=say("现在看得到的是一共送到多少户"),
        status=403,
    )


def reminder_due(at: datetime, opens_at: datetime, closes_at: datetime) -> timedelta | None:
    """Return which reminder is due: the latest whose moment has come within the vote, and none after its close."""
    if not opens_at <= at < closes_at:
        return None
    return next((each for each in REMINDERS if opens_at < closes_at - each <= at), None)
