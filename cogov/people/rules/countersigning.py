"""Acts for which one person is not enough: asked for by one, in force when another signs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

LASTS = timedelta(days=7)
"""How long an act waits for the second person."""


class CountersignedAct(StrEnum):
    """What two people sign; a room that has such an act of its own adds it here and says how it is carried out."""

    GRANT_ADMINISTRATOR = "grant_administrator"
    END_ADMINISTRATOR = "end_administrator"


_ACT_WORDS: dict[CountersignedAct, Words] = {
    CountersignedAct.GRANT_ADMINISTRATOR: say("授予系统管理员"),
    CountersignedAct.END_ADMINISTRATOR: say("收回系统管理员"),
}


def countersigned_words(act: CountersignedAct) -> Words:
    """Return what an act is called."""
    return _ACT_WORDS[act]


def wants_countersign(asked_by: int | None, subject: int, administrators: Collection[int]) -> bool:
    """Say whether somebody is there to sign beside who asks and whom it is about; who is alone acts alone."""
    return asked_by is not None and bool(set(administrators) - {asked_by, subject})


def why_not_countersign(
    person_id: int | None, *, asked_by: int, subject: int, settled: bool, until: datetime, now: datetime
) -> Refusal | None:
    """Somebody else signs than who asked and whom it is about, once, and in time."""
    if settled or now >= until:
        return Refusal(
            "countersign_settled",
            say("这一条已经有结果，或者过了 {n} 天没有人确认。", n=LASTS.days),
            what_next=say("还要办，请重新提出。"),
        )
    if person_id in (asked_by, subject):
        return Refusal(
            "second_person",
            say("这件事要由另一位管理员确认，不能是提出的人，也不能是本人。"),
            what_next=say("请另一位管理员登录，在“管理”里确认。"),
            status=403,
        )
    return None
