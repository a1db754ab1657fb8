"""What can be said to have happened in meetings: numbers only, no words and no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cogov.announcements.rules import AnnouncementKind
from cogov.journal.event import Commitment, Event
from cogov.meetings.rules.kinds import Category, FollowUp, NoteKind, Presence, Stand


@dataclass(frozen=True)
class MeetingCalled(Event):
    """A meeting was called; its notice says when and where, and tells people."""

    told: ClassVar[bool] = False

    meeting: int
    announcement: int


@dataclass(frozen=True)
class MeetingReminded(Event):
    """Those who live at a place were reminded of a meeting that begins soon."""

    meeting: int
    announcement: int
    kind: AnnouncementKind
    begins: datetime


@dataclass(frozen=True)
class MeetingItemListed(Event):
    """A problem, or another matter, was put on the agenda of a meeting."""

    meeting: int
    item: int


@dataclass(frozen=True)
class MeetingItemStruck(Event):
    """An item was taken off the agenda before the meeting came to it."""

    told: ClassVar[bool] = False

    meeting: int
    item: int


@dataclass(frozen=True)
class MeetingItemMoved(Event):
    """An item of the agenda was moved to an earlier place."""

    told: ClassVar[bool] = False

    meeting: int
    item: int
    position: int


@dataclass(frozen=True)
class MeetingOpened(Event):
    """A meeting was opened, and somebody presides."""

    told: ClassVar[bool] = False

    meeting: int


@dataclass(frozen=True)
class AttendanceNoted(Event):
    """Somebody is there, in the room or online; the journal does not say who was entered by the desk."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    ordinal: int
    category: Category
    presence: Presence
    entered: bool


@dataclass(frozen=True)
class AttendanceEnded(Event):
    """Somebody left a meeting before it was over."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    ordinal: int


@dataclass(frozen=True)
class MeetingCodeRenewed(Event):
    """The check-in code of a meeting was replaced."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int


@dataclass(frozen=True)
class ChairHandedOver(Event):
    """The chair went to somebody else who is there."""

    told: ClassVar[bool] = False

    meeting: int
    ordinal: int


@dataclass(frozen=True)
class MeetingItemTakenUp(Event):
    """The meeting came to an item of its agenda."""

    told: ClassVar[bool] = False

    meeting: int
    item: int


@dataclass(frozen=True)
class MeetingMotionMoved(Event):
    """Somebody moved that a meeting agrees on something, new wording for a motion, or to take one up again."""

    told: ClassVar[bool] = False

    meeting: int
    item: int
    motion: int
    amends: int | None
    reconsiders: int | None
    words: Commitment


@dataclass(frozen=True)
class MeetingMotionWithdrawn(Event):
    """Who moved it took a motion back."""

    told: ClassVar[bool] = False

    meeting: int
    motion: int


@dataclass(frozen=True)
class SpeakingAsked(Event):
    """Somebody was entered in the speaking queue."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    turn: int
    side: Stand


@dataclass(frozen=True)
class SpeakingLeft(Event):
    """Somebody left the speaking queue."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    turn: int


@dataclass(frozen=True)
class SpeakerCalled(Event):
    """The next speaker was called, or the floor is free; the turn before ended."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    turn: int | None
    ended: int | None


@dataclass(frozen=True)
class SpeakerPrompted(Event):
    """A speaker was asked to keep to the matter and not to the person."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    turn: int


@dataclass(frozen=True)
class HandsOpened(Event):
    """Hands are raised on a motion from now on."""

    told: ClassVar[bool] = False

    meeting: int
    motion: int


@dataclass(frozen=True)
class HandRaised(Event):
    """Somebody raised a hand; for what, only the count of their category says."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    motion: int


@dataclass(frozen=True)
class HandsCounted(Event):
    """The hands on a motion were counted by category; the tuples are for, against and abstained."""

    told: ClassVar[bool] = False

    meeting: int
    item: int
    motion: int
    passed: bool
    residents: tuple[int, ...]
    owners: tuple[int, ...]
    delegates: tuple[int, ...]
    officials: tuple[int, ...]


@dataclass(frozen=True)
class MeetingMotionFollowed(Event):
    """What a meeting carried led to a task, to a motion that is voted on, or to a case of a public body."""

    told: ClassVar[bool] = False

    meeting: int
    motion: int
    follow: FollowUp
    subject: int


@dataclass(frozen=True)
class MeetingNoted(Event):
    """The desk wrote down what was said, agreed or wished for about an item."""

    told: ClassVar[bool] = False

    meeting: int
    item: int
    note: int
    kind: NoteKind
    words: Commitment


@dataclass(frozen=True)
class MeetingClosed(Event):
    """A meeting is over; its minutes were drafted."""

    told: ClassVar[bool] = False

    meeting: int
    present: int


@dataclass(frozen=True)
class MeetingMinutesWritten(Event):
    """The minutes were given a new version."""

    told: ClassVar[bool] = False

    meeting: int
    version: int
    words: Commitment


@dataclass(frozen=True)
class MeetingMinutesPutOut(Event):
    """Those who were there were asked to sign the minutes."""

    meeting: int
    version: int


@dataclass(frozen=True)
class MeetingMinutesSigned(Event):
    """Somebody who was there endorsed the minutes, or objected with a reason."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    version: int
    ordinal: int
    agrees: bool
    words: Commitment


@dataclass(frozen=True)
class MeetingMinutesSettled(Event):
    """The minutes of a meeting are final."""

    meeting: int
    item: int | None
    version: int
    endorsed: int
    objected: int


@dataclass(frozen=True)
class MeetingWordsSettled(Event):
    """Words of a meeting were taken down, or stand again, after a review."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    meeting: int
    review: int
