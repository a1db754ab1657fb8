"""What can be said to have happened to the catalogue, duty lists, the calendar and clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from cogov.duties.rules.purpose import Purpose
from cogov.journal.event import Code, Commitment, Event


@dataclass(frozen=True)
class _Private(Event):
    """Something that stands in the journal and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class MatterEntered(_Private):
    """A matter of the catalogue was entered or corrected."""

    matter: int
    code: Code


@dataclass(frozen=True)
class MatterRetired(_Private):
    """A matter of the catalogue was taken out of use; what rests on it stays."""

    matter: int
    code: Code


@dataclass(frozen=True)
class DutyEntered(_Private):
    """An item of a duty list was entered."""

    item: int
    matter: int
    organization: int


@dataclass(frozen=True)
class CalendarChanged(_Private):
    """A day was declared worked or off."""

    day: date
    working: bool


@dataclass(frozen=True)
class ClockPaused(Event):
    """A public clock was paused, with its reason."""

    clock: int
    purpose: Purpose
    pause: int
    reason: Commitment


@dataclass(frozen=True)
class ClockResumed(Event):
    """A paused clock runs again."""

    clock: int
    purpose: Purpose
