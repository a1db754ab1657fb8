"""What was declared fixed is not put to a vote, unless the law gives that vote to the owners."""

from __future__ import annotations

from cogov.decisions.rules.law import DecisionRule, Force
from cogov.ground.refusals import Refusal
from cogov.problems.queries import last_leeway
from cogov.problems.rules.leeway import why_not_decide_on


def why_not_fixed(problem_id: int, rule: DecisionRule | None) -> Refusal | None:
    """Say why nothing is decided about a topic that cannot be changed; None is a way that no law prescribes.

    A vote that binds is one that the law gives: no declaration takes it from those who have it.
    """
    declared = last_leeway(problem_id)
    if declared is None:
        return None
    statutory = rule is not None and rule.force is Force.BINDING
    return why_not_decide_on(declared.room, declared.reason, statutory=statutory)
