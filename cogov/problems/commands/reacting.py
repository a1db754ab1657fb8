"""What the loop tells a problem about its decisions, tasks and case; none of it moves a problem that has ended."""

from __future__ import annotations

from cogov.ground.clock import now
from cogov.journal.transaction import verb
from cogov.people.rules import Actor
from cogov.problems.commands.moving import move
from cogov.problems.commands.triaging import triage_anew
from cogov.problems.models import Problem
from cogov.problems.queries import locked
from cogov.problems.rules.stages import Official, Stage

_TALKING = frozenset({Stage.GATHERING, Stage.DECIDING})


def _step(problem_id: int, before: frozenset[Stage], stage: Stage) -> Problem:
    problem = locked(problem_id)
    if problem.stage in before:
        move(problem, stage)
    return problem


@verb
def note_deciding(by: Actor, problem_id: int) -> None:
    """A voting notice is out."""
    _step(problem_id, frozenset({Stage.GATHERING, Stage.ACTING, Stage.OFFICIAL}), Stage.DECIDING)


@verb
def note_gathering(by: Actor, problem_id: int) -> None:
    """A vote did not pass, or every task was called off: people deliberate again."""
    _step(problem_id, frozenset({Stage.DECIDING, Stage.ACTING}), Stage.GATHERING)


@verb
def note_acting(by: Actor, problem_id: int) -> None:
    """A resolution passed: it is now carried out."""
    _step(problem_id, _TALKING | {Stage.OFFICIAL}, Stage.ACTING)


@verb
def note_case_open(by: Actor, problem_id: int, body_id: int | None = None) -> None:
    """A case was opened or reopened; who answers is told when it is dispatched."""
    problem = locked(problem_id)
    problem.official, problem.changed_at = Official.OPEN, now()


@verb
def note_case_closed(by: Actor, problem_id: int) -> None:
    """The official side is done."""
    problem = locked(problem_id)
    problem.official, problem.changed_at = Official.CLOSED, now()


@verb
def note_accountable(by: Actor, problem_id: int, organization_id: int) -> None:
    """Another organization answers for the problem from now on."""
    problem = locked(problem_id)
    if problem.stage is Stage.ENDED:
        return
    problem.accountable_id, problem.changed_at = organization_id, now()


@verb
def note_rework(by: Actor, problem_id: int) -> None:
    """An inspection sent the handling back; triage of the same matter here counts it."""
    problem = locked(problem_id)
    problem.rework += 1
    problem.changed_at = now()


@verb
def return_to_triage(by: Actor, problem_id: int) -> None:
    """The body refused the case: a person triages again, unless the residents' side is already bound."""
    problem = locked(problem_id)
    problem.official, problem.changed_at = Official.NONE, now()
    if problem.stage in (Stage.OFFICIAL, Stage.GATHERING):
        triage_anew(by, problem, after_refusal=True)
