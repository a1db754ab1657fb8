"""The board of a community: four columns of tasks with their counts, and the promises that organizations kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.kept import kept
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.queries.cards import TaskShown, cards
from cogov.tasks.rules import PAGE_SIZE, PER_COLUMN, BoardColumn, ClaimState, TaskState
from cogov.threads.queries import Window, window

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Narrowed:
    """To which tasks the board is narrowed: those of one grid, those that begin within a week."""

    grid_id: int | None = None
    this_week: bool = False


@dataclass(frozen=True)
class Board:
    """How many tasks each column holds, and the newest of them."""

    counts: Mapping[BoardColumn, int]
    columns: Mapping[BoardColumn, tuple[TaskShown, ...]]


@dataclass(frozen=True)
class Kept:
    """What an organization promised at a place: claims done, those settled either way, given back, minutes verified."""

    name: str
    done: int
    settled: int
    returned: int
    minutes: int


_FULL = and_(Task.state == TaskState.OPEN, Task.taken == Task.slots)
_WAITS = exists().where(Claim.task_id == Task.id, Claim.state == ClaimState.HANDED_IN).correlate(Task)

_STANDS: dict[BoardColumn, ColumnElement[bool]] = {
    BoardColumn.OPEN: and_(Task.state == TaskState.OPEN, Task.taken < Task.slots),
    BoardColumn.DOING: and_(_FULL, ~_WAITS),
    BoardColumn.CHECKING: and_(_FULL, _WAITS),
    BoardColumn.DONE: Task.state == TaskState.DONE,
}


def _tasks(by: Actor, community_id: int | None, narrowed: Narrowed) -> Select[Task]:
    query = (
        select(Task)
        .join(Problem, Task.problem_id == Problem.id)
        .where(Task.community_id == community_id, Task.state != TaskState.CANCELLED, seen_by(by))
    )
    if narrowed.grid_id is not None:
        query = query.where(Problem.grid_id == narrowed.grid_id)
    if narrowed.this_week:
        at = now()
        query = query.where(Task.starts_at >= at, Task.starts_at < at + SOON)
    return query


def board(by: Actor, community_id: int | None, narrowed: Narrowed) -> Board:
    """Return the board as a reader sees it, in four queries however many tasks there are."""
    stands = case(*((holds, each.value) for each, holds in _STANDS.items()), else_="")
    ranked = (
        _tasks(by, community_id, narrowed)
        .where(stands != "")
        .with_only_columns(
            Task.id,
            stands.label("stands"),
            func.count().over(partition_by=stands).label("counted"),
            func.row_number().over(partition_by=stands, order_by=Task.id.desc()).label("place"),
        )
        .subquery()
    )
    newest = (
        select(Task, ranked.c.stands, ranked.c.counted)
        .join(ranked, Task.id == ranked.c.id)
        .where(ranked.c.place <= PER_COLUMN)
        .order_by(Task.id.desc())
    )
    rows = session().execute(newest).all()
    shown = {task.id: task for task in cards(by, [row[0] for row in rows])}
    counts = {column: int(counted) for _, column, counted in rows}
    columns = {each: tuple(shown[task.id] for task, column, _ in rows if column == each) for each in _STANDS}
    return Board({each: counts.get(each, 0) for each in _STANDS}, columns)


def column(
    by: Actor,
    community_id: int | None,
    which: BoardColumn,
    narrowed: Narrowed,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Window[TaskShown]:
    """Return a page of one column, ascending by id with the newest page first."""
    query = _tasks(by, community_id, narrowed).where(_STANDS[which])
    rows = window(query, Task.id, size=PAGE_SIZE, before=before, after=after, newest=True)
    return rows.of(cards(by, rows.items))


def promises_kept(community_id: int | None) -> list[Kept]:
    """Return what organizations promised at a place and how it came out; persons are never compared."""
    return kept(("promises", community_id), lambda: _promises(community_id))


def _promises(community_id: int | None) -> list[Kept]:
    worked = (
        select(HandIn.claim_id, func.sum(HandIn.minutes).label("minutes"))
        .where(HandIn.accepted.is_(True))
        .group_by(HandIn.claim_id)
        .subquery()
    )
    done = func.sum(case((Claim.state == ClaimState.VERIFIED, 1), else_=0))
    returned = func.sum(case((Claim.state == ClaimState.RETURNED, 1), else_=0))
    query = (
        select(Organization.name, done, done + returned, returned, func.coalesce(func.sum(worked.c.minutes), 0))
        .join(Claim, Claim.organization_id == Organization.id)
        .join(Task, Claim.task_id == Task.id)
        .outerjoin(worked, worked.c.claim_id == Claim.id)
        .where(Task.community_id == community_id)
        .group_by(Organization.id, Organization.name)
        .having(done + returned > 0)
        .order_by(done.desc(), Organization.id)
        .limit(PAGE_SIZE)
    )
    return [Kept(name, *map(int, counts)) for name, *counts in session().execute(query)]
