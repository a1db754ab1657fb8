"""Applications of owners elsewhere to be admitted, as their applicants and those who decide see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.decisions.models import Decision, InterestClaim, Motion
from cogov.decisions.queries.admitting import admitted_units, proven_frozen
from cogov.decisions.queries.loading import heads_under, motion_for, reach_of, roles_of, roll_of
from cogov.decisions.queries.ruling import rule_here
from cogov.decisions.rules.electorate import HeadGround, is_unit_of_its_own
from cogov.decisions.rules.interest import DECIDERS, LIVE, Applying, InterestState, why_not_apply
from cogov.decisions.rules.law import Body, DecisionRule
from cogov.decisions.rules.stages import MotionState
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refusal
from cogov.people.models import Person
from cogov.people.rules import Actor
from cogov.places.models import Building, Unit
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import RuleCode

MOST_SHOWN = 200


@dataclass(frozen=True)
class ClaimShown:
    """An application with whose it is and what was decided."""

    id: int
    unit_id: int
    door: str
    applicant: str
    text: str
    at: datetime
    state: InterestState
    answer: str
    settled_at: datetime | None
    is_mine: bool
    touches_me: bool
    """Whether it is one's own, or for a unit that one owns with the applicant: somebody else decides."""


@dataclass(frozen=True)
class InterestsShown:
    """What a reader may know and do about who has an interest in a motion."""

    motion: Motion
    problem: Problem
    rule: DecisionRule
    admitted: int
    """How many heads are in it since an interest was proven: all that everybody sees."""

    claims: tuple[ClaimShown, ...]
    """All of them for those who decide, one's own for others."""

    decides: bool
    units: tuple[tuple[int, str], ...]
    """The reader's own units in other buildings, for which they may apply."""

    why_not_apply: Refusal | None


def applying(by: Actor, rule: DecisionRule, motion: Motion) -> Applying:
    """Return somebody who would be admitted to a motion, as the rules see them."""
    me = by.person_id or 0
    claims = select(InterestClaim.state).where(InterestClaim.motion_id == motion.id, InterestClaim.person_id == me)
    states = list(session().scalars(claims))
    electorate = heads_under(rule, motion)
    return Applying(
        state=motion.state,
        presumed=any(head.ground is HeadGround.PRESUMED for head in electorate.heads_of(me)),
        units_elsewhere=_units_elsewhere(me, rule, motion),
        live=any(state in LIVE for state in states),
        declined=states.count(InterestState.DECLINED),
    )


def _units_elsewhere(person_id: int, rule: DecisionRule, motion: Motion) -> frozenset[int]:
    registered, reach = roll_of(motion.community_id, (Body.OWNERS,)), reach_of(motion)
    mine = {owner.owner_id for owner in registered.owners if person_id in owner.person_ids}
    return frozenset(
        unit.unit_id
        for unit in registered.units
        # The buyer of a flat that was not handed over is not an owner yet.
        if not mine.isdisjoint(unit.owners)
        and not unit.unsold
        and is_unit_of_its_own(unit, rule.parking)
        and not reach.covers(unit.building_id, unit.staircase)
    )


def decides_here(by: Actor, community_id: int) -> bool:
    """Say whether somebody decides who is admitted in a community."""
    return bool(roles_of(by, place_by_id(community_id).code) & frozenset(DECIDERS))


def claim_for(by: Actor, claim_id: int) -> InterestClaim:
    """Return an application for its applicant or somebody who decides; for all others there is none."""
    claim = found(session().get(InterestClaim, claim_id))
    motion, _ = motion_for(by, claim.motion_id)
    if claim.person_id == by.person_id or decides_here(by, motion.community_id):
        return claim
    raise NotFound


def interests_shown(by: Actor, motion_id: int) -> InterestsShown:
    """Return what a reader may know and do about who has an interest in a motion."""
    motion, problem = motion_for(by, motion_id)
    rule = rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)
    decides = decides_here(by, motion.community_id)
    asks = applying(by, rule, motion)
    refusal = why_not_apply(rule, asks)
    return InterestsShown(
        motion=motion,
        problem=problem,
        rule=rule,
        admitted=admitted_heads(rule, motion),
        claims=claims_of(by, motion_id, asks.units_elsewhere, every=decides),
        decides=decides,
        units=doors_of_units(sorted(asks.units_elsewhere)) if refusal is None else (),
        why_not_apply=refusal,
    )


def admitted_heads(rule: DecisionRule, motion: Motion) -> int:
    """Count those admitted: what the notice froze, or would freeze now."""
    if motion.state is MotionState.NOTICED:
        frozen = select(Decision.id).where(Decision.motion_id == motion.id)
        return proven_frozen(session().scalar(frozen) or 0)
    return heads_under(rule, motion).proven_heads if admitted_units(rule, motion) else 0


def claims_of(by: Actor, motion_id: int, mine: Collection[int] = (), *, every: bool) -> tuple[ClaimShown, ...]:
    """Return the applications for a motion, or one's own among them, those that wait first."""
    if by.person_id is None:
        return ()
    query = (
        select(InterestClaim, Person.pseudonym)
        .join(Person, InterestClaim.person_id == Person.id)
        .where(InterestClaim.motion_id == motion_id)
        .order_by(InterestClaim.state != InterestState.WAITING, InterestClaim.id.desc())
        .limit(MOST_SHOWN)
    )
    rows = session().execute(query if every else query.where(InterestClaim.person_id == by.person_id)).all()
    doors = dict(doors_of_units(sorted({claim.unit_id for claim, _ in rows})))
    return tuple(
        ClaimShown(
            id=claim.id,
            unit_id=claim.unit_id,
            door=doors[claim.unit_id],
            applicant=name,
            text=claim.text,
            at=claim.at,
            state=claim.state,
            answer=claim.answer,
            settled_at=claim.settled_at,
            is_mine=claim.person_id == by.person_id,
            touches_me=claim.person_id == by.person_id or claim.unit_id in mine,
        )
        for claim, name in rows
    )


def doors_of_units(unit_ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """Return units with their doors as they are written."""
    query = (
        select(Unit.id, Building.name, Unit.staircase, Unit.door)
        .join(Building, Unit.building_id == Building.id)
        .where(Unit.id.in_(unit_ids))
        .order_by(Building.code, Unit.id)
    )
    return tuple(
        (unit_id, f"{building} {'-'.join(part for part in (staircase, door) if part)}")
        for unit_id, building, staircase, door in (session().execute(query) if unit_ids else ())
    )
