"""Many at once on a task: one winner of the last slot, one verdict, and the clock and the hand do not clash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.sealing import verify
from cogov.journal.transaction import transaction
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import verify_residence
from cogov.places.rules import ResidenceKind
from cogov.tasks.commands import claim_task, due_claim, hand_in_task, open_task, send_back_task, verify_task
from cogov.tasks.commands.locking import take_slot
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.rules import ClaimState
from tests.cast import Cast
from tests.databases import both
from tests.storms import at_once

pytestmark = pytest.mark.storm


def crowd(cast: Cast, many: int) -> list[Actor]:
    people = [join(CLOCK, pseudonym=f"邻居{i}", phone=f"137{i:08d}").id for i in range(many)]
    for person in people:
        verify_residence(CLOCK, unit_id=cast.unit_ids[0], person_id=person, kind=ResidenceKind.FAMILY)
    return [actor_of(person) for person in people]


def codes(results: Sequence[object]) -> list[str]:
    return [result.refusal.code for result in results if isinstance(result, Refused)]


def task_now(task_id: int) -> Task:
    """Return a task as the other threads left it."""
    session().rollback()
    return session().get_one(Task, task_id)


@both
def test_the_last_slot_has_one_winner_among_sixteen(app, cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=1, days=7).id
    people = crowd(cast, 16)
    results = at_once(app, 16, lambda i: claim_task(people[i], task).id)
    assert len([result for result in results if isinstance(result, int)]) == 1
    assert codes(results) == ["no_slot_left"] * 15
    assert task_now(task).taken == 1
    assert session().scalar(select(func.count()).select_from(Claim)) == 1
    assert verify().faults == ()


@both
def test_the_database_itself_gives_no_slot_beyond_the_last(app, cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=1, days=7)
    claim_task(cast.owner, task.id)
    with transaction():
        assert take_slot(session().get_one(Task, task.id)) is False
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Task).values(taken=2))
    assert task_now(task.id).taken == 1


@both
def test_one_person_claiming_sixteen_times_at_once_has_one_slot(app, cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=16, days=7).id
    results = at_once(app, 16, lambda _: claim_task(cast.owner, task).id)
    assert len([result for result in results if isinstance(result, int)]) == 1
    assert codes(results) == ["already_claimed"] * 15
    assert task_now(task).taken == 1


@both
def test_a_verdict_is_given_once(app, cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=2, days=7).id
    claim = claim_task(cast.owner, task).id
    hand_in_task(cast.owner, claim, words="装好了。", minutes=30)
    calls = [
        lambda: verify_task(cast.moderator, claim),
        lambda: verify_task(cast.grid_worker, claim),
        lambda: send_back_task(cast.owners_committee, claim, words="还差一盏。"),
    ]
    results = at_once(app, 12, lambda i: bool(calls[i % 3]()))
    assert results.count(True) == 1
    assert codes(results) == ["nothing_handed_in"] * 11
    accepted = session().scalars(select(HandIn)).one().accepted
    assert task_now(task).done == (1 if accepted else 0)


@both
def test_handing_in_and_the_clock_at_once_leave_one_of_the_two(app, cast, number):
    task = open_task(cast.moderator, number, title="装夜灯", slots=1, days=7).id
    claim = claim_task(cast.owner, task).id
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        at_once(
            app,
            8,
            lambda i: (
                bool(hand_in_task(cast.owner, claim, words="装好了。", minutes=30))
                if i % 2
                else due_claim(CLOCK, claim)
            ),
        )
    session().rollback()
    row = session().get_one(Claim, claim)
    handed = session().scalar(select(func.count()).select_from(HandIn)) or 0
    assert (row.state, handed, task_now(task).taken) in (
        (ClaimState.HANDED_IN, 1, 1),
        (ClaimState.RETURNED, 0, 0),
    )
