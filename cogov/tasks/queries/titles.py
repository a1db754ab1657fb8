"""What tasks are called and how far they are, for whoever links to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.words import Words, say
from cogov.tasks.models import Task
from cogov.tasks.rules import TaskState


def called(task_ids: Collection[int]) -> Mapping[int, tuple[str, Words]]:
    """Return title and state of some tasks; one query."""
    rows = session().scalars(select(Task).where(Task.id.in_(task_ids)))
    return {row.id: (row.title, _state(row)) for row in rows}


def _state(task: Task) -> Words:
    if task.state is TaskState.DONE:
        return say("已做完")
    if task.state is TaskState.CANCELLED:
        return say("任务已取消")
    return say("要 {n} 人，已认领 {m} 人", n=task.slots, m=task.taken)
