"""Who follows which dossier: those who are on it, unless they said otherwise, and those who said so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, false, null, select, union, union_all

from cogov.ground.db import Id, session
from cogov.people.rules import Actor
from cogov.problems.models import DossierName, Following, Problem, Raiser, Second
from cogov.problems.queries.loading import Person, seen_by
from cogov.problems.rules.following import FollowLevel

PAGE = 20


@dataclass(frozen=True)
class Followed:
    """A dossier that a person follows, for their own list."""

    problem_id: int
    number: str
    title: str
    level: FollowLevel
    changed_at: datetime


def followed_by(by: Actor) -> ColumnElement[bool]:
    """Return the condition under which a person follows a problem, to be joined to any query over problems."""
    if by.person_id is None:
        return false()
    return followed_of(by.person_id)


def followed_of(person: Person) -> ColumnElement[bool]:
    """Return the condition of ``followed_by`` for a person, or for whom a parameter will name."""
    # What one said is found first: a condition that may be true of any problem would be asked of every one.
    said = _at(person, FollowLevel.ALL, FollowLevel.NEEDS)
    return Problem.id.in_(_on(person, said)) & Problem.id.not_in(_at(person, FollowLevel.NONE))


def followed(by: Actor, *, before_id: int | None = None, limit: int = PAGE) -> list[Followed]:
    """Return the dossiers a person follows and may see, the newest problem first, those before an id."""
    if by.person_id is None:
        return []
    level = (
        select(Following.level)
        .where(Following.problem_id == Problem.id, Following.person_id == by.person_id)
        .correlate(Problem)
        .scalar_subquery()
    )
    query = select(Problem.id, Problem.number, Problem.title, level, Problem.changed_at).where(
        followed_by(by), seen_by(by)
    )
    if before_id is not None:
        query = query.where(Problem.id < before_id)
    rows = session().execute(query.order_by(Problem.id.desc()).limit(limit))
    return [
        Followed(id_, number, title, level or FollowLevel.ALL, changed_at)
        for id_, number, title, level, changed_at in rows
    ]


def level_of(by: Actor, problem_id: int) -> FollowLevel:
    """Return how much a person hears of a dossier."""
    return levels_of(by, [problem_id])[problem_id]


def levels_of(by: Actor, problem_ids: Iterable[int]) -> dict[int, FollowLevel]:
    """Return how much a person hears of each dossier, in one query."""
    wanted = sorted(set(problem_ids))
    levels = dict.fromkeys(wanted, FollowLevel.NONE)
    if by.person_id is None or not wanted:
        return levels
    rows = session().execute(_LEVELS, {"me": by.person_id, "wanted": wanted}).all()
    levels |= {problem_id: FollowLevel.ALL for problem_id, level in rows if level is None}
    return levels | {problem_id: FollowLevel(level) for problem_id, level in rows if level is not None}


def _at(person_id: Person, *levels: FollowLevel) -> Select[int]:
    return select(Following.problem_id).where(Following.person_id == person_id, Following.level.in_(levels))


def _on(person_id: Person, *others: Select[int]) -> Select[int]:
    """Return the problems a person is on: raised, met or spoken about under a name there; and those of others."""
    on = union(
        select(Raiser.problem_id).where(Raiser.person_id == person_id),
        select(Second.problem_id).where(Second.person_id == person_id),
        select(DossierName.problem_id).where(DossierName.person_id == person_id),
        *others,
    ).subquery("on_dossier")
    return select(on.c.problem_id)


def _levels() -> CompoundSelect[*tuple[Any, ...]]:
    me, wanted = bindparam("me", type_=Id), bindparam("wanted", type_=Id, expanding=True)
    said = select(Following.problem_id, Following.level).where(
        Following.person_id == me, Following.problem_id.in_(wanted)
    )
    # Who never said anything hears everything of the dossiers they are on.
    on = select(Problem.id, null()).where(Problem.id.in_(wanted), Problem.id.in_(_on(me)))
    return union_all(on, said)


_LEVELS = _levels()
"""Asked for each dossier, so it is put together once."""
