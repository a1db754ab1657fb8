"""The people of a dossier, and why each is on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, literal, select, union_all

from cogov.decisions.models import Motion
from cogov.ground.db import Id, session
from cogov.journal.models import JournalEntry
from cogov.problems.models import Following, Problem, Raiser, Second
from cogov.problems.rules.following import FollowLevel
from cogov.tasks.models import Claim, Task
from cogov.tell.audience.kinds import TO_SOME_ALONE
from cogov.tell.levels import Why
from cogov.threads.models import Concern, Message, Solution

Told = Mapping[Why, set[int]]
Dossiers = Mapping[int, Told]
"""Who is on a dossier and why, by the id of its problem."""


def on_dossiers_of(entries: Iterable[JournalEntry]) -> Dossiers:
    """Return the people of the dossiers of all entries that are told to them, in two queries."""
    of_them = (entry.problem_id for entry in entries if entry.kind not in TO_SOME_ALONE)
    ids = sorted({problem_id for problem_id in of_them if problem_id is not None})
    if not ids:
        return {}
    silent = {(problem, person) for problem, person in session().connection().execute(_QUIET, {"problems": ids})}
    dossiers: dict[int, dict[Why, set[int]]] = {}
    for problem, person, why in session().connection().execute(_ON_DOSSIERS, {"problems": ids}):
        if (problem, person) not in silent:
            dossiers.setdefault(problem, {}).setdefault(Why(why), set()).add(person)
    return dossiers


_PROBLEMS = bindparam("problems", type_=Id, expanding=True)
_QUIET = select(Following.problem_id, Following.person_id).where(
    Following.problem_id.in_(_PROBLEMS), Following.level != FollowLevel.ALL
)


def _on_dossiers() -> CompoundSelect[Any]:
    """Return the query of who is on a dossier; of a hidden one only who raised it."""

    def those(why: Why, problem: Any, person: Any) -> Select[Any]:
        return select(problem, person, literal(why.value)).where(problem.in_(_PROBLEMS)).distinct()

    def public(why: Why, problem: Any, person: Any) -> Select[Any]:
        return those(why, problem, person).join(Problem, Problem.id == problem).where(Problem.hidden.is_(False))

    said = (public(Why.SPOKE, each.problem_id, each.person_id) for each in (Message, Concern, Solution, Motion))
    return union_all(
        those(Why.RAISED, Raiser.problem_id, Raiser.person_id),
        public(Why.MET, Second.problem_id, Second.person_id),
        *said,
        public(Why.CLAIMED, Task.problem_id, Claim.person_id).join(Claim, Claim.task_id == Task.id),
        public(Why.FOLLOWS, Following.problem_id, Following.person_id),
    )


_ON_DOSSIERS = _on_dossiers()
"""Asked for all that was written down since the last look, so it is put together once."""
