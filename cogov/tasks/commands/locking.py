"""Tasks and claims locked for a change, always in the same order: problem, task, claim."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update

from cogov.ground.db import for_change, found, session
from cogov.journal.event import Event
from cogov.journal.transaction import record
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id
from cogov.tasks.events import TasksCompleted
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState, Promise, TaskState, Work


@dataclass(frozen=True)
class Locked:
    """A task with its problem, both locked, and the code of the grid or community where it lies."""

    task: Task
    problem: Problem
    code: str

    @property
    def work(self) -> Work:
        """Return what the rules need to know of the task."""
        task, problem = self.task, self.problem
        return Work(self.code, problem.stage, problem.hidden, task.state, task.slots - task.taken)


def code_of(problem: Problem) -> str:
    """Return the code by which roles are asked: that of the grid, where the problem lies in one."""
    return place_by_id(problem.grid_id or problem.community_id).code


def locked_task(by: Actor, task_id: int) -> Locked:
    """Lock a task that an actor may see; only ids are read before the lock, so what is judged is fresh."""
    problem_id = found(session().scalar(select(Task.problem_id).where(Task.id == task_id)))
    if not by.is_clock:
        problem_by_id(by, problem_id)
    problem = locked(problem_id)
    task = found(session().scalars(for_change(select(Task).where(Task.id == task_id))).one_or_none())
    return Locked(task, problem, code_of(problem))


def locked_claim(by: Actor, claim_id: int) -> tuple[Claim, Locked]:
    """Lock a claim with its task and problem."""
    task_id = found(session().scalar(select(Claim.task_id).where(Claim.id == claim_id)))
    where = locked_task(by, task_id)
    claim = found(session().scalars(for_change(select(Claim).where(Claim.id == claim_id))).one_or_none())
    return claim, where


def promise_of(claim: Claim) -> Promise:
    """Return what the rules need to know of a claim."""
    return Promise(claim.state, claim.person_id, claim.organization_id)


def take_slot(task: Task) -> bool:
    """Take a slot if one is free; the database counts, so no two can take the last one."""
    taken = session().scalar(
        update(Task)
        .where(Task.id == task.id, Task.state == TaskState.OPEN, Task.taken < Task.slots)
        .values(taken=Task.taken + 1)
        .returning(Task.taken)
        .execution_options(synchronize_session=False)
    )
    session().refresh(task)
    return taken is not None


def free_slot(task: Task) -> None:
    """Give a slot back."""
    session().execute(
        update(Task).where(Task.id == task.id).values(taken=Task.taken - 1).execution_options(synchronize_session=False)
    )
    session().refresh(task)


def record_on(event: Event, by: Actor, where: Locked, subject: tuple[str, int] | None = None) -> None:
    """Record an event about a task at its problem."""
    record(
        event,
        by,
        place_id=where.problem.community_id,
        problem_id=where.problem.id,
        subject=subject or ("task", where.task.id),
    )


def complete(by: Actor, where: Locked) -> None:
    """Say that the problem's last open task has ended, if something was done in any of them."""
    session().flush()
    of_problem = select(func.count()).select_from(Task).where(Task.problem_id == where.problem.id)
    if session().scalar(of_problem.where(Task.state == TaskState.OPEN)):
        return
    worked = session().scalar(of_problem.where(Task.done > 0)) or 0
    if worked:
        record_on(TasksCompleted(worked), by, where, ("problem", where.problem.id))


def waiting(task: Task) -> int:
    """Return how many claims of a task wait for verification."""
    query = select(func.count()).select_from(Claim).where(Claim.task_id == task.id)
    return session().scalar(query.where(Claim.state == ClaimState.HANDED_IN)) or 0
