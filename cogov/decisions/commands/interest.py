"""Applying to be admitted to a vote on what touches one from another building, and deciding about it."""

from __future__ import annotations

from sqlalchemy import select

from cogov.decisions.commands.moving import motion_for_change
from cogov.decisions.events import InterestClaimed, InterestSettled, InterestWithdrawn
from cogov.decisions.models import InterestClaim, Motion
from cogov.decisions.queries.interest import applying, claim_for
from cogov.decisions.queries.loading import roles_of
from cogov.decisions.queries.ruling import rule_here
from cogov.decisions.rules.interest import (
    DECIDERS,
    REASON_LEAST,
    REASON_LONGEST,
    TEXT_LEAST,
    TEXT_LONGEST,
    InterestState,
    applied_already,
    why_not_apply,
    why_not_settle,
    why_not_take_back,
    why_not_this_unit,
)
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id
from cogov.problems.rules.lanes import RuleCode


@verb
def apply_interest(by: Actor, motion_id: int, *, unit_id: int, text: str, once: str | None = None) -> InterestClaim:
    """Say that a matter of another building touches one's own unit, and how; somebody of the committee decides."""
    insist_once(by, once)
    motion, _ = motion_for_change(by, motion_id)
    rule = rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)
    asks = applying(by, rule, motion)
    insist(why_not_apply(rule, asks))
    insist(why_not_this_unit(asks, unit_id))
    text = tidy(text)
    insist(why_not_wording(text, longest=TEXT_LONGEST, least=TEXT_LEAST, what=say("受到的影响")))
    claim = InterestClaim(
        motion_id=motion.id,
        unit_id=unit_id,
        person_id=found(by.person_id),
        text=text,
        salt=salt(),
        at=now(),
        state=InterestState.WAITING,
        answer="",
    )
    with unless_taken(applied_already()):
        session().add(claim)
    _record(InterestClaimed(motion.id, claim.id, commit_to(claim.salt, text)), by.under(None), motion)
    return claim


@verb
def settle_interest(by: Actor, claim_id: int, *, admits: bool, reason: str, once: str | None = None) -> InterestClaim:
    """Admit an applicant to the electorate that the notice will freeze, or decline, with the reason."""
    insist_once(by, once)
    claim, motion = _for_change(by, claim_id)
    code = place_by_id(motion.community_id).code
    units = applying(by, rule_here(RuleCode(motion.rule), code), motion).units_elsewhere
    own_motion = motion.organization_id is None and motion.person_id == by.person_id
    own = claim.person_id == by.person_id or claim.unit_id in units
    insist(why_not_settle(roles_of(by, code), claim.state, motion.state, own=own, own_motion=own_motion))
    reason = tidy(reason)
    insist(why_not_wording(reason, longest=REASON_LONGEST, least=REASON_LEAST, what=say("理由")))
    by = by.under(by.standing(code, *DECIDERS))
    claim.state = InterestState.ADMITTED if admits else InterestState.DECLINED
    claim.answer, claim.settled_at = reason, now()
    claim.settled_by, claim.settled_for = by.person_id, by.organization_id
    session().flush()
    _record(InterestSettled(motion.id, claim.id, admits, commit_to(claim.salt, reason)), by, motion)
    return claim


@verb
def withdraw_interest(by: Actor, claim_id: int, *, once: str | None = None) -> InterestClaim:
    """Take one's own application back, also one that was admitted, before the notice."""
    insist_once(by, once)
    claim, motion = _for_change(by, claim_id)
    insist(why_not_take_back(claim.state, motion.state, own=claim.person_id == by.person_id))
    claim.state = InterestState.WITHDRAWN
    session().flush()
    _record(InterestWithdrawn(motion.id, claim.id), by.under(None), motion)
    return claim


def _for_change(by: Actor, claim_id: int) -> tuple[InterestClaim, Motion]:
    # The problem is locked first, as the notice locks it: of both at once one comes second and is told so.
    motion, _ = motion_for_change(by, claim_for(by, claim_id).motion_id)
    query = for_change(select(InterestClaim).where(InterestClaim.id == claim_id))
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none()), motion


def _record(event: Event, by: Actor, motion: Motion) -> None:
    record(event, by, place_id=motion.community_id, problem_id=motion.problem_id, subject=("motion", motion.id))
