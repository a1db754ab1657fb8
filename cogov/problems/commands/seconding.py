"""Having met it too: one second per person, households counted once, both counters kept in the same transaction."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.prepared import Adding
from cogov.ground.refusals import insist
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import Actor
from cogov.places.queries import household_of
from cogov.problems.commands.moving import count, note
from cogov.problems.events import ProblemSeconded, SecondWithdrawn
from cogov.problems.models import Problem, Second
from cogov.problems.queries import (
    Held,
    counted_seconds,
    held_for_change,
    joining_facts,
    locked,
    miscounts,
    problem_for_change,
)
from cogov.problems.rules.acts import already_seconded, why_not_second, why_not_unsecond


@verb
def second_problem(by: Actor, number: str, *, once: str | None = None) -> Held:
    """Say that one has met the problem too, and return it with its new counts."""
    problem = held_for_change(by, number)
    insist(why_not_second(by, joining_facts(by, problem)))
    insist_once(by, once)
    add_second(by, problem, found(by.person_id))
    return problem


def add_second(by: Actor, problem: Problem | Held, person_id: int) -> None:
    """Add a second under the problem's lock and count again; the schema has the last word."""
    second = {
        "problem_id": problem.id,
        "person_id": person_id,
        "unit_id": household_of(person_id, problem.community_id),
        "at": now(),
    }
    with unless_taken(already_seconded()):
        second_id = _ADD.run(**second)
    count(problem)
    note(ProblemSeconded(second_id), by, problem)


_ADD = Adding(Second)


@verb
def unsecond_problem(by: Actor, number: str, *, once: str | None = None) -> Problem:
    """Take back one's own second, and return the problem with its new counts."""
    problem = problem_for_change(by, number)
    insist(why_not_unsecond(by, joining_facts(by, problem)))
    insist_once(by, once)
    second = (
        session().scalars(select(Second).where(Second.problem_id == problem.id, Second.person_id == by.person_id)).one()
    )
    second_id = second.id
    session().delete(second)
    session().flush()
    count(problem)
    note(SecondWithdrawn(second_id), by, problem)
    return problem


@verb
def recount() -> list[str]:
    """Set wrong counters right and return the numbers of the problems that had them (``cogov check``)."""
    repaired = []
    for problem_id, number, _, _ in miscounts():
        problem = locked(problem_id)
        problem.seconds, problem.households = counted_seconds(problem_id)
        repaired.append(number)
    return repaired
