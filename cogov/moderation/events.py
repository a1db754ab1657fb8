"""What can be said to have happened to a text that should perhaps not stand; never its words, never who flagged it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cogov.journal.event import Commitment, Event
from cogov.moderation.rules import FlagReason, HoldReason, SubjectKind


@dataclass(frozen=True)
class TextFlagged(Event):
    """Somebody flagged a text."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int
    subject: SubjectKind
    subject_id: int


@dataclass(frozen=True)
class TextHeld(Event):
    """A text waits for somebody's look before it is published."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int
    subject: SubjectKind
    subject_id: int
    reason: HoldReason
    words: Commitment


@dataclass(frozen=True)
class TextKept(Event):
    """Somebody looked at a text that was flagged or held, and it stands."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int
    subject: SubjectKind
    subject_id: int


@dataclass(frozen=True)
class TextRemoved(Event):
    """A text was taken down under a clause of the policy; its original is sealed."""

    review: int
    subject: SubjectKind
    subject_id: int
    reason: FlagReason
    words: Commitment


@dataclass(frozen=True)
class TextOrderedDown(Event):
    """A text was taken down by the order of an organ, of a day."""

    review: int
    subject: SubjectKind
    subject_id: int
    dated: date
    words: Commitment


@dataclass(frozen=True)
class RemovalAppealed(Event):
    """The author of a text that was taken down appealed."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int
    words: Commitment


@dataclass(frozen=True)
class RemovalAnswered(Event):
    """A second person answered the appeal: the text is put back, or stays down."""

    review: int
    subject: SubjectKind
    subject_id: int
    granted: bool
    words: Commitment


@dataclass(frozen=True)
class ReviewOverdue(Event):
    """Nobody decided a review or answered an appeal within the promised time; the level above was told."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int
    to: int | None


@dataclass(frozen=True)
class SealedWordsRead(Event):
    """Somebody read words that are sealed."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    review: int


@dataclass(frozen=True)
class TextWithdrawn(Event):
    """Whoever wrote a text erased its words; what hangs on it goes on."""

    told: ClassVar[bool] = False

    subject: SubjectKind
    subject_id: int


@dataclass(frozen=True)
class WriterBlocked(Event):
    """Somebody may not write in a topic or a place until a moment, under a clause of the policy."""

    public: ClassVar[bool] = False

    block: int
    reason: FlagReason
    until: datetime
    words: Commitment


@dataclass(frozen=True)
class BlockAppealed(Event):
    """Who may not write for a while appealed."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    block: int
    words: Commitment


@dataclass(frozen=True)
class BlockAnswered(Event):
    """A second person answered the appeal of somebody who may not write: it ends, or goes on."""

    public: ClassVar[bool] = False

    block: int
    granted: bool
    words: Commitment


@dataclass(frozen=True)
class BlockAppealOverdue(Event):
    """Nobody answered the appeal against a block within the promised time; the level above was told."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    block: int
    to: int | None
