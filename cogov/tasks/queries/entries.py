"""What the sentences of the timeline need of this room's rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.event import commit_to
from cogov.journal.reading import Entry
from cogov.tasks.models import HandIn, Task

Facts = Mapping[str, Any]
Told = dict[str, object]


class _Rows:
    """The rows that a page of entries speaks of, one query per table."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        task_ids = {int(each["task"]) for each in facts if "task" in each}
        claim_ids = {int(each["claim"]) for each in facts if "claim" in each and "words" in each}
        tasks = session().scalars(select(Task).where(Task.id.in_(task_ids))) if task_ids else ()
        self.tasks = {task.id: task for task in tasks}
        query = select(HandIn).where(HandIn.claim_id.in_(claim_ids)).order_by(HandIn.id)
        self.handed: dict[int, list[HandIn]] = {}
        for row in session().scalars(query) if claim_ids else ():
            self.handed.setdefault(row.claim_id, []).append(row)


def _task(facts: Facts, rows: _Rows) -> Told:
    task = rows.tasks.get(facts["task"])
    return {"task": facts["task"], "title": task.title if task else ""}


def _opened(facts: Facts, rows: _Rows) -> Told:
    task = rows.tasks.get(facts["task"])
    return {**_task(facts, rows), "slots": facts["slots"], "words": task.text if task else ""}


def _handed_in(facts: Facts, rows: _Rows) -> Told:
    # A claim may have been handed in more than once; the commitment says which words this entry is about.
    of_claim = rows.handed.get(facts["claim"], [])
    row = next((row for row in of_claim if commit_to(row.salt, row.words) == facts["words"]), None)
    return {**_task(facts, rows), "words": row.words if row else "", "minutes": row.minutes if row else None}


def _sent_back(facts: Facts, rows: _Rows) -> Told:
    judged = [row for row in rows.handed.get(facts["claim"], []) if row.verdict_salt]
    words = next((r.verdict_words for r in judged if commit_to(r.verdict_salt, r.verdict_words) == facts["words"]), "")
    return {**_task(facts, rows), "words": words}


def _cancelled(facts: Facts, rows: _Rows) -> Told:
    task = rows.tasks.get(facts["task"])
    return {**_task(facts, rows), "words": task.cancel_words if task else ""}


def _returned(facts: Facts, rows: _Rows) -> Told:
    return {**_task(facts, rows), "by_clock": facts["by_clock"]}


_TELL: dict[str, Callable[[Facts, _Rows], Told]] = {
    "TaskOpened": _opened,
    "TaskClaimed": _task,
    "ClaimReturned": _returned,
    "TaskHandedIn": _handed_in,
    "TaskSentBack": _sent_back,
    "TaskVerified": _task,
    "TaskDone": _task,
    "TasksCompleted": lambda facts, _rows: {"n": facts["tasks"]},
    "TaskCancelled": _cancelled,
}


def details(entries: Sequence[Entry]) -> dict[int, Told]:
    """Return for each entry of this room, by its number, what its sentence needs; others are left out."""
    ours = [entry for entry in entries if entry.kind in _TELL]
    rows = _Rows([entry.facts for entry in ours])
    return {entry.number: _TELL[entry.kind](entry.facts, rows) for entry in ours}
