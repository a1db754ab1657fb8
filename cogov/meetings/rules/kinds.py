"""What there is in a meeting, and what it is called."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.words import Words, say
from cogov.people.rules import PUBLIC_KINDS, Standing

ITEM_LENGTH, MOTION_LENGTH, NOTE_LENGTH, LABEL_LENGTH = 80, 300, 300, 20
MINUTES_LENGTH, REASON_LENGTH = 8000, 200
TURN_SECONDS = (60, 120, 180, 300)
"""How long one turn may be, as whoever calls a meeting chooses."""


class MeetingState(StrEnum):
    """How far a meeting is; that it was called off stands in its notice."""

    CALLED = "called"
    OPEN = "open"
    CLOSED = "closed"


class ItemState(StrEnum):
    """Whether an item of the agenda waits, is on the floor, or is done with."""

    WAITING = "waiting"
    NOW = "now"
    DONE = "done"


class Presence(StrEnum):
    """How somebody takes part; the two are counted apart."""

    ROOM = "room"
    ONLINE = "online"


class Category(StrEnum):
    """As what somebody takes part; hands of different ones are never added up."""

    RESIDENT = "resident"
    OWNER = "owner"
    DELEGATE = "delegate"
    OFFICIAL = "official"


class Stand(StrEnum):
    """What somebody asks to speak for."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"


class TurnState(StrEnum):
    """How far a turn to speak is."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class MeetingMotionState(StrEnum):
    """How far a motion or an amendment is."""

    OPEN = "open"
    HANDS = "hands"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Hand(StrEnum):
    """How a hand is raised."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class FollowUp(StrEnum):
    """What follows from a motion that a meeting carried."""

    TASK = "task"
    VOTE = "vote"
    CASE = "case"


class NoteKind(StrEnum):
    """What the secretary writes down while people talk."""

    POINT = "point"
    DECISION = "decision"
    TASK = "task"


class MinutesState(StrEnum):
    """How far the minutes are."""

    DRAFT = "draft"
    SIGNING = "signing"
    FINAL = "final"


ENTERED = (Category.RESIDENT, Category.OWNER)
"""As what the desk may enter somebody without a phone; who acts for an organization checks in by themselves."""

STATE_WORDS: dict[MeetingState, Words] = {
    MeetingState.CALLED: say("已通知"),
    MeetingState.OPEN: say("正在开会"),
    MeetingState.CLOSED: say("已散会"),
}
ITEM_WORDS: dict[ItemState, Words] = {
    ItemState.WAITING: say("还没议"),
    ItemState.NOW: say("正在议"),
    ItemState.DONE: say("议过了"),
}
PRESENCE_WORDS: dict[Presence, Words] = {Presence.ROOM: say("到场"), Presence.ONLINE: say("线上")}
CATEGORY_WORDS: dict[Category, Words] = {
    Category.RESIDENT: say("居民"),
    Category.OWNER: say("业主"),
    Category.DELEGATE: say("单位代表"),
    Category.OFFICIAL: say("部门人员"),
}
SIDE_WORDS: dict[Stand, Words] = {
    Stand.FOR: say("赞成"),
    Stand.AGAINST: say("反对"),
    Stand.QUESTION: say("提问"),
}
MOTION_WORDS: dict[MeetingMotionState, Words] = {
    MeetingMotionState.OPEN: say("正在讨论"),
    MeetingMotionState.HANDS: say("正在举手"),
    MeetingMotionState.PASSED: say("通过"),
    MeetingMotionState.FAILED: say("没有通过"),
    MeetingMotionState.WITHDRAWN: say("已收回"),
}
HAND_WORDS: dict[Hand, Words] = {
    Hand.FOR: say("赞成"),
    Hand.AGAINST: say("反对"),
    Hand.ABSTAIN: say("弃权"),
}
FOLLOW_WORDS: dict[FollowUp, Words] = {
    FollowUp.TASK: say("开了任务"),
    FollowUp.VOTE: say("转为正式表决"),
    FollowUp.CASE: say("交给部门办理"),
}
NOTE_WORDS: dict[NoteKind, Words] = {
    NoteKind.POINT: say("要点"),
    NoteKind.DECISION: say("议定"),
    NoteKind.TASK: say("想做的事"),
}
MINUTES_WORDS: dict[MinutesState, Words] = {
    MinutesState.DRAFT: say("草稿"),
    MinutesState.SIGNING: say("等到会的人签认"),
    MinutesState.FINAL: say("定稿"),
}

FORCE = say(
    "举手只是议事会里的意见，各类人分开数，不相加。它不是业主共同决定的法定表决；"
    "要有法定效力，请另外发起表决（民法典第278条）。"
)
"""The legal force of a show of hands, said wherever hands are counted."""


def category_of(standing: Standing | None, *, owns: bool) -> Category:
    """Return as what somebody takes part: for an organization where they act for one, else for themselves."""
    if standing is not None and standing.organization_id is not None:
        return Category.OFFICIAL if standing.organization_kind in PUBLIC_KINDS else Category.DELEGATE
    return Category.OWNER if owns else Category.RESIDENT
