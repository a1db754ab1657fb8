"""The tasks of a problem as its dossier shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from cogov.ground.refusals import Refusal
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.tasks.models import Task
from cogov.tasks.queries.cards import TaskShown, cards
from cogov.tasks.queries.counting import minutes_worked, open_tasks
from cogov.tasks.rules import PAGE_SIZE, why_not_open
from cogov.threads.queries import Window, window


@dataclass(frozen=True)
class TasksPanel:
    """A page of a problem's tasks, how many are open, what was worked, and why the reader may open none."""

    tasks: Window[TaskShown]
    open: int
    minutes: int
    exact_times: bool
    why_not_open: Refusal | None


def panel(by: Actor, problem: Problem, *, before: int | None = None, after: int | None = None) -> TasksPanel:
    """Return the tasks of a problem as a reader sees them, the oldest page first."""
    code = place_by_id(problem.grid_id or problem.community_id).code
    query = select(Task).where(Task.problem_id == problem.id)
    rows = window(query, Task.id, size=PAGE_SIZE, before=before, after=after)
    return TasksPanel(
        rows.of(cards(by, rows.items)),
        open_tasks(problem.id),
        minutes_worked(problem.id),
        exact_times=by.inside(code),
        why_not_open=why_not_open(by, code, problem.stage, hidden=problem.hidden),
    )
