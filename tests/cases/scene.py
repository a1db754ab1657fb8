"""A problem to make cases of, and the official loop walked up to a state with the commands people use."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.cases.commands import (
    accept_case,
    acknowledge_case,
    close_case,
    dispatch_case,
    feed_back_case,
    file_case,
    handle_case,
    no_call_needed,
    open_case,
    pass_case,
    verify_case,
)
from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.event import salt
from cogov.journal.transaction import transaction
from cogov.people.commands import grant_role
from cogov.people.queries import actor_of, organization
from cogov.people.rules import CLOCK, Actor, Role
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from tests.cast import HERE, Cast


def a_problem(
    cast: Cast, number: str = "2026-9001", *, hidden: bool = False, emergency: bool = False, title: str = "楼道飞线充电"
) -> Problem:
    """Write a problem row as triage would leave it."""
    with transaction():
        problem = Problem(
            number=number,
            community_id=cast.community_id,
            grid_id=cast.grid_ids[0],
            title=title,
            text="三号楼楼道里有人拉线充电。",
            salt=salt(),
            raiser_id=cast.resident.person_id,
            raised_at=now(),
            stage=Stage.OFFICIAL,
            hidden=hidden,
            emergency=emergency,
            accountable_id=cast.organizations["supervision"],
            changed_at=now(),
        )
        session().add(problem)
    return problem


def a_case(cast: Cast, problem: Problem | None = None, **options: object) -> Case:
    """Open a case for a problem, as triage does."""
    return open_case(CLOCK, problem_id=(problem or a_problem(cast)).id, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Walk:
    """Who takes which step; tests replace one of them."""

    cast: Cast

    def verify(self, case_id: int) -> None:
        verify_case(self.cast.grid_worker, case_id)

    def accept(self, case_id: int) -> None:
        accept_case(self.cast.inspector, case_id)

    def file(self, case_id: int) -> None:
        file_case(self.cast.inspector, case_id)

    def dispatch(self, case_id: int) -> None:
        dispatch_case(
            self.cast.dispatcher,
            case_id,
            body_id=self.cast.organizations["fire"],
            duty_item_id=self.cast.duty_items["C103"],
        )

    def acknowledge(self, case_id: int) -> None:
        acknowledge_case(self.cast.official, case_id)

    def handle(self, case_id: int) -> None:
        no_call_needed(self.cast.dispatcher, case_id, words="一家可以办完")
        handle_case(self.cast.official, case_id, words="飞线已拆除")

    def inspect(self, case_id: int) -> None:
        pass_case(self.cast.inspector, case_id)

    def feed_back(self, case_id: int) -> None:
        feed_back_case(self.cast.closer, case_id, words="已经拆除，请您看看")

    def close(self, case_id: int) -> None:
        close_case(self.cast.closer, case_id)


LOOP = ("verify", "accept", "file", "dispatch", "acknowledge", "handle", "inspect", "feed_back", "close")

STATES = (
    CaseState.REPORTED,
    CaseState.VERIFIED,
    CaseState.ACCEPTED,
    CaseState.FILED,
    CaseState.DISPATCHED,
    CaseState.HANDLING,
    CaseState.HANDLED,
    CaseState.INSPECTED,
    CaseState.FED_BACK,
    CaseState.CLOSED,
)


def walked(cast: Cast, state: CaseState, case: Case | None = None) -> Case:
    """Return a case that has gone the straight way up to a state."""
    case = case or a_case(cast)
    walk = Walk(cast)
    for step in LOOP[STATES.index(case.state) : STATES.index(state)]:
        getattr(walk, step)(case.id)
    return case


def also(person: Actor, role: Role, organization_id: int, scope: str = "") -> Actor:
    """Give a member of the cast a further mandate and return the actor with it."""
    assert person.person_id is not None
    grant_role(
        CLOCK,
        person_id=person.person_id,
        role=role,
        scope=scope or organization(organization_id).scope,
        organization_id=organization_id,
        public_name="兼任",
    )
    return actor_of(person.person_id)


__all__ = ["HERE", "LOOP", "STATES", "Walk", "a_case", "a_problem", "also", "walked"]
