"""How much is open and how much was worked."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from cogov.ground.db import session
from cogov.problems.models import Problem
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.rules import TaskState


def open_tasks(problem_id: int) -> int:
    """Return how many tasks of a problem are open."""
    query = select(func.count()).select_from(Task)
    return session().scalar(query.where(Task.problem_id == problem_id, Task.state == TaskState.OPEN)) or 0


def minutes_worked(problem_id: int) -> int:
    """Return the minutes of verified work on a problem."""
    query = (
        select(func.sum(HandIn.minutes))
        .join(Claim, HandIn.claim_id == Claim.id)
        .join(Task, Claim.task_id == Task.id)
        .where(Task.problem_id == problem_id, HandIn.accepted.is_(True))
    )
    return int(session().scalar(query) or 0)


def lacking_hands(community_id: int) -> ColumnElement[bool]:
    """Return the condition under which a problem of a community has a task that still waits for somebody."""
    waiting = Task.community_id == community_id, Task.state == TaskState.OPEN, Task.taken < Task.slots
    return Problem.id.in_(select(Task.problem_id).where(*waiting))
