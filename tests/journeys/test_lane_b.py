"""A shared matter travels the whole loop: deliberated, decided, claimed, handed over, inspected, confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.decisions.commands import answer_resolution, cast_ballot, move_motion, publish_notice, table_motion
from cogov.decisions.models import Closing, Decision, DecisionOption, Resolution
from cogov.decisions.rules.ballots import Choice, Option
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.stages import AdoptAnswer, Verdict
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.sealing import verify
from cogov.loop import fall_due
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import verify_owner
from cogov.places.models import Owner
from cogov.problems.commands import confirm_problem, second_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage
from cogov.tasks.commands import claim_task, hand_in_task, verify_task
from cogov.tasks.models import Claim, Task
from cogov.threads.commands import answer_concern, post_message, propose_solution, raise_concern
from cogov.threads.models import Concern
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import case_id_of, look, raise_something, settle, to_the_body

OPTIONS = (
    Option(1, Choice.AGREE, "同意", "在东门空地建充电棚，费用从公共收益支出。"),
    Option(2, Choice.DISAGREE, "不同意", "不建，飞线仍由消防依法整治。"),
    Option(3, Choice.ABSTAIN, "弃权", "算您参加了，不算同意。"),
)


@contextmanager
def later(**span: float) -> Iterator[None]:
    """Run what follows at a later moment, when the clocks have been looked after."""
    with time_machine.travel(now() + timedelta(**span), tick=True):
        fall_due()
        yield


def everyone_who_owns(cast: Cast) -> list[Actor]:
    """Verify an own person for every owner on the roll that has none yet; return all owners as actors."""
    owners = []
    for owner in session().scalars(select(Owner).where(Owner.community_id == cast.community_id).order_by(Owner.id)):
        if owner.person_id is None:
            person = join(CLOCK, pseudonym=f"业主{owner.id}", phone=f"137{owner.id:08d}")
            verify_owner(CLOCK, owner_id=owner.id, person_id=person.id)
        owners.append(actor_of(owner.person_id or person.id))
    return owners


CHECKED: dict[str, Any] = {"item_confirmed": True, "touches": ()}
"""What whoever publishes a notice says: the item is right, and no bar is touched."""


def deliberated(cast: Cast) -> str:
    """Raise, second, triage and talk; a concern is raised and answered."""
    number = raise_something(cast, text="二楼从窗户拉电线给电动车充电，想要一个集中充电的地方。")
    second_problem(cast.neighbour, number)
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.AB,
        reason=ReasonCode.OWNERSHIP,
        rule=RuleCode.R2,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="飞线由消防整治，充电棚占用共有部分，由业主决定。",
    )
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="租户也要充电，棚子建在东门最近。")
    propose_solution(cast.volunteer, number, title="东门建集中充电棚", text="24 个桩，离楼 6 米以上。", cost=11_800_000)
    raise_concern(cast.neighbour, number, harm="救护车回车会进不来", remedy="消防书面确认回车半径")
    return number


def concern_of(number: str, cast: Cast) -> int:
    """Return the first concern of a problem."""
    return session().scalars(select(Concern.id).where(Concern.problem_id == look(cast, number).id)).one()


def moved(cast: Cast, number: str) -> int:
    """Move and table the motion, with two tasks and a public act."""
    motion = move_motion(
        cast.owners_committee,
        number,
        question="是否在东门空地建集中充电棚",
        options=OPTIONS,
        rule=RuleCode.R2,
        item=8,
        tasks=[TaskPlan("清理东门空地", "搬走旧自行车", 2, 10)],
        public_body_id=cast.organizations["fire"],
        public_act="出具选址消防意见",
    )
    table_motion(cast.owners_committee, motion.id, item_confirmed=True)
    return motion.id


def vote(cast: Cast, decision_id: int, agreeing: int, disagreeing: int) -> None:
    """Let owners vote in order of the roll."""
    owners = everyone_who_owns(cast)
    options = {
        option.key: option.id
        for option in session().scalars(select(DecisionOption).where(DecisionOption.decision_id == decision_id))
    }
    cast_by: set[int] = set()
    for owner in owners[: agreeing + disagreeing]:
        choice = Choice.AGREE if len(cast_by) < agreeing else Choice.DISAGREE
        try:
            cast_ballot(owner, decision_id, option_id=options[choice.value])
        except Refused as refused:
            assert refused.refusal.code  # noqa: PT017 - a co-owner whose unit has voted already
            continue
        cast_by.add(owner.person_id or 0)


@both
def test_a_shared_matter_reaches_confirmation_through_vote_task_and_case(cast: Cast) -> None:
    number = deliberated(cast)
    motion_id = moved(cast, number)
    opens, closes = now() + timedelta(days=16), now() + timedelta(days=24)
    with pytest.raises(Refused, match="concern"):
        publish_notice(cast.owners_committee, motion_id, opens_at=opens, closes_at=closes, **CHECKED)
    answer_concern(cast.official, concern_of(number, cast), text="已测量，回车半径够 9 米。")
    everyone_who_owns(cast)
    decision = publish_notice(cast.owners_committee, motion_id, opens_at=opens, closes_at=closes, **CHECKED)
    assert look(cast, number).stage is Stage.DECIDING

    with later(days=17):
        vote(cast, decision.id, agreeing=19, disagreeing=1)
    with later(days=25):
        closing = session().scalars(select(Closing).where(Closing.decision_id == decision.id)).one()
        assert closing.verdict is Verdict.PASSED
        problem = look(cast, number)
        assert (problem.stage, problem.official) == (Stage.ACTING, Official.OPEN)

        resolution = session().scalars(select(Resolution).where(Resolution.decision_id == decision.id)).one()
        answer_resolution(cast.official, resolution.id, answer=AdoptAnswer.ADOPTED, reason="同意，十日内出具意见。")

        task = session().scalars(select(Task).where(Task.problem_id == problem.id)).one()
        claim_task(cast.volunteer.under(cast.volunteer.standings[0]), task.id)
        claim_task(cast.neighbour, task.id)
        for claim in session().scalars(select(Claim).where(Claim.task_id == task.id)).all():
            doer = cast.volunteer if claim.person_id == cast.volunteer.person_id else cast.neighbour
            hand_in_task(doer, claim.id, words="空地清好了，垃圾运走了。", minutes=90)
            verify_task(cast.moderator, claim.id)
        assert look(cast, number).stage is Stage.ACTING

        case_id = case_id_of(cast, number)
        to_the_body(cast, case_id, "fire", "C103")
        settle(cast, case_id)
        assert look(cast, number).stage is Stage.CONFIRMING
        confirm_problem(cast.resident, number, answer=ConfirmationAnswer.FIXED)
    problem = look(cast, number)
    assert (problem.stage, problem.ending) == (Stage.ENDED, Ending.FIXED)
    assert verify().faults == ()


@both
def test_a_vote_without_quorum_sends_the_matter_back_to_deliberation(cast: Cast) -> None:
    number = deliberated(cast)
    motion_id = moved(cast, number)
    answer_concern(cast.official, concern_of(number, cast), text="已测量，回车半径够 9 米。")
    everyone_who_owns(cast)
    decision = publish_notice(
        cast.owners_committee,
        motion_id,
        opens_at=now() + timedelta(days=16),
        closes_at=now() + timedelta(days=24),
        **CHECKED,
    )
    with later(days=17):
        vote(cast, decision.id, agreeing=5, disagreeing=0)
    with later(days=25):
        closing = session().scalars(select(Closing).where(Closing.decision_id == decision.id)).one()
        assert closing.verdict is Verdict.NO_QUORUM
        assert look(cast, number).stage is Stage.GATHERING
        assert session().get(Decision, decision.id) is not None
