"""Claiming a slot, giving it back, and what happens when a claim is not kept."""

from __future__ import annotations

from sqlalchemy import select

from cogov.duties.commands import start_clock, stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import CLOCK, Actor
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.commands import name_on_dossier
from cogov.tasks.commands.locking import (
    Locked,
    free_slot,
    locked_claim,
    locked_task,
    promise_of,
    record_on,
    take_slot,
)
from cogov.tasks.events import ClaimReturned, TaskClaimed
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState, claiming_for, due_at, no_slot_left, why_not_claim, why_not_return

_CLAIMED = Refusal("already_claimed", say("您已经认领了这个任务，一人一个名额。"))


@verb
def claim_task(by: Actor, task_id: int, *, once: str | None = None) -> Claim:
    """Promise to do a slot of a task, for oneself or for the organization one acts for; its clock starts."""
    insist_once(by, once)
    where = locked_task(by, task_id)
    insist(why_not_claim(by, where.work, claimed=_claimed(by, task_id)))
    standing = claiming_for(by, where.code)
    claimer = by.under(standing)
    insist(None if take_slot(where.task) else no_slot_left())
    claim = _new_claim(claimer, where)
    with unless_taken(_CLAIMED):
        session().add(claim)
    if standing is None:
        name_on_dossier(where.problem.id, claim.person_id)
    run_clock(claim, where)
    record_on(TaskClaimed(task_id, claim.id), claimer, where, ("claim", claim.id))
    return claim


def _claimed(by: Actor, task_id: int) -> bool:
    query = select(Claim.id).where(
        Claim.task_id == task_id, Claim.person_id == by.person_id, Claim.state != ClaimState.RETURNED
    )
    return session().scalar(query) is not None


def _new_claim(claimer: Actor, where: Locked) -> Claim:
    task, claimed_at = where.task, now()
    return Claim(
        task_id=task.id,
        person_id=found(claimer.person_id),
        standing_id=claimer.acting.id if claimer.acting else None,
        organization_id=claimer.organization_id,
        state=ClaimState.ACTIVE,
        claimed_at=claimed_at,
        due_at=due_at(claimed_at, task.starts_at, task.days, setting(where.code, Setting.CLAIM_DAYS)),
    )


def run_clock(claim: Claim, where: Locked) -> None:
    """Start a claim's clock until its due date, for who claimed."""
    start_clock(
        Purpose.CLAIM,
        claim.id,
        place_id=where.problem.community_id,
        problem_id=where.problem.id,
        promise=claim.due_at,
        organization_id=claim.organization_id,
        person_id=claim.person_id,
    )


@verb
def return_claim(by: Actor, claim_id: int, *, once: str | None = None) -> Claim:
    """Give one's own claim back before handing in; the slot is free again."""
    insist_once(by, once)
    claim, where = locked_claim(by, claim_id)
    insist(why_not_return(by, promise_of(claim)))
    _give_back(claim, where.task)
    claimer = by.under(by.serves(claim.organization_id))
    record_on(ClaimReturned(where.task.id, claim.id, by_clock=False), claimer, where, ("claim", claim.id))
    return claim


@verb
def due_claim(by: Actor, claim_id: int) -> None:
    """Return a claim that was not kept, so that somebody else can take the slot; handed-in work is left alone."""
    claim, where = locked_claim(CLOCK, claim_id)
    if claim.state is not ClaimState.ACTIVE or claim.due_at > now():
        return
    _give_back(claim, where.task)
    record_on(ClaimReturned(where.task.id, claim.id, by_clock=True), by, where, ("claim", claim.id))


def _give_back(claim: Claim, task: Task) -> None:
    claim.state, claim.returned_at = ClaimState.RETURNED, now()
    session().flush()
    free_slot(task)
    stop_clock(Purpose.CLAIM, claim.id)
