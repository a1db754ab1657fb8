"""Plays stories: one step after the other, each at its moment, by the command that people use for it.

Between two steps the clocks run out that would have run out: votes open and close, what is late is told upwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cogov.demo.stage import Stage, Told, moment_of
from cogov.demo.stories import Step, Story
from cogov.demo.verbs import perform
from cogov.duties.models import RunningClock
from cogov.duties.queries import due_clocks
from cogov.ground.clock import at
from cogov.ground.db import found, session
from cogov.loop import fall_due, work_once
from cogov.people.queries import actor_of
from cogov.people.rules import Actor

FIRST_NIGHT = "-44 02:00"


class Stuck(Exception):
    """A clock that has run out and is not handled: time cannot go on."""


@dataclass(frozen=True)
class Scene:
    """A step at its moment, done by one person; the place in its story keeps those of one moment in order."""

    moment: datetime
    story: str
    place: int
    who: str
    step: Step

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Return what scenes are sorted by."""
        return self.moment, self.story, self.place


def scenes(stage: Stage, stories: tuple[Story, ...]) -> list[Scene]:
    """Return the scenes of all stories in the order of time."""
    of_all: list[Scene] = []
    for story in stories:
        stage.told[story.key] = Told(story.key, story.community)
        of_all += _scenes_of(story, stage.end, _crowd(stage, story.community))
    return sorted(of_all, key=lambda scene: scene.order)


def _crowd(stage: Stage, community: str) -> dict[str, list[str]]:
    return {
        building: [f"{building}#{index}" for index in range(len(those))]
        for (where, building), those in sorted(stage.world.neighbours.items())
        if where == community
    }


def _scenes_of(story: Story, end: datetime, crowd: dict[str, list[str]]) -> Iterator[Scene]:
    """Yield the scenes of a story; a step of many becomes one for each, spread evenly until its own end."""
    place = 0
    for index, step in enumerate(story.steps):
        first = last = min(moment_of(step["at"], end), end)
        whos = [step.get("who", "")]
        if many := step.get("many"):
            whos = _chosen(f"{story.key}:{index}", many, crowd, _named(story, {"raise", step["do"]}))
            last = max(min(moment_of(many["until"], end), end), first)
        for turn, who in enumerate(whos):
            moment = first + timedelta(seconds=int((last - first).total_seconds() * turn / len(whos)))
            yield Scene(moment, story.key, place, who, {**step, "turn": turn})
            place += 1


def _named(story: Story, verbs: set[str]) -> set[str]:
    """Return who does one of these by name, and so is none of the many who do it too."""
    steps = [step for step in story.steps if step["do"] in verbs]
    return {step[key] for step in steps for key in ("who", "on_behalf_of") if key in step}


def _chosen(seed: str, many: dict[str, Any], crowd: dict[str, list[str]], named: set[str]) -> list[str]:
    buildings = many.get("of", list(crowd))
    candidates = [who for building in buildings for who in crowd[building] if who not in named]
    return random.Random(seed).sample(candidates, many["n"])


def play(stage: Stage, in_order: list[Scene], tell: Callable[[], None] = lambda: None) -> None:
    """Play scenes in order, then let time run to the end; every night people are told and the journal is sealed."""
    night = moment_of(FIRST_NIGHT, stage.end)
    for scene in in_order:
        night = _pass_time(night, scene.moment)
        with at(scene.moment):
            _play(stage, scene)
        tell()
    _pass_time(night, stage.end)
    with at(stage.end):
        work_once()


def _pass_time(night: datetime, until: datetime) -> datetime:
    """Let clocks run out and nights pass, each at its own moment; return the next night."""
    while night <= until:
        _run_out(night)
        with at(night):
            work_once()
        night += timedelta(days=1)
    _run_out(until)
    return night


def _run_out(until: datetime) -> None:
    while due := due_clocks(until, 1):
        clock = found(session().get(RunningClock, due[0].id))
        with at(clock.due_at):
            if not fall_due():
                raise Stuck(f"the clock {clock.purpose} of {clock.subject_id} does not fall due")


def _play(stage: Stage, scene: Scene) -> None:
    told = stage.told[scene.story]
    try:
        perform(stage, told, _actor(stage, told, scene), scene.step)
    except Exception as error:
        error.add_note(f"{scene.story} {scene.step}")
        raise


def _actor(stage: Stage, told: Told, scene: Scene) -> Actor:
    actor = actor_of(stage.person(told.community, scene.who))
    acting = scene.step.get("for")
    return replace(actor, acting=actor.serves(stage.world.organizations[acting])) if acting else actor
