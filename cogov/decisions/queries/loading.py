"""Loading motions, decisions and resolutions for somebody, and what the rules must know about each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, or_, select

from cogov.decisions.models import (
    Decision,
    ElectorateVoter,
    Motion,
    MotionOption,
    OrganizationDelegate,
    PlannedTask,
    Resolution,
)
from cogov.decisions.queries.admitting import admitted_units, claims_waiting
from cogov.decisions.queries.carrying import carried_in
from cogov.decisions.queries.ruling import rule_here, written_here
from cogov.decisions.rules.ballots import Draft, Option
from cogov.decisions.rules.delegates import delegates_of
from cogov.decisions.rules.electorate import (
    COMMUNITY,
    Electorate,
    Reach,
    RollHousehold,
    RollOwner,
    RollUnit,
    households_of,
    members_of,
    owners_of,
)
from cogov.decisions.rules.law import Body, CoOwners, DecisionRule, Parking
from cogov.decisions.rules.matters import Bar, Matter
from cogov.decisions.rules.methods import read_form
from cogov.decisions.rules.motions import Asked
from cogov.decisions.rules.parts import cut_up
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.simulation import Simulation, simulate
from cogov.decisions.rules.stages import DecisionState, MotionState, Scope
from cogov.duties.queries import calendar_for
from cogov.ground.clock import now
from cogov.ground.db import Id, found, session
from cogov.ground.words import Words, say
from cogov.journal.kept import HEAD, Of, kept, last_entry, note_entries
from cogov.people.queries import members, organizations_at
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.places.models import Building, Unit
from cogov.places.queries import place_by_id, residents, roll, setting
from cogov.places.rules import OwnerKind, Setting
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, latest_triage, problem_by_id, seen_by, seen_by_roles
from cogov.problems.queries import roles_of as problem_roles
from cogov.problems.rules.lanes import Lane, RuleCode
from cogov.problems.rules.proposals import from_text
from cogov.problems.rules.stages import TriageState
from cogov.threads.queries import open_concerns

# Rows for somebody --------------------------------------------------------------------------------------------------


def motion_for(by: Actor, motion_id: int) -> tuple[Motion, Problem]:
    """Return a motion with its problem; not found when the problem does not exist for this actor."""
    motion = found(session().get(Motion, motion_id))
    return motion, problem_by_id(by, motion.problem_id)


def decision_for(by: Actor, decision_id: int) -> tuple[Decision, Problem]:
    """Return a decision with its problem; not found when the problem does not exist for this actor."""
    who = {"me": by.person_id or 0, "decision": decision_id}
    decision, problem, *entries = found(session().execute(_put_to_whom(problem_roles(by)), who).one_or_none())
    note_entries(problem.id, *entries)
    return decision, problem


@lru_cache(maxsize=200)
def _put_to_whom(roles: Sight) -> Select[Any]:
    """Return the query of every page of a decision, put together once for readers with the same roles."""
    query = select(Decision, Problem, last_entry(Problem.id), *HEAD).join(Problem, Decision.problem_id == Problem.id)
    return query.where(Decision.id == bindparam("decision", type_=Id), seen_by_roles(roles))


def resolution_for(by: Actor, resolution_id: int) -> tuple[Resolution, Problem]:
    """Return a resolution with its problem; not found when the problem does not exist for this actor."""
    query = select(Resolution, Problem).join(Problem, Resolution.problem_id == Problem.id)
    row = session().execute(query.where(Resolution.id == resolution_id, seen_by(by))).one_or_none()
    resolution, problem = found(row)
    return resolution, problem


def alive(problem_id: int) -> bool:
    """Say whether a motion of the problem is moved or tabled, or a vote on one is announced or running."""
    return kept(("alive", problem_id), lambda: bool(session().scalar(_ALIVE, {"problem": problem_id})), of=problem_id)


def _alive() -> Select[bool]:
    problem = bindparam("problem", type_=Id)
    motions = exists().where(Motion.problem_id == problem, Motion.state.in_((MotionState.MOVED, MotionState.TABLED)))
    votes = exists().where(Decision.problem_id == problem, Decision.state != DecisionState.CLOSED)
    return select(or_(motions, votes))


_ALIVE = _alive()


def options_for(motion_id: int) -> tuple[Option, ...]:
    """Return the options of a motion in order."""
    query = select(MotionOption).where(MotionOption.motion_id == motion_id).order_by(MotionOption.position)
    return tuple(Option(o.position, o.key, o.label, o.consequence, o.cost) for o in session().scalars(query))


def planned_tasks(resolution_id: int) -> list[PlannedTask]:
    """Return the tasks that were planned for the case that this resolution passed, in order."""
    query = (
        select(PlannedTask)
        .join(Motion, PlannedTask.motion_id == Motion.id)
        .join(Decision, Decision.motion_id == Motion.id)
        .join(Resolution, Resolution.decision_id == Decision.id)
        .where(Resolution.id == resolution_id)
        .order_by(PlannedTask.id)
    )
    return list(session().scalars(query))


def is_voter(by: Actor, decision_id: int) -> bool:
    """Say whether somebody votes in a decision in their own right; who carries another's vote is no part of it."""
    query = select(ElectorateVoter.id).where(
        ElectorateVoter.person_id == by.person_id,
        ElectorateVoter.decision_id == decision_id,
        ElectorateVoter.mandate_id.is_(None),
    )
    return by.person_id is not None and session().scalar(query.limit(1)) is not None


def roles_of(by: Actor, code: str) -> frozenset[Role]:
    """Return the roles that an actor holds at a place."""
    return frozenset(held.role for held in by.standings if held.reaches(code))


def asked_of(problem: Problem) -> Asked:
    """Return what the rules must know of the problem that is put to the vote."""
    query = select(Decision.id).where(Decision.problem_id == problem.id, Decision.state != DecisionState.CLOSED)
    running = kept(("votes run", problem.id), lambda: session().scalar(query.limit(1)) is not None, of=problem.id)
    return Asked(problem.lane, problem.stage, problem.hidden, running)


def triaged_rules(problem: Problem) -> frozenset[RuleCode]:
    """Return the ways of deciding that triage named for the part people decide themselves."""
    triage = latest_triage(problem.id)
    if triage is None or triage.state is not TriageState.CONFIRMED:
        return frozenset()
    proposal = from_text(triage.proposal)
    named = {RuleCode(triage.rule)} if triage.rule else set()
    if triage.lane is proposal.lane and named <= set(proposal.rules):
        named |= set(proposal.rules)
    # In a problem with two halves the duty is the other half's: the body does it meanwhile, and nobody votes on it.
    return frozenset(named - {RuleCode.R0} if triage.lane in (Lane.B, Lane.AB) else named)


# The electorate as the roll has it now --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Roll:
    """Owners and households of a community as they are registered now, read once for any number of electorates."""

    units: tuple[RollUnit, ...]
    owners: tuple[RollOwner, ...]
    households: tuple[RollHousehold, ...]

    def electorate(
        self,
        body: Body,
        reach: Reach,
        rule: DecisionRule | None = None,
        proven: frozenset[int] | None = None,
    ) -> Electorate:
        """Return who would vote within a reach; ``proven``: the units elsewhere that were admitted besides."""
        if body is not Body.OWNERS:
            return households_of(self.households, reach)
        parking = rule.parking if rule is not None else Parking.WITH_AREA
        heads = owners_of(self.units, self.owners, reach, parking, proven)
        by_shares = rule is not None and rule.co_owners is CoOwners.SHARES
        return cut_up(heads, self.units, self.owners) if by_shares else heads


def roll_of(community_id: int, bodies: Iterable[Body]) -> Roll:
    """Return what is registered, as far as the bodies that vote need it, in at most three queries."""
    wanted = frozenset(bodies)
    return kept(("roll", community_id, wanted), lambda: _roll(community_id, wanted), of=Of.REGISTERS)


def _roll(community_id: int, wanted: frozenset[Body]) -> Roll:
    units, owners = _owners(community_id) if Body.OWNERS in wanted else ((), ())
    return Roll(units, owners, _households(community_id) if Body.HOUSEHOLDS in wanted else ())


def _owners(community_id: int) -> tuple[tuple[RollUnit, ...], tuple[RollOwner, ...]]:
    # The whole community's, whatever the scope: who the only developer is cannot be seen from one building.
    holders: dict[int, list[int]] = defaultdict(list)
    shares: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    units: dict[int, RollUnit] = {}
    owners: dict[int, RollOwner] = {}
    today = calendar_for(place_by_id(community_id).code).local_day(now())
    for row in roll(community_id, today):
        units[row.unit_id] = RollUnit(
            row.unit_id, row.building_id, row.staircase, row.area, (), unsold=row.unsold, use=row.use
        )
        if row.owner_id is not None:
            holders[row.unit_id].append(row.owner_id)
            if row.share is not None:
                shares[row.unit_id].append((row.owner_id, row.share))
            persons = () if row.person_id is None else (row.person_id,)
            owners[row.owner_id] = RollOwner(row.owner_id, row.owner_kind or OwnerKind.PERSON, persons)
    whole = (
        replace(unit, owners=tuple(holders[unit.unit_id]), shares=tuple(shares[unit.unit_id]))
        for unit in units.values()
    )
    return tuple(whole), tuple(owners.values())


def _households(community_id: int) -> tuple[RollHousehold, ...]:
    persons: dict[tuple[int, int], list[int]] = defaultdict(list)
    for unit_id, building_id, person_id in residents(community_id):
        persons[unit_id, building_id].append(person_id)
    of_community = select(Unit.id, Unit.staircase).where(Unit.community_id == community_id)
    staircases = dict(session().execute(of_community).all())
    return tuple(
        RollHousehold(unit_id, building_id, staircases[unit_id], tuple(people))
        for (unit_id, building_id), people in persons.items()
    )


def households_here(community_id: int) -> int:
    """Count the households of a community: units in which somebody verified lives."""
    return kept(
        ("households here", community_id),
        lambda: roll_of(community_id, (Body.HOUSEHOLDS,)).electorate(Body.HOUSEHOLDS, COMMUNITY).total_heads,
        of=Of.REGISTERS,
    )


def reach_of(motion: Motion) -> Reach:
    """Return whose matter a motion is."""
    return Reach.of(motion.scope, motion.building_id, motion.staircase)


def electorate_of(motion: Motion) -> Electorate:
    """Return whose heads would vote on a motion if it were announced now."""
    return heads_under(written_here(RuleCode(motion.rule), place_by_id(motion.community_id).code), motion)


def heads_under(rule: DecisionRule, motion: Motion, registered: Roll | None = None) -> Electorate:
    """Return whose heads there would be, not divided among co-owners: what only asks for heads needs no fit shares."""
    return electorate_under(replace(rule, co_owners=CoOwners.ANY), motion, registered)


def electorate_under(rule: DecisionRule, motion: Motion, registered: Roll | None = None) -> Electorate:
    """Return who would vote on a motion under its rule; ``registered``: the roll, if it was read already."""
    if rule.body is Body.MEMBERS:
        body = motion.organization_id or 0
        return members_of(members([body], SITTING).get(body, ()), reach_of(motion))
    if rule.body is Body.ORGANIZATIONS:
        return delegates_of(_sent(rule, motion), reach_of(motion))
    listed = registered or roll_of(motion.community_id, (rule.body,))
    return listed.electorate(rule.body, reach_of(motion), rule, admitted_units(rule, motion))


SITTING = (
    Role.CHAIR,
    Role.MODERATOR,
    Role.OWNERS_COMMITTEE,
    Role.OFFICIAL,
    Role.PARTY_MEMBER,
    Role.SOCIAL_MEMBER,
)
"""The mandates by which one sits in an organization; who only does field work for it decides nothing for it."""


def asked_organizations(rule: DecisionRule, community_id: int) -> dict[int, tuple[str, OrganizationKind]]:
    """Return the organizations that a rule asks for a delegate: all of its kinds that belong to the community."""
    code = place_by_id(community_id).code
    here = (each for each in organizations_at(code, *rule.kinds) if each.scope == code)
    return {each.id: (each.name, each.kind) for each in here}


def _sent(rule: DecisionRule, motion: Motion) -> list[tuple[int, int | None]]:
    """Return each organization that is asked with whom it sends, if that person still holds a mandate of it."""
    asked = asked_organizations(rule, motion.community_id)
    query = select(OrganizationDelegate.organization_id, OrganizationDelegate.person_id).where(
        OrganizationDelegate.motion_id == motion.id, OrganizationDelegate.ended_at.is_(None)
    )
    named, sitting = dict(session().execute(query).all()), members(asked, SITTING)
    return [(each, named[each] if each in named and named[each] in sitting.get(each, ()) else None) for each in asked]


def simulations(motion: Motion) -> list[Simulation]:
    """Return who would vote if the notice of a motion went out now: in its own scope first, then in wider ones."""
    rule = rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)
    own = electorate_under(rule, motion)
    at = now()
    if rule.body in (Body.MEMBERS, Body.ORGANIZATIONS) or motion.building_id is None:
        return [simulate(rule, own, len(carried_in(rule, own, motion, at)))]
    registered = roll_of(motion.community_id, (rule.body,))
    wider = [Reach(motion.building_id), COMMUNITY]
    reaches = wider if motion.scope is Scope.STAIRCASE else wider[1:]
    return [
        simulate(rule, each, len(carried_in(rule, each, motion, at)))
        for each in (own, *(registered.electorate(rule.body, r, rule) for r in reaches))
    ]


def only_here(motion: Motion, person_id: int | None, registered: Roll | None = None) -> Words | str | None:
    """Return the name of the part that alone votes, for a person who would vote if the whole community did."""
    if motion.building_id is None or person_id is None:
        return None
    body = RULES[RuleCode(motion.rule)].body
    everybody = (registered or roll_of(motion.community_id, (body,))).electorate(body, COMMUNITY)
    if not everybody.heads_of(person_id):
        return None
    building = found(session().get(Building, motion.building_id)).name
    if motion.scope is Scope.STAIRCASE:
        return say("{building} {staircase} 单元", building=building, staircase=motion.staircase)
    return building


# The draft of a notice ----------------------------------------------------------------------------------------------


def draft_of(
    motion: Motion,
    problem: Problem,
    *,
    at: datetime,
    opens_at: datetime,
    closes_at: datetime,
    touches: frozenset[Bar] = frozenset(),
) -> Draft:
    """Return all that stands before the voting notice of a motion; ``touches``: what whoever publishes it declares."""
    rule = rule_here(RuleCode(motion.rule), place_by_id(motion.community_id).code)
    return Draft(
        rule=rule,
        matter=Matter(motion.item, triaged_rules(problem), touches),
        options=options_for(motion.id),
        electorate=electorate_under(rule, motion),
        notice_at=at,
        opens_at=opens_at,
        closes_at=closes_at,
        unanswered_concerns=open_concerns(problem.id),
        question=motion.question,
        form=read_form(motion.form),
        claims_waiting=claims_waiting(rule, motion.id),
    )


_MORNING, _EVENING = time(9), time(20)


def planned_times(code: RuleCode, place_code: str, at: datetime) -> tuple[datetime, datetime]:
    """Return the earliest opening that suits people, a morning after the notice period, and an evening to close."""
    calendar = calendar_for(place_code)
    first = calendar.local_day(at) + timedelta(days=written_here(code, place_code).notice_days + 1)
    last = first + timedelta(days=max(1, setting(place_code, Setting.VOTE_DAYS)))
    opens, closes = calendar.midnight(first), calendar.midnight(last)
    return (
        opens + timedelta(hours=_MORNING.hour, minutes=_MORNING.minute),
        closes + timedelta(hours=_EVENING.hour, minutes=_EVENING.minute),
    )
