"""Tasks as cards: in the list of a community, on a dossier, on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, false, func, select
from sqlalchemy.orm import aliased

from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.people.queries import organization_names
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, seen_by
from cogov.tasks.models import Claim, Task
from cogov.tasks.queries.waiting import to_verify
from cogov.tasks.rules import PAGE_SIZE, ClaimState, Filter, TaskState, Work, claiming_for, why_not_claim
from cogov.threads.queries import Window, window


@dataclass(frozen=True)
class TaskShown:
    """A task with its source, its slots and what the reader may do."""

    id: int
    title: str
    text: str
    state: TaskState
    slots: int
    taken: int
    done: int
    days: int
    starts_at: datetime | None
    meeting_point: str
    opened_at: datetime
    organization_name: str
    problem_id: int
    problem_number: str
    problem_title: str
    code: str
    from_resolution: bool
    cancel_words: str
    mine: ClaimState | None
    my_claim_id: int | None
    my_due_at: datetime | None
    claiming_for: str
    """Name of the organization for which a claim would be made now, empty for oneself."""
    why_not_claim: Refusal | None
    waiting: int = 0
    """How many pieces of work were handed in and wait to be verified."""

    @property
    def free(self) -> int:
        """Return how many slots are still free."""
        return self.slots - self.taken


def _located() -> Select[Task]:
    return (
        select(Task)
        .join(Problem, Task.problem_id == Problem.id)
        .join(Place, Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
    )


def listed(
    by: Actor, community_id: int | None, which: Filter, *, before: int | None = None, after: int | None = None
) -> Window[TaskShown]:
    """Return a page of tasks, ascending by id with the newest page first: open here, one's own, or to verify."""
    query = _located().where(seen_by(by))
    match which:
        case Filter.OPEN:
            query = query.where(Task.community_id == community_id, Task.state == TaskState.OPEN)
        case Filter.MINE:
            own = exists().where(
                Claim.task_id == Task.id, Claim.person_id == by.person_id, Claim.state != ClaimState.RETURNED
            )
            query = query.where(own)
        case Filter.VERIFY:
            query = query.where(exists().where(Claim.task_id == Task.id, to_verify(by)).correlate(Task, Problem, Place))
    rows = window(query, Task.id, size=PAGE_SIZE, before=before, after=after, newest=True)
    return rows.of(cards(by, rows.items))


def task_for(by: Actor, task_id: int) -> tuple[Task, Problem]:
    """Return a task with its problem; who may not see the problem finds no task."""
    task = found(session().get(Task, task_id))
    return task, problem_by_id(by, task.problem_id)


@dataclass(frozen=True)
class _Beside:
    """What stands beside a task: its problem with the code of the place, the reader's claim, and work that waits."""

    problem: Problem
    code: str
    mine: Claim | None
    waiting: int


def cards(by: Actor, tasks: Sequence[Task]) -> list[TaskShown]:
    """Return tasks as a reader sees them, in two queries."""
    beside = _beside(by, [task.id for task in tasks])
    organizations = organization_names(task.organization_id for task in tasks)
    return [_shown(by, task, beside[task.id], organizations[task.organization_id].name) for task in tasks]


def _beside(by: Actor, task_ids: list[int]) -> dict[int, _Beside]:
    if not task_ids:
        return {}
    waiting = select(func.count()).where(Claim.task_id == Task.id, Claim.state == ClaimState.HANDED_IN)
    mine = aliased(Claim)
    own = and_(mine.task_id == Task.id, mine.person_id == by.person_id, mine.state != ClaimState.RETURNED)
    query = (
        _located()
        .outerjoin(mine, own if by.person_id is not None else false())
        .where(Task.id.in_(task_ids))
        .with_only_columns(Task.id, Problem, Place.code, mine, waiting.correlate(Task).scalar_subquery())
    )
    return {task_id: _Beside(*rest) for task_id, *rest in session().execute(query)}


def _shown(by: Actor, task: Task, beside: _Beside, organization: str) -> TaskShown:
    problem, code, mine = beside.problem, beside.code, beside.mine
    work = Work(code, problem.stage, problem.hidden, task.state, task.slots - task.taken)
    standing = claiming_for(by, code)
    return TaskShown(
        id=task.id,
        title=task.title,
        text=task.text,
        state=task.state,
        slots=task.slots,
        taken=task.taken,
        done=task.done,
        days=task.days,
        starts_at=task.starts_at,
        meeting_point=task.meeting_point,
        opened_at=task.opened_at,
        organization_name=organization,
        problem_id=problem.id,
        problem_number=problem.number,
        problem_title=problem.title,
        code=code,
        from_resolution=task.resolution_id is not None,
        cancel_words=task.cancel_words,
        mine=mine.state if mine else None,
        my_claim_id=mine.id if mine else None,
        my_due_at=mine.due_at if mine else None,
        claiming_for=standing.organization_name if standing else "",
        why_not_claim=why_not_claim(by, work, claimed=mine is not None),
        waiting=beside.waiting,
    )
