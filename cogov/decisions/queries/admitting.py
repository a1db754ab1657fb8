"""The units elsewhere whose owners have proven an interest in a motion, and how many applications wait."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.decisions.models import ElectorateHead, InterestClaim, Motion
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.interest import InterestState
from cogov.decisions.rules.law import DecisionRule
from cogov.ground.db import session


def admitted_units(rule: DecisionRule, motion: Motion) -> frozenset[int] | None:
    """Return the units that were admitted for a motion; None where its rule asks for no interest."""
    if not rule.proven_interest:
        return None
    query = select(InterestClaim.unit_id).where(
        InterestClaim.motion_id == motion.id, InterestClaim.state == InterestState.ADMITTED
    )
    return frozenset(session().scalars(query))


def claims_waiting(rule: DecisionRule, motion_id: int) -> int:
    """Count the applications for a motion that nobody has decided."""
    if not rule.proven_interest:
        return 0
    query = select(func.count()).where(
        InterestClaim.motion_id == motion_id, InterestClaim.state == InterestState.WAITING
    )
    return session().scalar(query) or 0


def proven_frozen(decision_id: int) -> int:
    """Count the heads of a frozen electorate that are in it by a proven interest.

    That number is public, whose they are is not: where there are any, no figure is given for a part of the whole.
    """
    query = select(func.count()).where(
        ElectorateHead.decision_id == decision_id, ElectorateHead.ground == HeadGround.PROVEN
    )
    return session().scalar(query) or 0
