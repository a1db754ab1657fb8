"""What keeps a deliberation from being concluded: matters that rooms above this one hold open.

Motions, votes and concerns belong to rooms that import this one, so it cannot ask them; and no reaction of the loop
could undo a conclusion that has been told. So the assembly registers here, once, who is asked before it: each gate
gets the id of the problem, whose row the command has locked, and returns what is still open, or None.
"""

from __future__ import annotations

from collections.abc import Callable

from cogov.ground.refusals import Refusal
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage

Gate = Callable[[int], Refusal | None]

open_matters: list[Gate] = []


def forbid_conclusion(gate: Gate) -> None:
    """Ask this gate before a deliberation is concluded; registering it again changes nothing."""
    if gate not in open_matters:
        open_matters.append(gate)


def open_matter(problem: Problem) -> Refusal | None:
    """Return the first matter that is still open; one that is not deliberated has nothing to conclude."""
    if problem.stage is not Stage.GATHERING:
        return None
    return next((refusal for gate in open_matters if (refusal := gate(problem.id)) is not None), None)
