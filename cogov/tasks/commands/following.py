"""Having the tasks of a resolution say what the plan of its motion says: covered with it, and again when it stands."""

from __future__ import annotations

from itertools import groupby

from sqlalchemy import select

from cogov.decisions.models import Decision, PlannedTask, Resolution
from cogov.ground.db import for_change, session
from cogov.journal.transaction import verb
from cogov.people.rules import Actor
from cogov.tasks.models import Task


@verb
def follow_plan(_by: Actor, motion_id: int) -> None:
    """Give the tasks that were opened from a motion the words of their plan as it stands now.

    Nobody edits the words of a task, so what they repeat by the letter is all there is to put back.
    """
    planned = select(PlannedTask).where(PlannedTask.motion_id == motion_id).order_by(PlannedTask.id)
    plans = list(session().scalars(planned))
    resolutions = select(Resolution.id).join(Decision).where(Decision.motion_id == motion_id)
    opened_for = select(Task).where(Task.resolution_id.in_(resolutions)).order_by(Task.resolution_id, Task.id)
    tasks = session().scalars(for_change(opened_for)).all()
    for _, opened in groupby(tasks, lambda task: task.resolution_id):
        # They were all opened at once, in the order in which they were planned.
        for task, plan in zip(opened, plans, strict=True):
            task.title, task.text = plan.title, plan.text
