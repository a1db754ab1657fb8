"""What can be said to have happened in a problem's thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cogov.journal.event import Commitment, Event
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.summaries import SummaryKind


@dataclass(frozen=True)
class MessagePosted(Event):
    """A message was posted."""

    message: int
    reply_to: int | None
    kind: MessageKind
    words: Commitment


@dataclass(frozen=True)
class MessageWithdrawn(Event):
    """Who wrote a message took it back."""

    told: ClassVar[bool] = False

    message: int


@dataclass(frozen=True)
class ConcernRaised(Event):
    """A serious concern was raised."""

    concern: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class ConcernAnswered(Event):
    """A concern was answered."""

    concern: int
    number: int
    solution_version: int | None
    words: Commitment


@dataclass(frozen=True)
class OverrulingProposed(Event):
    """The chair proposed to overrule a concern; a second person has yet to agree."""

    concern: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class ConcernOverruled(Event):
    """A second person agreed, and the concern was overruled on record."""

    concern: int
    number: int


@dataclass(frozen=True)
class ConcernWithdrawn(Event):
    """Who raised a concern took it back."""

    concern: int
    number: int


@dataclass(frozen=True)
class ConcernOverdue(Event):
    """Nobody answered a concern in time; the level above was told, and it stays open."""

    concern: int
    number: int
    to: int | None


@dataclass(frozen=True)
class SolutionProposed(Event):
    """A solution was proposed."""

    solution: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class SolutionRevised(Event):
    """A solution was given a new version."""

    solution: int
    number: int
    version: int
    words: Commitment


@dataclass(frozen=True)
class MessageEdited(Event):
    """Who wrote a message gave it a new version; the ones before stay as they were."""

    told: ClassVar[bool] = False

    message: int
    version: int
    words: Commitment


@dataclass(frozen=True)
class SummaryWritten(Event):
    """What stands on top of a discussion was given a new version: a summary, or minutes that are to be answered."""

    told: ClassVar[bool] = False

    summary: int
    version: int
    kind: SummaryKind
    words: Commitment


@dataclass(frozen=True)
class SummaryProposed(Event):
    """Somebody proposed another version of the summary; who keeps it accepts or declines it."""

    told: ClassVar[bool] = False

    summary: int
    words: Commitment


@dataclass(frozen=True)
class SummaryAccepted(Event):
    """A proposed version became the summary."""

    summary: int
    version: int


@dataclass(frozen=True)
class SummaryDeclined(Event):
    """A proposed version was not taken, and why."""

    summary: int
    words: Commitment


@dataclass(frozen=True)
class MinutesEndorsed(Event):
    """Somebody who takes part endorsed minutes."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    summary: int
    version: int


@dataclass(frozen=True)
class MinutesObjected(Event):
    """Somebody who takes part objected to minutes, and why."""

    told: ClassVar[bool] = False

    summary: int
    version: int
    words: Commitment
