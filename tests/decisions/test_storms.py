"""Many at once on one ballot, one household and one closing hour: what was answered is what is counted."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.decisions.commands import cast_ballot, close_decision, support_motion
from cogov.decisions.commands.casting import Taken
from cogov.decisions.models import Ballot, Closing, MotionSupport
from cogov.decisions.queries import counted, frozen_options
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method, parse_marks
from cogov.decisions.rules.stages import MotionState
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import change_setting, enter_owner, verify_owner
from cogov.places.models import Owner
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import option, turnout
from tests.storms import at_once

pytestmark = pytest.mark.storm


def codes(results: list[Any]) -> set[str]:
    """Return the codes of what was refused; anything else that was raised fails the test."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refused):
            raise result
    return {result.refusal.code for result in results if isinstance(result, Refused)}


def ballots(decision) -> list[Ballot]:
    session().rollback()
    return list(session().scalars(select(Ballot).where(Ballot.decision_id == decision.id).order_by(Ballot.ordinal)))


def _cast(by: Actor, decision_id: int, option_id: int, _index: int) -> Taken:
    return cast_ballot(by, decision_id, option_id=option_id)


@both
def test_fifty_identical_ballots_at_once_are_one_ballot(app, vote):
    decision = vote.opened()
    agree, voters = option(decision, 1), ("owner", "neighbour", "landlord")
    for turn, name in enumerate(voters, start=1):
        by, before = getattr(vote.cast, name), turnout(decision)

        results = at_once(app, 50, partial(_cast, by, decision.id, agree))

        assert codes(results) == set()
        session().rollback()
        assert turnout(decision)[0] == before[0] + 1
        kept = ballots(decision)[-1]
        assert (kept.ordinal, kept.changes, kept.person_id) == (turn, 49, by.person_id)
        assert {result.receipt for result in results if isinstance(result, Taken)} == {kept.receipt}
    assert turnout(decision) == (3, 8_000 + 8_300 + 8_100 + 8_200)


@both
def test_one_form_sent_fifty_times_at_once_has_one_effect(app, vote):
    decision = vote.opened()
    agree = option(decision, 1)
    results = at_once(
        app, 50, lambda _index: cast_ballot(vote.cast.owner, decision.id, option_id=agree, once="the-form")
    )
    assert codes(results) == {"already_received"}
    assert [ballot.changes for ballot in ballots(decision)] == [0]


@both
def test_of_co_owners_at_once_one_casts_and_the_others_are_told(app, vote):
    cast = vote.cast
    third = join(CLOCK, pseudonym="第三位共有人", phone="13700000001").id
    _joined_owner(cast, third)
    decision = vote.opened()
    people = [cast.owner, cast.co_owner, actor_of(third)]
    options = [option(decision, position) for position in (1, 2, 3)]

    results = at_once(app, 30, lambda index: cast_ballot(people[index % 3], decision.id, option_id=options[index % 3]))

    assert codes(results) == {"cast_by_other"}
    [kept] = ballots(decision)
    assert {result.person_id for result in results if not isinstance(result, Exception)} == {kept.person_id}
    assert sum(not isinstance(result, Exception) for result in results) == 10
    assert turnout(decision) == (1, 8_000)


def _joined_owner(cast, person_id: int) -> None:
    from_roll = select(Owner.id).where(Owner.community_id == cast.community_id, Owner.reference == "third")
    from_unit = {"unit_id": cast.unit_ids[0], "reference": "third"}
    enter_owner(CLOCK, **from_unit, since=datetime(2020, 1, 1, tzinfo=UTC).date())
    owner_id = session().scalar(from_roll)
    assert owner_id is not None
    verify_owner(CLOCK, owner_id=owner_id, person_id=person_id)


@both
def test_supports_at_once_table_a_motion_once(app, vote):
    cast = vote.cast
    change_setting(CLOCK, code=HERE, name=Setting.OWNERS_SHARE_PERCENT, value=15)  # three of 20 heads
    motion = vote.move()
    people = [cast.owner, cast.co_owner, cast.landlord, cast.neighbour]
    results = at_once(app, 40, lambda index: support_motion(people[index % 4], motion.id))
    refused = codes(results)
    assert refused <= {"already_supported", "head_supported", "motion_tabled"}
    session().rollback()
    session().refresh(motion)
    assert (motion.state, motion.supports) == (MotionState.TABLED, 3)
    assert session().scalar(select(func.count()).select_from(MotionSupport)) == 3
    tabled = select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == "MotionTabled")
    assert session().scalar(tabled) == 1


ROUNDS, CASTS, CLOSES = 3, 56, 4


def _electors(cast) -> list[Actor]:
    """Give every owner on the roll a verified person."""
    owners = select(Owner).where(Owner.community_id == cast.community_id, Owner.person_id.is_(None)).order_by(Owner.id)
    for index, owner in enumerate(list(session().scalars(owners))):
        person = join(CLOCK, pseudonym=f"业主{index}", phone=f"138{index:08d}")
        verify_owner(CLOCK, owner_id=owner.id, person_id=person.id)
    everybody = select(Owner.person_id).where(Owner.community_id == cast.community_id).order_by(Owner.id)
    return [actor_of(person_id) for person_id in session().scalars(everybody) if person_id is not None]


@both
def test_ballots_around_the_close_are_counted_exactly_when_they_were_taken(app, vote):
    """Casts and closes run side by side while the hour passes: an answer "taken" is a ballot counted, and only that."""
    electors = _electors(vote.cast)
    taken_at_all, late_at_all = 0, 0
    for turn in range(ROUNDS):
        decision = vote.opened(question=f"第 {turn} 次问，建不建充电棚")
        options = [option(decision, position) for position in (1, 2, 3)]
        dice = random.Random(turn)
        moments = [decision.closes_at + timedelta(seconds=dice.uniform(-0.2, 0.2)) for _ in range(CASTS + CLOSES)]

        def act(index: int, decision=decision, options=options, moments=moments) -> Any:
            time.sleep(max(0.0, (moments[index] - datetime.now(UTC)).total_seconds()))
            if index >= CASTS:
                return close_decision(CLOCK, decision.id)
            return cast_ballot(electors[index % len(electors)], decision.id, option_id=options[index % 3])

        with time_machine.travel(decision.closes_at - timedelta(seconds=1), tick=True):
            results = at_once(app, CASTS + CLOSES, act)
        vote.clock.move_to(decision.closes_at + timedelta(seconds=30))
        close_decision(CLOCK, decision.id)

        assert codes(results[:CASTS]) <= {"voting_closed", "cast_by_other"}
        assert codes(results[CASTS:]) <= {"too_early_to_close"}
        taken = {(b.person_id, b.id) for b in results[:CASTS] if isinstance(b, Taken)}
        kept = ballots(decision)
        assert taken == {(ballot.person_id, ballot.id) for ballot in kept}
        assert all(ballot.cast_at < decision.closes_at for ballot in kept)
        assert [ballot.ordinal for ballot in kept] == list(range(1, len(kept) + 1))
        counts = counted(decision.id, frozen_options(decision.id))
        assert [(o.heads, o.area) for o in frozen_options(decision.id)] == [(c.heads, c.area) for c in counts]
        assert sum(count.heads for count in counts) == len(kept) == turnout(decision)[0]
        closed = select(func.count()).select_from(Closing).where(Closing.decision_id == decision.id)
        assert session().scalar(closed) == 1
        taken_at_all += len(taken)
        late_at_all += sum(isinstance(result, Refused) for result in results[:CASTS])
    assert taken_at_all
    assert late_at_all


RANKING = BallotForm(Method.RANKED, DecidingCount.SCHULZE)
MONEY = BallotForm(Method.BUDGET, DecidingCount.EQUAL_SHARES, budget=25_000_00)
ORDERS = ("1:1 2:2 3:3", "1:2 2:1", "1:3 2:2 3:1")
CHOICES = ("1:1 2:1", "2:1", "1:1 3:1")


@both
@pytest.mark.parametrize(
    ("rule", "form", "ballots_of"), [(RuleCode.R5, RANKING, ORDERS), (RuleCode.R13, MONEY, CHOICES)]
)
def test_marks_cast_at_once_are_counted_as_the_last_that_was_answered(app, poll, rule, form, ballots_of):
    """Three households rank, or give out money, ten times each at once: what each cast last is what is counted."""
    poll.rule = rule
    costs = (10_000_00, 15_000_00, 20_000_00) if form.budget else (0, 0, 0)
    offered = tuple(Option(n, f"o{n}", f"选项 {n}", "选它就做它。", costs[n - 1]) for n in (1, 2, 3))
    decision = poll.opened(form=form, options=offered)
    people = [getattr(poll.cast, name) for name in ("owner", "tenant", "neighbour")]

    results = at_once(
        app, 30, lambda index: cast_ballot(people[index % 3], decision.id, marks=ballots_of[index // 3 % 3])
    )

    assert codes(results) == set()
    kept = ballots(decision)
    assert [(ballot.ordinal, ballot.changes) for ballot in kept] == [(1, 9), (2, 9), (3, 9)]
    assert turnout(decision)[0] == 3
    assert all(ballot.marks in ballots_of for ballot in kept)
    last = {ballot.person_id: ballot.marks for ballot in kept}
    poll.clock.move_to(decision.closes_at)
    closings = at_once(app, 3, lambda _index: close_decision(CLOCK, decision.id))
    assert codes(closings) == set()
    session().rollback()
    count = json.loads(session().scalars(select(Closing.count).where(Closing.decision_id == decision.id)).one())
    assert count["ballots"] == 3
    first = [sum(parse_marks(marks).get(position) == 1 for marks in last.values()) for position in (1, 2, 3)]
    assert (count["votes"] if form.budget else count["first"]) == first
