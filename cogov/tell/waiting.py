"""What waits for one person in all rooms, each with the problem it belongs to, as mail and calendars say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from cogov.cases import queries as cases
from cogov.cases.models import Case
from cogov.decisions import queries as decisions
from cogov.decisions.models import Decision, Motion, Resolution
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.needs import Need
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems import queries as problems
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.tasks import queries as tasks
from cogov.tasks.models import Task
from cogov.threads import queries as threads

MOST = 200


@dataclass(frozen=True)
class Matter:
    """A problem as it may be named outside the platform; of one that not everybody may see, nothing but that it is."""

    id: int
    number: str
    title: str
    place: str
    hidden: bool

    @property
    def named(self) -> str:
        """Its title, or that it cannot be said here."""
        return gettext("一件不公开的事") if self.hidden else self.title

    @property
    def url(self) -> str:
        """Where it is read, in full."""
        return url_for("front.dossier", number=self.number, _external=True)


@dataclass(frozen=True)
class Waits:
    """What waits for a person, and the problem it belongs to."""

    need: Need
    matter: Matter

    @property
    def title(self) -> str:
        """What it is about, as it may be said outside."""
        return self.matter.named if self.matter.hidden else self.need.title

    @property
    def url(self) -> str:
        """Where it is done, in full."""
        return url_for(self.need.endpoint, **self.need.values, _external=True)

    @property
    def uid(self) -> str:
        """What tells it from every other, always alike: the name of its deadline in calendars."""
        parts = (f"{name.strip('_')}-{value}" for name, value in sorted(self.need.values.items()))
        return "-".join((self.need.kind, *parts))


def waiting_for(by: Actor) -> list[Waits]:
    """Return what waits for a person now, the next due first; only about problems that exist for them."""
    found = [need for room in (problems, threads, decisions, tasks, cases) for need in room.needs(by, MOST)]
    problem_ids = _problems_of(found)
    matters = matters_of(by, problem_ids.values())
    waits = [Waits(need, matters[id_]) for n, need in enumerate(found) if (id_ := problem_ids.get(n)) in matters]
    return sorted(waits, key=lambda each: (each.need.due_at is None, each.need.due_at or now()))


def matters_of(by: Actor, problem_ids: Iterable[int]) -> dict[int, Matter]:
    """Return the problems that exist for a reader, by id."""
    grid = aliased(Place)
    query = (
        select(Problem.id, Problem.number, Problem.title, Place.name, grid.name, Problem.hidden)
        .join(Place, Problem.community_id == Place.id)
        .outerjoin(grid, Problem.grid_id == grid.id)
        .where(Problem.id.in_(set(problem_ids)), seen_by(by))
    )
    return {
        id_: Matter(id_, number, title, " · ".join(filter(None, (place, part))), hidden)
        for id_, number, title, place, part, hidden in session().execute(query)
    }


# Needs say where something is done, by the number of a problem, a decision, a task …; here is the problem of each.
_THROUGH: Mapping[str, tuple[InstrumentedAttribute[Any], InstrumentedAttribute[int]]] = {
    "number": (Problem.number, Problem.id),
    "decision_id": (Decision.id, Decision.problem_id),
    "motion_id": (Motion.id, Motion.problem_id),
    "task_id": (Task.id, Task.problem_id),
    "case_id": (Case.id, Case.problem_id),
}


def _problems_of(needs: list[Need]) -> dict[int, int]:
    """Return the problem of each need by the need's place in the list, in one query for each kind of number."""
    found: dict[int, int] = {}
    for name, (key, problem) in _THROUGH.items():
        wanted = {n: need.values[name] for n, need in enumerate(needs) if name in need.values}
        if wanted:
            query = select(key, problem).where(key.in_(set(wanted.values())))
            rows: dict[Any, int] = dict(session().execute(query).all())
            found |= {n: rows[value] for n, value in wanted.items() if value in rows}
    return found | _of_resolutions(needs)


def _of_resolutions(needs: list[Need]) -> dict[int, int]:
    wanted = {n: need.values["resolution_id"] for n, need in enumerate(needs) if "resolution_id" in need.values}
    if not wanted:
        return {}
    query = select(Resolution.id, Decision.problem_id).join(Decision, Resolution.decision_id == Decision.id)
    rows: dict[int, int] = dict(session().execute(query.where(Resolution.id.in_(set(wanted.values())))).all())
    return {n: rows[value] for n, value in wanted.items() if value in rows}


def still_to_come(waits: Iterable[Waits], at: datetime) -> list[Waits]:
    """Return what has a deadline that lies ahead."""
    return [each for each in waits if each.need.due_at is not None and each.need.due_at > at]
