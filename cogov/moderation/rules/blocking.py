"""Keeping somebody from writing in a topic or a place for a while: under which clause, how long, and their appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.moderation.rules.deciding import ABOVE, DECIDERS
from cogov.people.rules import Actor

MOST_DAYS = 30
"""Longer is a suspension, to which a second person agrees beforehand (`cogov.people.rules.suspension`)."""


@dataclass(frozen=True)
class Wanted:
    """A block as far as setting it goes: whom, where, how long; ``above`` is a matter about the committee itself."""

    code: str
    person_id: int
    days: int
    for_organization: bool = False
    above: bool = False
    already: bool = False


@dataclass(frozen=True)
class Blocked:
    """A block as far as appealing and answering go."""

    code: str
    person_id: int
    blocked_by: int
    until: datetime
    ended: bool = False
    appealed: bool = False
    answered: bool = False

    def holds(self, at: datetime) -> bool:
        """Say whether it still keeps anybody from writing."""
        return not self.ended and at < self.until


def why_not_block(by: Actor, wanted: Wanted) -> Refusal | None:
    """A moderator or the street office, for at most a month, never themselves, and no critic of the committee."""
    roles = ABOVE if wanted.above else DECIDERS
    if not by.holds(wanted.code, *roles):
        if wanted.above and by.holds(wanted.code, *DECIDERS):
            return Refusal(
                "level_above", say("这段话说的是社区自己，由街道来看。"), article="发言规则第7条", status=403
            )
        return Refusal("not_your_role", say("暂停发言由社区主持人或街道来定。"), status=403)
    if by.person_id == wanted.person_id:
        return Refusal("own_matter", say("这是您自己。"), article="发言规则第7条", status=403)
    if wanted.for_organization:
        return Refusal(
            "speaks_for_organization",
            say("这段话是替一个单位写的，由那个单位负责。"),
            what_next=say("可以移除这段话，或者告诉那个单位。"),
        )
    if not 1 <= wanted.days <= MOST_DAYS:
        return Refusal("days_out_of_range", say("暂停发言最少 1 天，最多 {n} 天。", n=MOST_DAYS), status=422)
    return Refusal("blocked_already", say("这个人在这里已经暂停发言了。")) if wanted.already else None


def why_not_write_now(until: datetime | None) -> Refusal | None:
    """Who is blocked does not write here until a day, and is told how to appeal."""
    if until is None:
        return None
    return Refusal(
        "writing_blocked",
        say("您在这里暂停发言，到 {until} 为止。", until=until),
        what_next=say("理由和申诉的办法在通知里；看、附议、投票、提出问题和提动议不受影响。"),
        appeal=say("不同意，可以申诉一次，由另一个人答复。"),
        status=403,
    )


def why_not_appeal_block(by: Actor, block: Blocked, at: datetime) -> Refusal | None:
    """Who is blocked may appeal once, while it lasts."""
    if by.person_id is None or by.person_id != block.person_id:
        return Refusal("not_the_blocked", say("只有被暂停发言的人可以申诉。"), status=403)
    if not block.holds(at):
        return Refusal("block_over", say("已经可以发言了，不用申诉。"))
    return Refusal("appealed_once", say("您已经申诉过了，请等答复。")) if block.appealed else None


def why_not_answer_block(by: Actor, block: Blocked) -> Refusal | None:
    """The appeal is answered by a second person who decides such matters."""
    if not block.appealed or block.answered:
        return Refusal("no_appeal", say("没有等着答复的申诉。"))
    if not by.holds(block.code, *DECIDERS) or by.person_id == block.person_id:
        return Refusal("not_your_role", say("申诉由社区主持人或街道答复。"), status=403)
    if by.person_id == block.blocked_by:
        return Refusal(
            "second_person",
            say("暂停发言是您定的，申诉要由另一个人答复。"),
            article="发言规则第8条",
            what_next=say("街道或另一位主持人会看到它。"),
            status=403,
        )
    return None


def ends(at: datetime, days: int) -> datetime:
    """Return until when a block of so many days lasts."""
    return at + timedelta(days=days)
