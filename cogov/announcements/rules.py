"""Who may announce what where, and for how long it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import tidy
from cogov.ground.words import Words, say
from cogov.journal.event import Commitment, commit_to
from cogov.people.rules import Actor, Role, Standing

TITLE_LENGTH, TEXT_LENGTH, REASON_LENGTH, SPOT_LENGTH = 60, 3000, 200, 120

LONGEST = timedelta(days=366)
MOST_PINNED = 3

AUTHORS = (Role.MODERATOR, Role.CHAIR, Role.STREET_OFFICE, Role.OWNERS_COMMITTEE)
"""Those who may announce something, each for their organization and no further than it reaches."""


class AnnouncementKind(StrEnum):
    """What an announcement is about."""

    NOTICE = "notice"
    OUTAGE = "outage"
    MEETING = "meeting"
    DISCLOSURE = "disclosure"
    RESULT = "result"


KIND_WORDS: dict[AnnouncementKind, Words] = {
    AnnouncementKind.NOTICE: say("一般通知"),
    AnnouncementKind.OUTAGE: say("停水停电"),
    AnnouncementKind.MEETING: say("会议通知"),
    AnnouncementKind.DISCLOSURE: say("公示"),
    AnnouncementKind.RESULT: say("办理结果"),
}

WEIGHTY = frozenset({AnnouncementKind.OUTAGE, AnnouncementKind.MEETING})
"""Kinds that lose their use when they are read late; who asked for only the important ones is told of them."""


@dataclass(frozen=True)
class Text:
    """What an announcement says."""

    title: str
    text: str
    until: datetime
    meeting_at: datetime | None = None
    meeting_spot: str = ""

    def tidied(self) -> Text:
        """Return it as it is kept."""
        return Text(tidy(self.title), tidy(self.text), self.until, self.meeting_at, tidy(self.meeting_spot))

    def commitment(self, salt: str) -> Commitment:
        """Return the commitment to its words."""
        when = self.meeting_at.isoformat() if self.meeting_at else ""
        return commit_to(salt, self.title, self.text, when, self.meeting_spot, self.until.isoformat())


def author_at(by: Actor, code: str) -> Standing | None:
    """Return the standing under which somebody may announce at a place."""
    return by.standing(code, *AUTHORS)


def why_not_announce(by: Actor, code: str) -> Refusal | None:
    """Committee, street office and owners' committee announce within what they answer for."""
    if author_at(by, code) is not None:
        return None
    return Refusal(
        "not_an_announcer",
        say("公告由居委会、业委会或街道在自己的范围内发布，您现在没有这项授权。"),
        what_next=say("您可以提出问题，或者请居委会代为公告。"),
        appeal=say("对授权有疑问，请联系居委会或系统管理员。"),
        status=403,
    )


def why_not_change(by: Actor, organization_id: int, *, withdrawn: bool) -> Refusal | None:
    """Only who speaks for the organization that announced changes it, and what was withdrawn stays as it is."""
    held = by.serves(organization_id)
    if held is None or held.role not in AUTHORS:
        return Refusal(
            "not_your_announcement",
            say("这条公告由发布它的单位更正或撤回。"),
            what_next=say("您发现有误，请联系发布的单位。"),
            status=403,
        )
    if withdrawn:
        return Refusal("announcement_withdrawn", say("这条公告已经撤回，不能再改。"), what_next=say("请另发一条新的。"))
    return None


def why_not_hang(until: datetime, now: datetime) -> Refusal | None:
    """An announcement hangs until a day to come, for a year at most."""
    if until <= now:
        return Refusal("until_past", say("挂到的日子已经过了，请写今天以后的日子。"), status=422)
    if until > now + LONGEST:
        return Refusal("until_far", say("一条公告最多挂一年。"), what_next=say("到期前可以再发一条。"), status=422)
    return None


def why_not_meet(kind: AnnouncementKind, at: datetime | None, spot: str, now: datetime) -> Refusal | None:
    """A meeting is announced with its time and its place, and before it begins."""
    if kind is not AnnouncementKind.MEETING:
        return None
    if at is None:
        return Refusal("meeting_time_missing", say("会议要写明几时开始。"), status=422)
    if at <= now:
        return Refusal("meeting_past", say("会议的时间已经过了。"), status=422)
    return None if spot else Refusal("meeting_spot_missing", say("会议要写明在哪里开。"), status=422)


def why_not_pin(pinned: int) -> Refusal | None:
    """Only few announcements stay on top, or none stands out; ``pinned`` is how many there are at the place."""
    if pinned < MOST_PINNED:
        return None
    return Refusal(
        "pinned_enough",
        say("这里已经有 {n} 条置顶的公告。", n=MOST_PINNED),
        what_next=say("请先不置顶，或等其中一条到期、撤回。"),
    )


def why_not_correct(*, changed: bool) -> Refusal | None:
    """A correction changes something."""
    return None if changed else Refusal("nothing_changed", say("内容和原来一样，没有可更正的。"), status=422)
