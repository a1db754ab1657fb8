"""Which organizations decide together, whom each sends, and what a reader may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.decisions.models import Decision, ElectorateHead, Motion, OrganizationDelegate
from cogov.decisions.queries.loading import SITTING, asked_organizations, motion_for
from cogov.decisions.queries.ruling import rule_here
from cogov.decisions.rules.delegates import Naming, why_no_delegates_here, why_not_name
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.stages import DecisionState, MotionState
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, insist
from cogov.people.models import RoleHeld
from cogov.people.queries import members
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import RuleCode


@dataclass(frozen=True)
class OrganizationShown:
    """An organization that is asked, whom it sends, and whom the reader may name for it."""

    id: int
    name: str
    kind: OrganizationKind
    delegate: str
    """By the public name of their mandate; empty while nobody was named."""

    named_at: datetime | None
    is_me: bool
    candidates: tuple[tuple[int, str], ...]
    why_not_name: Refusal | None


@dataclass(frozen=True)
class DelegatesShown:
    """Who is sent to decide on a motion."""

    motion: Motion
    problem: Problem
    rule: DecisionRule
    organizations: tuple[OrganizationShown, ...]

    @property
    def sent(self) -> int:
        """Count the organizations that have named somebody."""
        return sum(bool(each.delegate) for each in self.organizations)


def rule_of_motion(motion: Motion) -> DecisionRule:
    """Return the rule of a motion as it holds in its place."""
    return rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)


def delegates_now(motion_id: int) -> dict[int, OrganizationDelegate]:
    """Return whom organizations have named for a motion, by organization."""
    query = select(OrganizationDelegate).where(
        OrganizationDelegate.motion_id == motion_id, OrganizationDelegate.ended_at.is_(None)
    )
    rows = session().scalars(query, execution_options={"populate_existing": True})
    return {row.organization_id: row for row in rows}


def naming_of(
    by: Actor, motion: Motion, organization_id: int, person_id: int, sent: Mapping[int, OrganizationDelegate]
) -> Naming:
    """Return an organization that names whom it sends, as the rules see it."""
    there = set(members([organization_id], SITTING).get(organization_id, ()))
    named = sent.get(organization_id)
    return Naming(
        state=motion.state,
        closed=_is_over(motion),
        asked=organization_id in _asked(motion, rule_of_motion(motion)),
        mine=by.person_id in there,
        theirs=person_id in there,
        same=named is not None and named.person_id == person_id,
        sent_by_another=any(row.person_id == person_id for each, row in sent.items() if each != organization_id),
    )


def _asked(motion: Motion, rule: DecisionRule) -> dict[int, tuple[str, OrganizationKind]]:
    """Return who is asked: whoever belongs to it now, and after the notice who stands on the roll that it froze."""
    asked = asked_organizations(rule, motion.community_id)
    if motion.state is not MotionState.NOTICED:
        return asked
    frozen = select(ElectorateHead.organization_id).join(Decision).where(Decision.motion_id == motion.id)
    roll = set(session().scalars(frozen))
    return {organization_id: told for organization_id, told in asked.items() if organization_id in roll}


def _is_over(motion: Motion) -> bool:
    if motion.state is not MotionState.NOTICED:
        return False
    query = select(Decision.state, Decision.closes_at).where(Decision.motion_id == motion.id)
    state, closes_at = session().execute(query).one()
    return state is DecisionState.CLOSED or now() >= closes_at


def delegates_shown(by: Actor, motion_id: int) -> DelegatesShown:
    """Return whom each organization sends to decide on a motion."""
    motion, problem = motion_for(by, motion_id)
    rule = rule_of_motion(motion)
    insist(why_no_delegates_here(rule))
    asked = _asked(motion, rule)
    sent, names = delegates_now(motion.id), _public_names(tuple(asked))
    sitting = members(asked, SITTING)
    return DelegatesShown(
        motion,
        problem,
        rule,
        tuple(
            _shown(by, motion, rule, organization_id, name, kind, sent, names, sitting)
            for organization_id, (name, kind) in asked.items()
        ),
    )


def _shown(
    by: Actor,
    motion: Motion,
    rule: DecisionRule,
    organization_id: int,
    name: str,
    kind: OrganizationKind,
    sent: Mapping[int, OrganizationDelegate],
    names: Mapping[tuple[int, int], str],
    sitting: Mapping[int, list[int]],
) -> OrganizationShown:
    named, there = sent.get(organization_id), sitting.get(organization_id, [])
    refusal = None
    if by.person_id in there:
        # Asked as if somebody else were named: what stands in the way of any change at all.
        refusal = why_not_name(rule, Naming(motion.state, _is_over(motion), True, True, True, False, False))
    now_sent = named.person_id if named is not None else None
    candidates = sorted((person, names[organization_id, person]) for person in there if person != now_sent)
    return OrganizationShown(
        id=organization_id,
        name=name,
        kind=kind,
        delegate=names.get((organization_id, named.person_id), "") if named is not None else "",
        named_at=named.named_at if named is not None else None,
        is_me=named is not None and named.person_id == by.person_id,
        candidates=tuple(candidates) if by.person_id in there and refusal is None else (),
        why_not_name=refusal,
    )


def _public_names(organization_ids: tuple[int, ...]) -> dict[tuple[int, int], str]:
    query = (
        select(RoleHeld.organization_id, RoleHeld.person_id, RoleHeld.public_name)
        .where(RoleHeld.organization_id.in_(organization_ids))
        .order_by(RoleHeld.id)
    )
    return {(organization or 0, person): name for organization, person, name in session().execute(query)}
