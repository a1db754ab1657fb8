"""What can be said to have happened to places, units and the roll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cogov.journal.event import Code, Event
from cogov.places.rules import PlaceKind, ResidenceKind


@dataclass(frozen=True)
class _Private(Event):
    """Something that stands in the journal and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class PlaceEntered(_Private):
    """A place was entered or renamed."""

    place: int
    kind: PlaceKind
    code: Code


@dataclass(frozen=True)
class GridDrawn(_Private):
    """A grid was given its polygon."""

    grid: int


@dataclass(frozen=True)
class GridHandedOver(_Private):
    """A grid got a new holder or deputy."""

    grid: int
    person: int
    deputy: bool


@dataclass(frozen=True)
class SettingChanged(_Private):
    """A threshold or limit was set for a place."""

    place: int
    setting: Code
    value: int


@dataclass(frozen=True)
class BuildingEntered(_Private):
    """A building was entered."""

    building: int


@dataclass(frozen=True)
class UnitEntered(_Private):
    """A unit was entered or corrected on the roll."""

    unit: int


@dataclass(frozen=True)
class OwnershipEntered(_Private):
    """An owner was entered for a unit."""

    unit: int
    owner: int


@dataclass(frozen=True)
class ShareWritten(_Private):
    """The share of a co-owner was written, changed or taken away; 0 of 1 says that none is registered."""

    unit: int
    owner: int
    part_before: int
    whole_before: int
    part: int
    whole: int


@dataclass(frozen=True)
class OwnerVerified(_Private):
    """An owner on the roll was joined to a person."""

    owner: int
    person: int


@dataclass(frozen=True)
class ResidenceVerified(_Private):
    """A person was verified as living in a unit."""

    unit: int
    person: int
    kind: ResidenceKind


@dataclass(frozen=True)
class ResidenceEnded(_Private):
    """A person was entered as having moved out of a unit, by themselves or by whoever checks residents."""

    unit: int
    person: int


@dataclass(frozen=True)
class SetUpBegun(_Private):
    """Somebody began to set up a community, which stays closed until it is opened."""

    place: int


@dataclass(frozen=True)
class RulesConfirmed(_Private):
    """Somebody looked through the rules and thresholds of a community and confirmed them."""

    place: int


@dataclass(frozen=True)
class CommunityOpened(_Private):
    """A community was opened: from now on its people raise problems there."""

    place: int
