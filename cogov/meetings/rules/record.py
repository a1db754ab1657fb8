"""Minutes: how they are drafted from what happened, who signs them, and when they are final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.meetings.rules.calling import desk_of
from cogov.meetings.rules.hands import Counts
from cogov.meetings.rules.kinds import (
    CATEGORY_WORDS,
    MOTION_WORDS,
    NOTE_WORDS,
    Category,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    NoteKind,
    Presence,
)
from cogov.people.rules import Actor, Role

SIGNING = timedelta(days=7)
"""After so long the minutes may be settled also when half of those present have not said anything."""


@dataclass(frozen=True)
class Moved:
    """A motion as the minutes tell of it."""

    text: str
    state: MeetingMotionState
    counts: Counts = field(default_factory=dict)
    amendment: bool = False
    present: int | None = None
    """How many residents and owners were there when hands were counted."""

    id: int = 0
    """Its row, for what followed from it."""


@dataclass(frozen=True)
class Treated:
    """An item as the minutes tell of it."""

    title: str
    number: str = ""
    turns: int = 0
    motions: Sequence[Moved] = ()
    notes: Sequence[tuple[NoteKind, str]] = ()


def count_line(counts: Counts) -> list[Words]:
    """Return the hands of each category in a sentence of its own; they are not added up."""
    return [
        say(
            "{category}：赞成 {a}，反对 {b}，弃权 {c}",
            category=CATEGORY_WORDS[each],
            a=counts[each].in_favour,
            b=counts[each].against,
            c=counts[each].abstained,
        )
        for each in Category
        if each in counts and counts[each].raised
    ]


def present_lines(present: Mapping[tuple[Category, Presence], int]) -> list[Words]:
    """Return who was there, by category, in the room and online apart."""
    lines = []
    for category in Category:
        room, online = (present.get((category, way), 0) for way in Presence)
        if room or online:
            lines.append(
                say("{category}：到场 {a} 人，线上 {b} 人", category=CATEGORY_WORDS[category], a=room, b=online)
            )
    return lines


def drafted(present: Mapping[tuple[Category, Presence], int], items: Sequence[Treated], left: int = 0) -> str:
    """Return the draft of the minutes in the language in which the neighbourhood keeps its papers."""
    there = [str(each) for each in present_lines(present)]
    if left:
        there.append(str(say("其中 {n} 人中途离会。", n=left)))
    parts = [str(say("一、到会")), *there, "", str(say("二、议事经过"))]
    for place, item in enumerate(items, 1):
        parts += ["", f"{place}. {item.title}" + (f"（{item.number}）" if item.number else "")]
        parts += _of_item(item)
    return "\n".join(parts).strip()


def _of_item(item: Treated) -> list[str]:
    lines = [str(say("发言 {n} 人次。", n=item.turns))] if item.turns else []
    for motion in item.motions:
        called = say("修正案") if motion.amendment else say("动议")
        lines.append(f"{called}：{motion.text}（{MOTION_WORDS[motion.state]}）")
        if motion.present is not None:
            lines.append(f"　{say('举手时在会的居民和业主 {n} 人', n=motion.present)}")
        lines += [f"　{each}" for each in count_line(motion.counts)]
    lines += [f"{NOTE_WORDS[kind]}：{text}" for kind, text in item.notes]
    return lines or [str(say("没有议到。"))]


def why_not_edit(meeting: MeetingState, minutes: MinutesState | None) -> Refusal | None:
    """Minutes are written after the meeting and until they are final."""
    if meeting is not MeetingState.CLOSED or minutes is None:
        return Refusal("meeting_not_over", say("散会以后才有纪要。"))
    if minutes is MinutesState.FINAL:
        return Refusal(
            "minutes_final", say("纪要已经定稿，不能再改。"), what_next=say("有补充，请发一条公告或在卷宗里写明。")
        )
    return None


def why_not_read_drafts(by: Actor, code: str, organization_id: int, *, there: bool) -> Refusal | None:
    """What was edited out before people were asked to sign is for those who were there and who keep the minutes."""
    if there or desk_of(by, organization_id) is not None or by.holds(code, Role.MODERATOR):
        return None
    return Refusal(
        "minutes_were_draft",
        say("这一版是请大家签认以前的草稿，到会的人和整理纪要的人能看。"),
        what_next=say("请看现在这一版；请大家签认以后的各版，人人都能看。"),
        status=403,
    )


def why_not_put_out(minutes: MinutesState) -> Refusal | None:
    """A draft is put out for signing once; what is changed afterwards is put out anew by itself."""
    return None if minutes is MinutesState.DRAFT else Refusal("minutes_put_out", say("纪要已经请大家签认了。"))


def why_not_sign(minutes: MinutesState | None, *, present: bool, agrees: bool, reason: str) -> Refusal | None:
    """Who was there says that the minutes are right, or what is wrong with them."""
    if minutes is not MinutesState.SIGNING:
        return Refusal("not_signing", say("纪要现在不在签认。"))
    if not present:
        return Refusal("not_present", say("纪要由到会的人签认，您这次没有签到。"), status=403)
    if not agrees and not reason:
        return Refusal("reason_missing", say("不同意请写明哪里不对。"), status=422)
    return None


def why_not_settle(
    minutes: MinutesState | None, *, signed: int, present: int, since: datetime | None, now: datetime
) -> Refusal | None:
    """Minutes are final when more than half of those who were there have signed, or after a week with what came."""
    if minutes is not MinutesState.SIGNING or since is None:
        return Refusal("not_signing", say("请先请到会的人签认。"))
    if signed * 2 > present or now >= since + SIGNING:
        return None
    return Refusal(
        "too_few_signed",
        say("到会 {n} 人，已签 {m} 人，还没有过半。", n=present, m=signed),
        what_next=say("{at} 以后，可以按已签的定稿。", at=since + SIGNING),
    )
