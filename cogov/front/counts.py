"""How much hangs on one problem, for the tabs and the margin of its dossier, in one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select, union

from cogov.cases.models import Case
from cogov.decisions.models import Decision, Motion
from cogov.decisions.rules.stages import MotionState
from cogov.ground.db import session
from cogov.journal.kept import kept
from cogov.journal.models import JournalEntry
from cogov.journal.reading import public_kinds
from cogov.opinion.models import Statement
from cogov.opinion.rules.stages import StatementState
from cogov.tasks.models import Task
from cogov.tasks.rules import TaskState
from cogov.threads.models import Concern, Message, Solution
from cogov.threads.rules.concerns import ConcernState


@dataclass(frozen=True)
class Counts:
    """How many of each there are; ``speakers`` are persons, each once; ``latest`` numbers the last public entry."""

    messages: int
    speakers: int
    concerns: int
    open_concerns: int
    solutions: int
    decisions: int
    motions: int
    tasks: int
    free_tasks: int
    cases: int
    statements: int
    latest: int


def counts_of(problem_id: int) -> Counts:
    """Return how much hangs on a problem."""
    return kept(("counts", problem_id), lambda: _counts(problem_id), of=problem_id)


def _counts(problem_id: int) -> Counts:
    concerns = _of(Concern, problem_id)
    tasks = _of(Task, problem_id)
    motions = _of(Motion, problem_id).where(Motion.state.in_((MotionState.MOVED, MotionState.TABLED)))
    free = tasks.where(Task.state == TaskState.OPEN, Task.taken < Task.slots)
    queries = [
        _of(Message, problem_id),
        _speakers(problem_id),
        concerns,
        concerns.where(Concern.state == ConcernState.OPEN),
        _of(Solution, problem_id),
        _of(Decision, problem_id),
        motions,
        tasks,
        free,
        _of(Case, problem_id),
        _of(Statement, problem_id).where(Statement.state == StatementState.SHOWN),
        select(func.coalesce(func.max(JournalEntry.number), 0)).where(
            JournalEntry.problem_id == problem_id, JournalEntry.kind.in_(public_kinds())
        ),
    ]
    row = session().execute(select(*(query.scalar_subquery() for query in queries))).one()
    return Counts(*(int(value) for value in row))


Counted = (
    type[Message]
    | type[Concern]
    | type[Solution]
    | type[Decision]
    | type[Motion]
    | type[Task]
    | type[Case]
    | type[Statement]
)


def _of(model: Counted, problem_id: int) -> Select[int]:
    return select(func.count()).select_from(model).where(model.problem_id == problem_id)


def _speakers(problem_id: int) -> Select[int]:
    spoke = union(
        *(select(model.person_id).where(model.problem_id == problem_id) for model in (Message, Concern, Solution))
    ).subquery("spoke")
    return select(func.count()).select_from(spoke)
