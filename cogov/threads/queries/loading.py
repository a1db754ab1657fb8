"""Single messages, concerns and solutions for somebody; who may not see the problem finds nothing."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Prepared
from cogov.journal.kept import Of, kept
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import Held, problem_by_id
from cogov.problems.rules.stages import Stage
from cogov.threads.models import Message, Solution
from cogov.threads.rules.speaking import Dossier


def dossier_of(problem: Problem | Held) -> Dossier:
    """Return what the rules need to know of a problem; its code is that of the grid, where it lies in one."""
    code = problem.code if isinstance(problem, Held) else _code(problem.grid_id or problem.community_id)
    return Dossier(code, ended=problem.stage is Stage.ENDED, hidden=problem.hidden)


def _code(place_id: int) -> str:
    return kept(("code", place_id), lambda: found(_CODE.one_or_none({"place": place_id})), of=Of.REGISTERS)


_CODE = Prepared(select(Place.code).where(Place.id == bindparam("place", type_=Id)), str)
"""Asked with each act in a thread."""


def message_for(by: Actor, message_id: int) -> tuple[Message, Problem]:
    """Return a message with its problem."""
    message = found(session().get(Message, message_id))
    return message, problem_by_id(by, message.problem_id)


def solution_for(by: Actor, solution_id: int) -> tuple[Solution, Problem]:
    """Return a solution with its problem."""
    solution = found(session().get(Solution, solution_id))
    return solution, problem_by_id(by, solution.problem_id)
