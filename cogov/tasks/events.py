"""What can be said to have happened to tasks and claims."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.journal.event import Commitment, Event


@dataclass(frozen=True)
class TaskOpened(Event):
    """A task was opened for claiming."""

    task: int
    slots: int
    resolution: int | None
    words: Commitment


@dataclass(frozen=True)
class TaskClaimed(Event):
    """A slot of a task was claimed."""

    task: int
    claim: int


@dataclass(frozen=True)
class ClaimReturned(Event):
    """A claim was given back, by its holder or by the clock, and its slot is free again."""

    task: int
    claim: int
    by_clock: bool


@dataclass(frozen=True)
class TaskHandedIn(Event):
    """The work on a claim was handed in."""

    task: int
    claim: int
    words: Commitment


@dataclass(frozen=True)
class TaskSentBack(Event):
    """The verifier found the work incomplete and said what is missing."""

    task: int
    claim: int
    words: Commitment


@dataclass(frozen=True)
class TaskVerified(Event):
    """Somebody else verified the work."""

    task: int
    claim: int


@dataclass(frozen=True)
class TaskDone(Event):
    """All slots of a task are verified."""

    task: int


@dataclass(frozen=True)
class TasksCompleted(Event):
    """The last open task of the problem is done."""

    tasks: int


@dataclass(frozen=True)
class TaskCancelled(Event):
    """A task was called off, with a reason."""

    task: int
    words: Commitment
