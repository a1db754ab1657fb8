"""What can be said to have happened in a problem's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cogov.journal.event import Commitment, Event
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.minority import OutcomeKind
from cogov.threads.rules.pledges import PledgeKind
from cogov.threads.rules.summaries import SummaryKind


@dataclass(frozen=True)
class MessagePosted(Event):
    """A message was posted."""

    message: int
    reply_to: int | None
    kind: MessageKind
    words: Commitment
    mentions: int = 0
    """How many it mentions; who they are stands in the room."""

    files: int = 0
    """How many files stand beside it; its commitment is to their digests, too."""


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
    files: int = 0
    """How many files stand beside this version; its commitment is to their digests, too."""


@dataclass(frozen=True)
class PeopleMentioned(Event):
    """A new version of a message mentions people whom no version before had mentioned; they alone are told."""

    public: ClassVar[bool] = False

    message: int
    version: int
    mentions: int


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


@dataclass(frozen=True)
class SlowModeSet(Event):
    """Each person may write one message in so many minutes here for a while, and why."""

    told: ClassVar[bool] = False

    slow_mode: int
    minutes: int
    until: datetime
    words: Commitment


@dataclass(frozen=True)
class SlowModeEnded(Event):
    """Everybody may write as often as they like again, before the time had come."""

    told: ClassVar[bool] = False

    slow_mode: int


# Around solutions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AmendmentProposed(Event):
    """Somebody proposed a change to a solution."""

    amendment: int
    solution: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class AmendmentAccepted(Event):
    """A proposed change became the next version of a solution."""

    amendment: int
    solution: int
    number: int
    version: int
    words: Commitment


@dataclass(frozen=True)
class AmendmentRejected(Event):
    """A proposed change was turned down, with a reason."""

    amendment: int
    solution: int
    number: int
    words: Commitment


@dataclass(frozen=True)
class AmendmentPromoted(Event):
    """Who proposed a change made a solution of its own of it."""

    amendment: int
    solution: int
    number: int
    grown_from: int
    words: Commitment


@dataclass(frozen=True)
class AmendmentWithdrawn(Event):
    """Who proposed a change took it back."""

    told: ClassVar[bool] = False

    amendment: int
    solution: int
    number: int


@dataclass(frozen=True)
class SolutionEndorsed(Event):
    """An organization stands behind a solution."""

    endorsement: int
    solution: int
    number: int
    version: int


@dataclass(frozen=True)
class EndorsementWithdrawn(Event):
    """An organization no longer stands behind a solution."""

    endorsement: int
    solution: int
    number: int


@dataclass(frozen=True)
class InterestStated(Event):
    """Somebody said what is at stake for them."""

    told: ClassVar[bool] = False

    interest: int
    kind: InterestKind


@dataclass(frozen=True)
class InterestEnded(Event):
    """Somebody took back what they had said is at stake for them."""

    told: ClassVar[bool] = False

    interest: int


@dataclass(frozen=True)
class PledgeMade(Event):
    """Somebody promised to put something in."""

    pledge: int
    number: int
    kind: PledgeKind
    words: Commitment


@dataclass(frozen=True)
class PledgeKept(Event):
    """Somebody else saw that a pledge was kept."""

    pledge: int
    number: int


@dataclass(frozen=True)
class PledgeWithdrawn(Event):
    """Who made a pledge took it back."""

    told: ClassVar[bool] = False

    pledge: int
    number: int


@dataclass(frozen=True)
class PledgesCalled(Event):
    """What was promised is asked for, because what it was promised for was decided."""

    solution: int
    number: int
    pledges: int


# Beside an outcome ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MinorityFiled(Event):
    """Those who disagree with an outcome put their opinion beside it."""

    opinion: int
    number: int
    outcome_kind: OutcomeKind
    words: Commitment


@dataclass(frozen=True)
class MinoritySigned(Event):
    """Somebody signed a minority opinion."""

    told: ClassVar[bool] = False

    opinion: int
    number: int


@dataclass(frozen=True)
class MinorityUnsigned(Event):
    """Somebody took their name from a minority opinion while such opinions are still taken."""

    told: ClassVar[bool] = False

    opinion: int
    number: int
