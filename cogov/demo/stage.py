"""What the steps of the demo are played with: the world, what has been told so far, and what their words mean.

A value of a step that begins with ``@`` means what an earlier step was called with ``as``, ``#`` an organization, ``%``
an item of a duty list, and ``~`` a task by its title; other words become what the command's own signature asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from inspect import isclass
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cogov.demo.neighbourhood import World
from cogov.demo.stories import Step
from cogov.ground.db import found, session
from cogov.tasks.models import Task
from cogov.threads.models import Solution, SolutionVersion

ZONE = ZoneInfo("Asia/Shanghai")
Command = Callable[..., Any]
AROUND = {"at", "who", "do", "many", "turn", "as", "for", "on"}
"""Keys of a step that are about the step and not for the command."""


def moment_of(text: str, end: datetime) -> datetime:
    """Return a moment told from the end: ``-12 09:14`` is that hour twelve days before, ``-90m`` ninety minutes."""
    if text.endswith("m"):
        return end + timedelta(minutes=int(text[:-1]))
    days, clock = text.split()
    day = (end.astimezone(ZONE) + timedelta(days=int(days))).date()
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


@dataclass
class Told:
    """What has been told of a story so far: its problem, and what its steps have made."""

    key: str
    community: str
    number: str = ""
    problem_id: int = 0
    made: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """What those who hold a box have written down, by who they are."""

    def keep(self, name: str, made: Any) -> None:
        """Keep ids; a solution is also known by its first version, and of many calls each has its place."""
        if isinstance(made, list):
            for index, each in enumerate(made):
                self.made[f"{name}.{index}" if index else name] = each.id
            return
        self.made[name] = made.id
        if isinstance(made, Solution):
            version = select(SolutionVersion.id).where(SolutionVersion.solution_id == made.id)
            self.made[f"{name}.version"] = found(session().scalar(version))


@dataclass
class Stage:
    """All that steps are played with: the world, what has been told of every story, the end of time, and pictures."""

    world: World
    end: datetime
    pictures: Path
    told: dict[str, Told] = field(default_factory=dict)

    def given(self, told: Told, command: Command, step: Step) -> dict[str, Any]:
        """Return what a step gives to a command, as its signature wants it."""
        hints = _hints(command)
        return {key: self._value(told, value, hints[key]) for key, value in step.items() if key not in AROUND}

    def _value(self, told: Told, value: Any, hint: Any) -> Any:
        if isinstance(value, list):
            return [self._value(told, each, hint) for each in value]
        if not isinstance(value, str):
            return value
        kinds = [kind for kind in (hint, *get_args(hint)) if isclass(kind)]
        if datetime in kinds:
            return moment_of(value, self.end)
        for kind in kinds:
            if issubclass(kind, StrEnum):
                return kind(value)
        return self.meant(told, value) if value[:1] in {"@", "#", "%"} else value

    def meant(self, told: Told, name: str) -> int:
        """Return the id of what is meant by a name with its sign."""
        sign, name = name[0], name[1:]
        if sign == "#":
            return self.world.organizations[name]
        if sign == "%":
            return self.world.duties[name]
        if sign == "~":
            query = select(Task.id).where(Task.problem_id == told.problem_id, Task.title == name)
            return found(session().scalar(query))
        return told.made[name]

    def person(self, community: str, who: str) -> int:
        """Return one of the cast by key, or a neighbour by building and order: ``3#4``."""
        building, mark, index = who.partition("#")
        return self.world.neighbours[community, building][int(index)] if mark else self.world.people[who]


@cache
def _hints(command: Command) -> dict[str, Any]:
    return get_type_hints(command)
