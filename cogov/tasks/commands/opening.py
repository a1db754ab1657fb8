"""Opening tasks, by hand or from a resolution, and calling them off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.decisions.models import Decision, Motion, PlannedTask, Resolution
from cogov.duties.commands import stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.meetings.commands import follow_up
from cogov.meetings.rules.kinds import FollowUp
from cogov.people.rules import Actor
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_for_change
from cogov.problems.rules.stages import Stage
from cogov.tasks.commands.locking import code_of, complete, locked_task, record_on, waiting
from cogov.tasks.events import TaskCancelled, TaskOpened
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import (
    OPENS,
    REPORT_LENGTH,
    SPOT_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    ClaimState,
    TaskState,
    why_not_cancel,
    why_not_open,
    why_not_plan,
)


@verb
def open_task(
    by: Actor,
    number: str,
    *,
    title: str,
    text: str = "",
    slots: int = 1,
    days: int = 14,
    meeting_point: str = "",
    starts_at: datetime | None = None,
    meeting_motion: int | None = None,
    once: str | None = None,
) -> Task:
    """Open a task for claiming: what is to be done, how many are needed, how long a claim is kept.

    ``meeting_motion`` is the motion of a meeting that was carried on the problem and that the task follows from.
    """
    insist_once(by, once)
    problem = problem_for_change(by, number)
    code = code_of(problem)
    insist(why_not_open(by, code, problem.stage, hidden=problem.hidden))
    opener = by.under(by.standing(code, *OPENS))
    insist(why_not_plan(slots=slots, days=days, longest=setting(code, Setting.CLAIM_DAYS)))
    title, text, meeting_point = tidy(title), tidy(text), tidy(meeting_point)
    insist(why_not_wording(title, longest=TITLE_LENGTH, what=say("任务名称")))
    insist(why_not_wording(text, longest=TEXT_LENGTH, least=0, what=say("任务说明")))
    insist(why_not_wording(meeting_point, longest=SPOT_LENGTH, least=0, what=say("集合地点")))
    task = _task(problem, title, text, slots, days)
    task.meeting_point, task.starts_at = meeting_point, starts_at
    task.organization_id, task.opened_by = found(opener.organization_id), opener.person_id
    task.opened_under = opener.acting.id if opener.acting else None
    _add(opener, task, problem)
    if meeting_motion is not None:
        follow_up(opener, meeting_motion, problem_id=problem.id, kind=FollowUp.TASK, subject_id=task.id)
    return task


@verb
def open_planned(by: Actor, resolution_id: int) -> list[Task]:
    """Open the tasks that a passed motion planned, once; they are answered for by whoever tabled the motion."""
    problem_id = found(session().scalar(select(Resolution.problem_id).where(Resolution.id == resolution_id)))
    problem = locked(problem_id)
    opened = session().scalar(select(Task.id).where(Task.resolution_id == resolution_id).limit(1))
    if opened is not None or problem.stage is Stage.ENDED:
        return []
    query = (
        select(Motion, PlannedTask)
        .join(PlannedTask, PlannedTask.motion_id == Motion.id)
        .join(Decision, Decision.motion_id == Motion.id)
        .join(Resolution, Resolution.decision_id == Decision.id)
        .where(Resolution.id == resolution_id)
        .order_by(PlannedTask.id)
    )
    tasks = []
    for motion, planned in session().execute(query):
        task = _task(problem, planned.title, planned.text, planned.slots, planned.days)
        task.resolution_id = resolution_id
        task.organization_id = motion.tabled_for or motion.organization_id or problem.accountable_id
        _add(by, task, problem)
        tasks.append(task)
    return tasks


def _task(problem: Problem, title: str, text: str, slots: int, days: int) -> Task:
    return Task(
        problem_id=problem.id,
        community_id=problem.community_id,
        title=title,
        text=text,
        salt=salt(),
        slots=slots,
        days=days,
        state=TaskState.OPEN,
        opened_at=now(),
    )


def _add(by: Actor, task: Task, problem: Problem) -> None:
    session().add(task)
    session().flush()
    words = commit_to(task.salt, task.title, task.text)
    record(
        TaskOpened(task.id, task.slots, task.resolution_id, words),
        by,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("task", task.id),
    )


@verb
def cancel_task(by: Actor, task_id: int, *, reason: str, once: str | None = None) -> Task:
    """Call a task off with a reason; claims that were still worked on are released, verified work stays."""
    insist_once(by, once)
    where = locked_task(by, task_id)
    task = where.task
    organization_id = task.organization_id
    insist(why_not_cancel(by, where.code, task.state, organization_id=organization_id, waiting=waiting(task)))
    reason = tidy(reason)
    insist(why_not_wording(reason, longest=REPORT_LENGTH, what=say("取消的原因")))
    canceller = by.under(by.serves(organization_id))
    _release(task)
    task.state, task.ended_at, task.cancelled_by = TaskState.CANCELLED, now(), by.person_id
    task.cancel_words, task.cancel_salt = reason, salt()
    record_on(TaskCancelled(task.id, commit_to(task.cancel_salt, reason)), canceller, where)
    complete(canceller, where)
    return task


@verb
def call_off_planned(by: Actor, resolution_id: int, *, reason: str) -> None:
    """Call off what a resolution planned and nobody has done yet, since the resolution has no effect any more."""
    planned = select(Task.id).where(Task.resolution_id == resolution_id, Task.state == TaskState.OPEN)
    for task_id in list(session().scalars(planned.order_by(Task.id))):
        where = locked_task(by, task_id)
        task = where.task
        _release(task)
        task.state, task.ended_at = TaskState.CANCELLED, now()
        task.cancel_words, task.cancel_salt = reason, salt()
        record_on(TaskCancelled(task.id, commit_to(task.cancel_salt, reason)), by, where)


def _release(task: Task) -> None:
    active = select(Claim).where(Claim.task_id == task.id, Claim.state == ClaimState.ACTIVE)
    for claim in session().scalars(for_change(active)).all():
        claim.state, claim.returned_at = ClaimState.RETURNED, now()
        task.taken -= 1
        stop_clock(Purpose.CLAIM, claim.id)
