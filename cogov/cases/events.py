"""What can be said to have happened in the official loop; ``step`` leads to the words, ``to`` is the level above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cogov.journal.event import Code, Commitment, Event


@dataclass(frozen=True)
class CaseOpened(Event):
    """A case was opened for a public body."""

    case: int
    step: int
    number: Code
    resolution: int | None
    body: int | None = None
    """The body proposed, where it is told at once."""


@dataclass(frozen=True)
class CaseVerified(Event):
    """The report was verified on the spot or by the centre."""

    case: int
    step: int
    round: int


@dataclass(frozen=True)
class CaseAccepted(Event):
    """The supervision centre accepted the case."""

    case: int
    step: int


@dataclass(frozen=True)
class CaseRefused(Event):
    """The supervision centre did not accept or file the case, with a reason."""

    case: int
    step: int
    words: Commitment


@dataclass(frozen=True)
class CaseFiled(Event):
    """The case was filed (立案)."""

    case: int
    step: int


@dataclass(frozen=True)
class CaseDispatched(Event):
    """The command centre dispatched the case to a body."""

    case: int
    step: int
    body: int
    due_at: datetime


@dataclass(frozen=True)
class CaseAcknowledged(Event):
    """The body acknowledged the case as its own."""

    case: int
    step: int
    body: int


@dataclass(frozen=True)
class CaseReturned(Event):
    """The body returned the case with an objection."""

    case: int
    step: int
    body: int
    words: Commitment


@dataclass(frozen=True)
class BodyCalled(Event):
    """A body was called to help (吹哨)."""

    case: int
    step: int
    call: int
    body: int
    due_at: datetime


@dataclass(frozen=True)
class CallNotNeeded(Event):
    """The dispatcher recorded why no other body is needed."""

    case: int
    step: int
    words: Commitment


@dataclass(frozen=True)
class CallAnswered(Event):
    """A called body answered."""

    case: int
    step: int
    call: int
    body: int
    words: Commitment


@dataclass(frozen=True)
class CallOverdue(Event):
    """A called body has not answered in time; the level above was told."""

    case: int
    call: int
    body: int
    to: int | None


@dataclass(frozen=True)
class CaseHandled(Event):
    """The body reported the result."""

    case: int
    step: int
    words: Commitment


@dataclass(frozen=True)
class CaseInspected(Event):
    """The inspection found the matter settled."""

    case: int
    step: int


@dataclass(frozen=True)
class ReworkOrdered(Event):
    """The inspection found the matter not settled and sent it back."""

    case: int
    step: int
    reworks: int
    words: Commitment


@dataclass(frozen=True)
class CaseFedBack(Event):
    """The supervision centre told the raisers the result."""

    case: int
    step: int
    words: Commitment


@dataclass(frozen=True)
class CaseClosed(Event):
    """The case was closed under its five stamps."""

    case: int
    step: int
    round: int


@dataclass(frozen=True)
class CaseReopened(Event):
    """The case was reopened because a raiser said that it is not fixed."""

    case: int
    step: int
    body: int
    round: int


@dataclass(frozen=True)
class CaseOverdue(Event):
    """Whoever is accountable for the case let its limit run out; the level above was told."""

    case: int
    body: int
    to: int | None
