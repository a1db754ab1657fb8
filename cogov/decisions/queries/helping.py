"""Helped ballots as helper and witness see them, and who may be neither because their body began the vote."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from cogov.decisions.models import (
    Ballot,
    Decision,
    ElectorateHead,
    ElectorateUnit,
    ElectorateVoter,
    HelpedBallot,
    Motion,
)
from cogov.decisions.queries.doors import doors_of
from cogov.decisions.queries.loading import decision_for
from cogov.decisions.rules.electorate import whole_of
from cogov.decisions.rules.helping import FROM_AFAR, HELPERS, Helping, Witnessing, why_not_help, why_not_witness
from cogov.decisions.rules.paper import slip_code
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refusal
from cogov.people.models import Person
from cogov.people.rules import Actor
from cogov.places.models import Unit
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem


def initiated(by: Actor, decision: Decision, motion: Motion) -> bool:
    """Say whether somebody began a vote: moved it, put it on the agenda, announced it, or is of a body that did so."""
    if by.person_id in {motion.person_id, motion.tabled_by, decision.notice_by}:
        return True
    bodies = {motion.organization_id, motion.tabled_for} - {None}
    return any(held.organization_id in bodies for held in by.standings)


def help_refused(by: Actor, decision: Decision, head_id: int | None) -> Refusal | None:
    """Say why somebody may not help here, or not with this household."""
    return why_not_help(
        Helping(
            helper=by.holds(place_by_id(decision.community_id).code, *HELPERS),
            initiated=initiated(by, decision, motion_of(decision)),
            own=head_id is not None and votes_for(by, head_id),
        )
    )


def may_help(by: Actor, decision: Decision, motion: Motion) -> bool:
    """Say whether somebody may help at all here, for a page that holds the motion already."""
    helper = by.holds(place_by_id(decision.community_id).code, *HELPERS)
    return helper and not initiated(by, decision, motion)


def motion_of(decision: Decision) -> Motion:
    """Return the motion that came to a vote."""
    return found(session().get(Motion, decision.motion_id))


def votes_for(by: Actor, head_id: int) -> bool:
    """Say whether somebody votes for a household, or for another share of the same one."""
    head = found(session().get(ElectorateHead, head_id))
    whole = whole_of(head.key)
    query = (
        select(ElectorateVoter.id)
        .join(ElectorateHead, ElectorateVoter.head_id == ElectorateHead.id)
        .where(
            ElectorateHead.decision_id == head.decision_id,
            or_(ElectorateHead.key == whole, ElectorateHead.key.startswith(f"{whole}/", autoescape=True)),
            ElectorateVoter.person_id == by.person_id,
        )
    )
    return session().scalar(query.limit(1)) is not None


def voters_at(decision_id: int, unit_id: int) -> list[tuple[int, int, str]]:
    """Return who votes for a unit, proxies left out: the household, the person, and the name they chose."""
    query = (
        select(ElectorateVoter.head_id, Person.id, Person.pseudonym)
        .join(ElectorateUnit, ElectorateUnit.head_id == ElectorateVoter.head_id)
        .join(Person, ElectorateVoter.person_id == Person.id)
        .where(
            ElectorateUnit.decision_id == decision_id,
            ElectorateUnit.unit_id == unit_id,
            ElectorateVoter.mandate_id.is_(None),
        )
        .order_by(Person.id)
    )
    return list(session().execute(query).all())


def unit_at(decision_id: int, building_id: int, staircase: str, door: str) -> int | None:
    """Return the unit at a door, as it is written there."""
    query = (
        select(Unit.id)
        .join(ElectorateUnit, ElectorateUnit.unit_id == Unit.id)
        .where(
            ElectorateUnit.decision_id == decision_id,
            Unit.building_id == building_id,
            Unit.door == door.strip(),
        )
    )
    if staircase.strip():
        query = query.where(Unit.staircase == staircase.strip())
    # Where co-owners cast by shares, a unit stands once for each of them.
    units = list(session().scalars(query.distinct().limit(2)))
    return units[0] if len(units) == 1 else None


def help_by_code(written: str) -> HelpedBallot:
    """Return a helped ballot by its code, which stands on the helper's screen."""
    code = slip_code(written)
    query = select(HelpedBallot).where(HelpedBallot.code == code)
    return found(session().scalars(query).one_or_none() if code else None)


@dataclass(frozen=True)
class HelpShown:
    """A helped ballot as helper, witness and voter see it; what is marked is shown to none of them."""

    help: HelpedBallot
    decision: Decision
    problem: Problem
    doors: tuple[str, ...]
    voter: str
    helper: str
    mine: bool
    for_me: bool
    why_not_witness: Refusal | None
    receipt: str


def help_shown(by: Actor, code: str) -> HelpShown:
    """Return a helped ballot for whoever has its code."""
    row = help_by_code(code)
    decision, problem = decision_for(by, row.decision_id)
    if by.person_id is None:
        raise NotFound
    names = {
        person.id: person.pseudonym
        for person in session().scalars(select(Person).where(Person.id.in_({row.voter_id, row.helper_id})))
    }
    mine, for_me = row.helper_id == by.person_id, row.voter_id == by.person_id
    return HelpShown(
        help=row,
        decision=decision,
        problem=problem,
        doors=tuple(doors_of([row.head_id]).get(row.head_id, ())),
        voter=names.get(row.voter_id, ""),
        helper=names.get(row.helper_id, ""),
        mine=mine,
        for_me=for_me,
        why_not_witness=witness_refused(by, row, decision),
        receipt=_receipt(row) if (mine or for_me) and row.agreed else "",
    )


def witness_refused(by: Actor, row: HelpedBallot, decision: Decision) -> Refusal | None:
    """Say why somebody may not be the witness of a helped ballot."""
    return why_not_witness(
        Witnessing(
            now=now(),
            until=min(row.until, decision.closes_at),
            settled=row.settled_at is not None,
            inside=_belongs(by, place_by_id(decision.community_id).code),
            initiated=initiated(by, decision, motion_of(decision)),
            helped=row.helper_id == by.person_id,
            own=votes_for(by, row.head_id),
        )
    )


def _belongs(by: Actor, code: str) -> bool:
    """Say whether somebody lives, owns or serves at a place."""
    return any(held.reaches(code) and held.role not in FROM_AFAR for held in by.standings)


def _receipt(row: HelpedBallot) -> str:
    query = select(Ballot.receipt).where(Ballot.decision_id == row.decision_id, Ballot.head_id == row.head_id)
    return session().scalar(query) or ""
