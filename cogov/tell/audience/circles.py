"""Those whom a step concerns beyond its dossier: who holds it, who votes, who lives there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, or_, select, union

from cogov.cases.models import Case
from cogov.decisions.models import Ballot, ElectorateVoter, RollMark
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.models import RoleHeld
from cogov.people.queries import held_at, members
from cogov.people.queries import holders as holders_of
from cogov.people.rules import Role
from cogov.places.models import Building, Owner, Ownership, Place, Residence, Unit
from cogov.problems.models import Problem
from cogov.problems.rules.acts import ANSWERERS
from cogov.tell.audience.dossiers import Dossiers, Told
from cogov.tell.audience.kinds import ASKS_FOR_BALLOTS
from cogov.tell.levels import Why


@dataclass(frozen=True)
class Facts:
    """An entry as its audience is found from it."""

    entry: JournalEntry
    facts: Mapping[str, object]
    dossiers: Dossiers

    def number(self, name: str) -> int | None:
        """Return a fact that is an id."""
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def holders(told: Facts) -> Told:
    """Return those who hold the problem or its case now, or to whom the step hands it."""
    problem_id = told.entry.problem_id
    row = session().execute(select(Problem.accountable_id, Problem.hidden).where(Problem.id == problem_id)).first()
    accountable, hidden = row or (None, False)
    case_holder = session().scalar(
        select(Case.accountable_id).where(Case.problem_id == problem_id).order_by(Case.id.desc()).limit(1)
    )
    named = (told.number("body"), told.number("to"))
    organizations = {found for found in (accountable, case_holder, *named) if found is not None}
    # Of a hidden problem only those hear who may see it: not every helper of the organization.
    roles = ANSWERERS if hidden else Role
    return {Why.DUTY: {person for people in members(organizations, roles).values() for person in people}}


def chairs(told: Facts) -> Told:
    """Return who chairs at a place: they can have a concern overruled, with a second person."""
    return _holding(told, Role.CHAIR)


def street_office(told: Facts) -> Told:
    """Return the street office, once a vote was held back again: it may have it opened, with a second person."""
    return _holding(told, Role.STREET_OFFICE) if told.facts.get("again") else {}


def _holding(told: Facts, role: Role) -> Told:
    code = session().scalar(select(Place.code).where(Place.id == told.entry.place_id)) or ""
    return {Why.DUTY: set(holders_of(role, code))}


def electorate(told: Facts) -> Told:
    """Return those who vote; who has done so is not asked again."""
    if told.facts.get("again"):
        return {}  # they were told that it waits, and will be told when it opens
    decision = told.number("decision")
    voters = select(ElectorateVoter.person_id).where(ElectorateVoter.decision_id == decision)
    if told.entry.kind in ASKS_FOR_BALLOTS:
        # Nobody is reminded of what is already done.
        done = select(Ballot.head_id).where(Ballot.decision_id == decision)
        with_token = select(RollMark.head_id).where(RollMark.decision_id == decision)
        voters = voters.where(ElectorateVoter.head_id.not_in(done.union_all(with_token)))
    return {Why.VOTE: set(session().scalars(voters))}


def neighbours(told: Facts) -> Told:
    """Return who lives at a place, is said to, or owns there: everybody whom an announcement concerns."""
    code = session().scalar(select(Place.code).where(Place.id == told.entry.place_id))
    if code is None:
        return {}
    # A grid has its own buildings; every wider place has whole communities.
    within = Place.code.startswith(code, autoescape=True)
    units = (
        select(Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .join(Place, or_(Place.id == Unit.community_id, Place.id == Building.grid_id))
        .where(within)
    )
    everyone: CompoundSelect[Any] = union(
        select(Residence.person_id).where(Residence.unit_id.in_(units), Residence.ended_at.is_(None)),
        select(Owner.person_id)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id.in_(units), Ownership.until.is_(None), Owner.person_id.is_not(None)),
        select(RoleHeld.person_id).where(
            RoleHeld.role == Role.RESIDENT,
            held_at(now()),
            RoleHeld.scope.startswith(code, autoescape=True),
        ),
    )
    return {Why.LIVES: {person for person in session().scalars(everyone) if person is not None}}
