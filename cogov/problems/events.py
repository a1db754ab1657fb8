"""What can be said to have happened to a problem itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cogov.journal.event import Code, Commitment, Event
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.leeway import Room
from cogov.problems.rules.phases import Part
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer, Ending


@dataclass(frozen=True)
class ProblemRaised(Event):
    """A problem was raised."""

    number: Code
    grid: int | None
    emergency: bool
    words: Commitment


@dataclass(frozen=True)
class ProblemSeconded(Event):
    """Somebody has met the problem too."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    second: int


@dataclass(frozen=True)
class SecondWithdrawn(Event):
    """Somebody took back that they have met the problem too."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    second: int


@dataclass(frozen=True)
class RaiserJoined(Event):
    """Somebody whose own problem was joined to this one stands among its raisers."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    raiser: int


@dataclass(frozen=True)
class PictureCovered(Event):
    """More of a picture was covered."""

    told: ClassVar[bool] = False

    picture: int


@dataclass(frozen=True)
class TriageProposed(Event):
    """The rules proposed a lane."""

    told: ClassVar[bool] = False

    triage: int
    lane: Lane
    reason: ReasonCode


@dataclass(frozen=True)
class ProblemTriaged(Event):
    """A person confirmed or changed the lane."""

    triage: int
    lane: Lane
    reason: ReasonCode
    body: int | None
    rule: Code
    changed: bool
    words: Commitment


@dataclass(frozen=True)
class TriageAppealed(Event):
    """A raiser appealed against the triage."""

    appeal: int
    words: Commitment


@dataclass(frozen=True)
class AppealAnswered(Event):
    """The level above answered the appeal."""

    appeal: int
    outcome: AppealOutcome
    words: Commitment


@dataclass(frozen=True)
class AppealOverdue(Event):
    """The level above did not answer the appeal within the limit; it is accountable for the problem until it does."""

    appeal: int
    to: int


@dataclass(frozen=True)
class TriageOverdue(Event):
    """Nobody triaged the problem within the limit; it was handed to the level above."""

    to: int


@dataclass(frozen=True)
class ProblemMerged(Event):
    """The problem was joined to an older one about the same thing."""

    into: int


@dataclass(frozen=True)
class MediationRecorded(Event):
    """The outcome of a mediation was recorded."""

    mediation: int
    agreed: bool
    words: Commitment


@dataclass(frozen=True)
class MediationOverdue(Event):
    """No outcome of the mediation was recorded within the limit; it was handed to the level above."""

    to: int


@dataclass(frozen=True)
class DeliberationOverdue(Event):
    """Nothing came of the deliberation within the limit; it was handed to the level above."""

    to: int


@dataclass(frozen=True)
class DeliberationConcluded(Event):
    """The moderator closed a deliberation that needed no vote."""

    conclusion: int
    words: Commitment


@dataclass(frozen=True)
class RaisersAsked(Event):
    """The raisers were asked whether it is fixed."""

    round: int


@dataclass(frozen=True)
class ProblemConfirmed(Event):
    """A raiser said whether it is fixed."""

    confirmation: int
    round: int
    answer: ConfirmationAnswer


@dataclass(frozen=True)
class ProblemReopened(Event):
    """A raiser said that it is not fixed, and the next round began."""

    round: int


@dataclass(frozen=True)
class ProblemEnded(Event):
    """The problem came to an end that names its reason."""

    ending: Ending
    words: Commitment | None


@dataclass(frozen=True)
class LeewayDeclared(Event):
    """The body that takes the topic declared what of it can still be changed, and why."""

    leeway: int
    version: int
    room: Room
    words: Commitment


@dataclass(frozen=True)
class PhaseScheduled(Event):
    """It was set from when until when a part of the deliberation is taken."""

    phase: int
    part: Part
    opens_at: datetime
    closes_at: datetime | None
    words: Commitment


@dataclass(frozen=True)
class PhaseCancelled(Event):
    """A time that was set for a part of the deliberation was called off."""

    phase: int
    part: Part


@dataclass(frozen=True)
class PhaseOpened(Event):
    """A part of the deliberation is taken from now on."""

    phase: int
    part: Part


@dataclass(frozen=True)
class PhaseClosed(Event):
    """A part of the deliberation is no longer taken."""

    phase: int
    part: Part
