"""What can be said to have happened to robots; no address and no secret has a field here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cogov.journal.event import Event
from cogov.robots.rules import Fault, RobotKind, RobotTopic


@dataclass(frozen=True)
class _Private(Event):
    """Something that stands in the journal and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class RobotAdded(_Private):
    """A group robot or another system was added for an organization or a community."""

    robot: int
    kind: RobotKind
    hears: RobotTopic
    organization: int | None


@dataclass(frozen=True)
class RobotPaused(_Private):
    """A robot is told nothing until somebody lets it go on."""

    robot: int


@dataclass(frozen=True)
class RobotResumed(_Private):
    """A robot is told again, from now on."""

    robot: int


@dataclass(frozen=True)
class RobotStopped(_Private):
    """A robot refused again and again and is told nothing more until somebody looks."""

    robot: int
    fault: Fault


@dataclass(frozen=True)
class RobotRemoved(_Private):
    """A robot was removed, and where it listened was destroyed."""

    robot: int
