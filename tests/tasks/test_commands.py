"""Every verb of a task, what it refuses, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.decisions.models import Decision, Motion, PlannedTask, Resolution
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.files.models import Picture
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.people.commands import grant_role
from cogov.people.queries import actor_of
from cogov.people.rules import ANYONE, CLOCK, Actor, Role
from cogov.places.commands import change_setting, move_out
from cogov.places.models import Residence
from cogov.places.rules import Setting
from cogov.problems.commands import ask_raisers, confirm_problem, note_deciding, triage_problem
from cogov.problems.queries import names_on, problem_for
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.tasks.commands import (
    cancel_task,
    claim_task,
    due_claim,
    hand_in_task,
    open_planned,
    open_task,
    return_claim,
    send_back_task,
    verify_task,
)
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.queries import minutes_worked, open_tasks
from cogov.tasks.rules import ClaimState, TaskState
from tests.cast import HERE, Cast


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code
    db.session.rollback()


def kinds() -> list[str]:
    """Return what was recorded of tasks; what the loop does about it is the loop's own test."""
    of_tasks = {name for name, kind in KINDS.items() if kind.__module__ == "cogov.tasks.events"}
    every = session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number))
    return [kind for kind in every if kind in of_tasks]


def a_task(cast: Cast, number: str, **plan: Any) -> int:
    return open_task(cast.moderator, number, **{"title": "装夜灯", "slots": 2, "days": 7, **plan}).id


def a_claim(cast: Cast, number: str, by: Actor | None = None) -> int:
    return claim_task(by or cast.owner, a_task(cast, number)).id


def handed_in(cast: Cast, number: str, by: Actor | None = None) -> int:
    claim = a_claim(cast, number, by)
    hand_in_task(by or cast.owner, claim, words="装好了三盏。", minutes=90)
    return claim


def for_organization(actor: Actor) -> Actor:
    return actor.under(next(held for held in actor.standings if held.organization_id))


def task_of(task_id: int) -> Task:
    return session().get_one(Task, task_id)


def claim_of(claim_id: int) -> Claim:
    return session().get_one(Claim, claim_id)


def a_picture(owner: Actor, problem_id: int | None = None) -> int:
    with transaction():
        picture = Picture(
            name="0" * 64,
            width=1,
            height=1,
            size=1,
            uploaded_by=owner.person_id,
            uploaded_at=now(),
            problem_id=problem_id,
        )
        session().add(picture)
        session().flush()
        return picture.id


# Opening -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["moderator", "owners_committee"])
def test_the_committee_or_the_owners_committee_opens_a_task_for_its_organization(cast, number, name):
    by = getattr(cast, name)
    task = open_task(by, number, title="装夜灯", slots=3, days=7)
    assert task.organization_id == by.standings[0].organization_id
    assert (task.state, task.taken, task.done) == (TaskState.OPEN, 0, 0)
    assert open_tasks(task.problem_id) == 1
    assert kinds()[-1] == "TaskOpened"


@pytest.mark.parametrize(
    "name", ["owner", "volunteer", "grid_worker", "chair", "official", "outsider", "foreign_moderator"]
)
def test_others_open_no_task(cast, number, name):
    with refused("not_who_opens_tasks"):
        open_task(getattr(cast, name), number, title="装夜灯")


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"slots": 0}, "slots_out_of_range"),
        ({"slots": 501}, "slots_out_of_range"),
        ({"days": 0}, "days_out_of_range"),
        ({"days": 15}, "days_out_of_range"),
        ({"title": " "}, "words_missing"),
        ({"title": "长" * 61}, "words_too_long"),
        ({"text": "长" * 4001}, "words_too_long"),
        ({"meeting_point": "空\x00"}, "words_unreadable"),
    ],
)
def test_a_task_that_cannot_be_kept_track_of_is_refused(cast, number, plan, code):
    with refused(code):
        a_task(cast, number, **plan)


def test_a_place_decides_how_long_a_claim_may_be_kept(cast, number):
    change_setting(CLOCK, code=HERE, name=Setting.CLAIM_DAYS, value=30)
    assert task_of(a_task(cast, number, days=30)).days == 30


def test_tasks_are_opened_when_something_can_be_done(cast, raised):
    with refused("not_time_for_tasks"):
        a_task(cast, raised)
    triage_problem(cast.moderator, raised, lane=Lane.B, reason=ReasonCode.COMMONS, words="大家商量。")
    a_task(cast, raised)
    with transaction():
        note_deciding(CLOCK, problem_for(cast.owner, raised).id)
    with refused("not_time_for_tasks"):
        a_task(cast, raised)


def test_no_task_on_an_ended_or_hidden_problem(cast, raised):
    triage_problem(cast.moderator, raised, lane=Lane.M, reason=ReasonCode.DISPUTE, words="先调解。", hidden=True)
    with refused("problem_hidden"):
        a_task(cast, raised)


def test_an_ended_problem_takes_no_task_and_no_claim(cast, number):
    task = a_task(cast, number)
    ask_raisers(CLOCK, problem_for(cast.owner, number).id)
    confirm_problem(cast.resident, number, answer=ConfirmationAnswer.FIXED)
    with refused("problem_ended"):
        a_task(cast, number)
    with refused("problem_ended"):
        claim_task(cast.owner, task)


# Claiming ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resident", "owner", "tenant", "landlord"])
def test_whoever_lives_or_owns_here_claims_for_themselves(cast, number, name):
    by = getattr(cast, name)
    claim = claim_task(by, a_task(cast, number))
    assert (claim.state, claim.organization_id) == (ClaimState.ACTIVE, None)
    assert task_of(claim.task_id).taken == 1
    clock = running(Purpose.CLAIM, claim.id)
    assert clock is not None
    assert (clock.due_at, clock.person_id) == (claim.due_at, by.person_id)
    assert by.person_id in names_on(problem_for(by, number).id)


@pytest.mark.parametrize("name", ["volunteer", "party_member", "owners_committee"])
def test_a_member_claims_for_the_organization_they_chose_to_act_for(cast, number, name):
    by = for_organization(getattr(cast, name))
    claim = claim_task(by, a_task(cast, number))
    assert (claim.organization_id, claim.standing_id) == (by.organization_id, by.acting and by.acting.id)
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "TaskClaimed")).one()
    assert entry.organization_id == by.organization_id


@pytest.mark.parametrize("name", ["volunteer", "party_member", "owners_committee"])
def test_an_organization_is_bound_only_when_it_was_chosen(cast, number, name):
    with refused("choose_organization"):
        claim_task(getattr(cast, name), a_task(cast, number))


@pytest.mark.parametrize("name", ["moderator", "official", "grid_worker", "street_office"])
def test_public_bodies_and_committees_claim_nothing(cast, number, name):
    with refused("not_claimed_in_this_role"):
        claim_task(for_organization(getattr(cast, name)), a_task(cast, number))


@pytest.mark.parametrize("name", ["outsider", "auditor"])
def test_an_outsider_claims_nothing(cast, number, name):
    task = a_task(cast, number)
    with refused("not_of_this_place"):
        claim_task(getattr(cast, name), task)
    assert task_of(task).taken == 0


def test_who_is_not_signed_in_is_told_to(cast, number):
    with refused("sign_in_first"):
        claim_task(ANYONE, a_task(cast, number))


def test_one_person_has_one_slot(cast, number):
    claim = a_claim(cast, number)
    with refused("already_claimed"):
        claim_task(cast.owner, claim_of(claim).task_id)
    assert task_of(claim_of(claim).task_id).taken == 1


def test_a_full_task_says_so(cast, number):
    task = a_task(cast, number, slots=1)
    claim_task(cast.owner, task)
    with refused("no_slot_left"):
        claim_task(cast.tenant, task)


def test_a_claim_is_due_after_the_tasks_days_counted_from_when_it_can_begin(cast, number):
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=False):
        assert claim_task(cast.owner, a_task(cast, number, days=7)).due_at == now() + timedelta(days=7)
        later = a_task(cast, number, days=3, starts_at=now() + timedelta(days=10))
        assert claim_task(cast.owner, later).due_at == now() + timedelta(days=13)


def test_what_is_not_there_is_not_found(cast, number):
    for call in (
        lambda: claim_task(cast.owner, 10**9),
        lambda: hand_in_task(cast.owner, 10**9, words="做完了。", minutes=5),
        lambda: due_claim(CLOCK, 10**9),
    ):
        with pytest.raises(NotFound):
            call()


# Giving back ---------------------------------------------------------------------------------------------------------


def test_giving_back_frees_the_slot_for_somebody_else_and_for_oneself(cast, number):
    task = a_task(cast, number, slots=1)
    return_claim(cast.owner, claim_task(cast.owner, task).id)
    assert task_of(task).taken == 0
    again = claim_task(cast.owner, task)
    return_claim(cast.owner, again.id)
    claim_task(cast.tenant, task)
    assert running(Purpose.CLAIM, again.id) is None


def test_nobody_gives_back_what_others_claimed(cast, number):
    claim = a_claim(cast, number)
    for name in ("tenant", "moderator", "outsider"):
        with refused("not_your_claim"):
            return_claim(getattr(cast, name), claim)


def test_handed_in_work_is_not_given_back(cast, number):
    with refused("claim_not_active"):
        return_claim(cast.owner, handed_in(cast, number))


def test_a_claim_that_is_not_kept_is_returned_by_the_clock_once(cast, number):
    claim = a_claim(cast, number)
    task = claim_of(claim).task_id
    due_claim(CLOCK, claim)
    assert claim_of(claim).state is ClaimState.ACTIVE
    with time_machine.travel(claim_of(claim).due_at + timedelta(seconds=1), tick=False):
        due_claim(CLOCK, claim)
        due_claim(CLOCK, claim)
        assert (claim_of(claim).state, task_of(task).taken) == (ClaimState.RETURNED, 0)
        assert running(Purpose.CLAIM, claim) is None
        with refused("claim_not_active"):
            hand_in_task(cast.owner, claim, words="做完了。", minutes=30)
    assert kinds().count("ClaimReturned") == 1


def test_the_clock_leaves_handed_in_work_alone(cast, number):
    claim = handed_in(cast, number)
    with time_machine.travel(now() + timedelta(days=90), tick=False):
        due_claim(CLOCK, claim)
    assert claim_of(claim).state is ClaimState.HANDED_IN


# Handing in ----------------------------------------------------------------------------------------------------------


def test_handing_in_stops_the_clock_and_waits_for_another_person(cast, number):
    claim = a_claim(cast, number)
    picture = a_picture(cast.owner)
    row = hand_in_task(cast.owner, claim, words="装好了三盏。", minutes=90, picture_id=picture)
    assert (row.turn, row.minutes, row.picture_id) == (1, 90, picture)
    assert claim_of(claim).state is ClaimState.HANDED_IN
    assert running(Purpose.CLAIM, claim) is None
    assert minutes_worked(problem_for(cast.owner, number).id) == 0


@pytest.mark.parametrize(
    ("work", "code"),
    [
        ({"words": " "}, "words_missing"),
        ({"words": "长" * 2001}, "words_too_long"),
        ({"minutes": 0}, "minutes_out_of_range"),
        ({"minutes": 14_401}, "minutes_out_of_range"),
        ({"picture_id": 10**9}, "picture_unknown"),
    ],
)
def test_a_report_says_what_was_done_and_how_long(cast, number, work, code):
    claim = a_claim(cast, number)
    with refused(code):
        hand_in_task(cast.owner, claim, **{"words": "装好了。", "minutes": 30, **work})


def test_a_report_shows_only_ones_own_picture(cast, number):
    claim, foreign = a_claim(cast, number), a_picture(cast.tenant)
    with refused("picture_unknown"):
        hand_in_task(cast.owner, claim, words="装好了。", minutes=30, picture_id=foreign)


def test_others_do_not_hand_in(cast, number):
    claim = a_claim(cast, number)
    for name in ("tenant", "moderator", "outsider"):
        with refused("not_your_claim"):
            hand_in_task(getattr(cast, name), claim, words="做完了。", minutes=30)


def test_work_is_handed_in_once(cast, number):
    with refused("claim_not_active"):
        hand_in_task(cast.owner, handed_in(cast, number), words="再交一次。", minutes=5)


# Verifying -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["moderator", "owners_committee", "grid_worker"])
def test_another_person_verifies_under_their_mandate(cast, number, name):
    by = getattr(cast, name)
    claim = handed_in(cast, number)
    row = verify_task(by, claim)
    assert (row.accepted, row.judged_by, row.judged_for) == (True, by.person_id, by.standings[0].organization_id)
    assert claim_of(claim).state is ClaimState.VERIFIED
    assert task_of(claim_of(claim).task_id).done == 1
    assert minutes_worked(problem_for(by, number).id) == 90


@pytest.mark.parametrize("name", ["tenant", "official", "chair", "volunteer", "outsider", "foreign_moderator"])
def test_others_verify_nothing_and_send_nothing_back(cast, number, name):
    claim = handed_in(cast, number)
    with refused("not_who_verifies"):
        verify_task(getattr(cast, name), claim)
    with refused("not_who_verifies"):
        send_back_task(getattr(cast, name), claim, words="还差一盏。")
    assert claim_of(claim).state is ClaimState.HANDED_IN


def test_nobody_verifies_their_own_work(cast, number):
    grant_role(
        CLOCK,
        person_id=cast.owner.person_id,
        role=Role.MODERATOR,
        scope=HERE,
        organization_id=cast.organizations["committee"],
        public_name="林岚",
    )
    owner = actor_of(cast.owner.person_id or 0)
    claim = handed_in(cast, number, owner)
    with refused("own_work"):
        verify_task(owner, claim)
    verify_task(cast.moderator, claim)


def test_nobody_verifies_the_work_of_their_own_organization(cast, number):
    grant_role(
        CLOCK,
        person_id=cast.neighbour.person_id,
        role=Role.OWNERS_COMMITTEE,
        scope=HERE,
        organization_id=cast.organizations["owners_committee"],
        public_name="邻居",
    )
    claim = handed_in(cast, number, for_organization(actor_of(cast.neighbour.person_id or 0)))
    for call in (
        lambda: verify_task(cast.owners_committee, claim),
        lambda: send_back_task(cast.owners_committee, claim, words="缺。"),
    ):
        with refused("own_organization"):
            call()
    verify_task(cast.grid_worker, claim)


def test_nothing_is_verified_before_it_is_handed_in_or_twice(cast, number):
    claim = a_claim(cast, number)
    with refused("nothing_handed_in"):
        verify_task(cast.moderator, claim)
    hand_in_task(cast.owner, claim, words="装好了。", minutes=30)
    verify_task(cast.moderator, claim)
    with refused("nothing_handed_in"):
        verify_task(cast.grid_worker, claim)
    with refused("nothing_handed_in"):
        send_back_task(cast.grid_worker, claim, words="还差一盏。")
    assert task_of(claim_of(claim).task_id).done == 1


def test_work_sent_back_says_what_is_missing_and_gets_a_short_clock(cast, number):
    claim = handed_in(cast, number)
    with time_machine.travel(now() + timedelta(days=20), tick=False):
        send_back_task(cast.moderator, claim, words="五楼那盏不亮。")
        clock = running(Purpose.CLAIM, claim)
        assert clock is not None
        assert clock.due_at == claim_of(claim).due_at == now() + timedelta(days=3)
        row = hand_in_task(cast.owner, claim, words="五楼换了灯泡。", minutes=15)
        assert row.turn == 2
        verify_task(cast.grid_worker, claim)
    first, second = session().scalars(select(HandIn).order_by(HandIn.turn)).all()
    assert (first.accepted, first.verdict_words, first.words) == (False, "五楼那盏不亮。", "装好了三盏。")
    assert second.accepted is True
    assert minutes_worked(problem_for(cast.owner, number).id) == 15


def test_sending_back_without_a_word_is_refused(cast, number):
    with refused("words_missing"):
        send_back_task(cast.moderator, handed_in(cast, number), words=" ")


def test_a_task_is_done_when_every_slot_is_verified_and_the_problem_when_every_task_is(cast, number):
    first, second = a_task(cast, number, slots=2), a_task(cast, number, slots=1)
    for by, task in ((cast.owner, first), (cast.tenant, first), (cast.owner, second)):
        claim = claim_task(by, task).id
        hand_in_task(by, claim, words="装好了。", minutes=30)
        verify_task(cast.grid_worker, claim)
    assert task_of(first).state is TaskState.DONE
    assert open_tasks(problem_for(cast.owner, number).id) == 0
    assert kinds().count("TaskDone") == 2
    assert kinds().count("TasksCompleted") == 1
    assert kinds()[-1] == "TasksCompleted"
    with refused("task_done"):
        claim_task(cast.neighbour, first)


# Calling off ---------------------------------------------------------------------------------------------------------


def test_who_opened_a_task_calls_it_off_with_a_reason_and_claims_are_released(cast, number):
    claim = a_claim(cast, number)
    task = claim_of(claim).task_id
    with refused("words_missing"):
        cancel_task(cast.moderator, task, reason=" ")
    cancel_task(cast.moderator, task, reason="物业已经装好了。")
    assert (task_of(task).state, task_of(task).taken) == (TaskState.CANCELLED, 0)
    assert claim_of(claim).state is ClaimState.RETURNED
    assert running(Purpose.CLAIM, claim) is None
    assert "TasksCompleted" not in kinds()
    with refused("task_cancelled"):
        claim_task(cast.tenant, task)
    with refused("task_not_open"):
        cancel_task(cast.moderator, task, reason="再取消一次。")


@pytest.mark.parametrize("name", ["owner", "owners_committee", "grid_worker", "chair", "outsider", "foreign_moderator"])
def test_nobody_else_calls_a_task_off(cast, number, name):
    with refused("not_who_opened"):
        cancel_task(getattr(cast, name), a_task(cast, number), reason="不做了。")


def test_work_that_waits_is_looked_at_before_a_task_is_called_off(cast, number):
    claim = handed_in(cast, number)
    task = claim_of(claim).task_id
    with refused("work_waits"):
        cancel_task(cast.moderator, task, reason="不做了。")
    verify_task(cast.moderator, claim)
    cancel_task(cast.moderator, task, reason="剩下的不做了。")
    assert kinds()[-2:] == ["TaskCancelled", "TasksCompleted"]


# From a resolution ---------------------------------------------------------------------------------------------------


def a_resolution(cast: Cast, number: str) -> int:
    """Put a passed motion with two planned tasks where decisions keep it."""
    problem = problem_for(cast.owner, number)
    at = now()
    with transaction():
        motion = Motion(
            problem_id=problem.id, community_id=problem.community_id, question="装夜灯吗", salt="0", rule="R5",
            person_id=cast.owner.person_id, at=at, tabled_for=cast.organizations["owners_committee"],
        )  # fmt: skip
        session().add(motion)
        session().flush()
        for title in ("买灯", "装灯"):
            session().add(PlannedTask(motion_id=motion.id, title=title, slots=2, days=60))
            session().flush()
        decision = Decision(
            motion_id=motion.id, problem_id=problem.id, community_id=problem.community_id, question="装夜灯吗",
            rule="R5", frozen_rule="{}", fingerprint="0", notice_at=at, notice_by=cast.moderator.person_id, opens_at=at,
            closes_at=at + timedelta(days=1), heads_total=1, area_total=1, units_total=1,
        )  # fmt: skip
        session().add(decision)
        session().flush()
        resolution = Resolution(decision_id=decision.id, problem_id=problem.id, text="装夜灯", salt="0", at=at)
        session().add(resolution)
        session().flush()
        return resolution.id


def test_planned_tasks_are_opened_once_for_whoever_tabled_the_motion(cast, number):
    resolution = a_resolution(cast, number)
    tasks = open_planned(CLOCK, resolution)
    assert [(task.title, task.slots, task.resolution_id) for task in tasks] == [
        ("买灯", 2, resolution),
        ("装灯", 2, resolution),
    ]
    assert open_planned(CLOCK, resolution) == []
    assert {task.organization_id for task in tasks} == {cast.organizations["owners_committee"]}
    with time_machine.travel("2026-11-23T02:00:00+00:00", tick=False):
        assert claim_task(cast.owner, tasks[0].id).due_at == now() + timedelta(days=14)
    with refused("not_who_opened"):
        cancel_task(cast.moderator, tasks[1].id, reason="不做了。")
    cancel_task(cast.owners_committee, tasks[1].id, reason="不做了。")


def test_who_has_promised_work_hands_it_in_before_moving_out(cast: Cast, number: str) -> None:
    claim_id = a_claim(cast, number, cast.tenant)
    home = session().scalars(select(Residence.id).where(Residence.person_id == cast.tenant.person_id)).one()
    with refused("claim_in_hand"):
        move_out(cast.tenant, home)
    return_claim(cast.tenant, claim_id)
    move_out(cast.tenant, home)
