"""A duty of a public body reaches closure without any vote, and the raisers have the last word."""

from __future__ import annotations

import time_machine
from sqlalchemy import func, select

from cogov.cases.models import Case
from cogov.decisions.models import Decision
from cogov.duties.queries import clocks_of
from cogov.ground.db import session
from cogov.journal.reading import public_entries
from cogov.journal.sealing import verify
from cogov.loop import fall_due
from cogov.problems.commands import confirm_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Official, Stage
from cogov.tell.notices import spread_all, unread
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import case_id_of, look, raise_something, settle, to_the_body


def _triaged(cast: Cast) -> str:
    number = raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。", matter_id=cast.matters["C103"])
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.A,
        reason=ReasonCode.DUTY,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="拆除飞线是消防的职责，先办起来。",
    )
    return number


@both
def test_a_duty_reaches_confirmation_without_any_vote(cast: Cast) -> None:
    number = _triaged(cast)
    assert look(cast, number).stage is Stage.OFFICIAL

    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    assert look(cast, number).accountable_id == cast.organizations["fire"]
    settle(cast, case_id)

    problem = look(cast, number)
    assert (problem.stage, problem.official) == (Stage.CONFIRMING, Official.CLOSED)
    confirm_problem(cast.resident, number, answer=ConfirmationAnswer.FIXED)

    problem = look(cast, number)
    assert (problem.stage, problem.ending) == (Stage.ENDED, Ending.FIXED)
    assert session().scalar(select(func.count()).select_from(Decision)) == 0
    assert clocks_of(problem.id) == []
    assert verify().faults == ()


@both
def test_not_fixed_opens_a_second_round_that_awaits_three_stamps_again(cast: Cast) -> None:
    number = _triaged(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    confirm_problem(cast.resident, number, answer=ConfirmationAnswer.NOT_FIXED, words="第二天线又拉下来了。")

    problem = look(cast, number)
    assert (problem.stage, problem.official, problem.round) == (Stage.OFFICIAL, Official.OPEN, 2)
    assert case_id_of(cast, number) == case_id
    from_the_start = session().get(Case, case_id)
    assert from_the_start is not None
    assert from_the_start.round == 2


def test_an_emergency_opens_a_case_at_once_and_never_waits_for_a_person(cast: Cast) -> None:
    number = raise_something(cast, text="三号楼楼道正在冒烟，有人被困在五楼！", burning=True)

    problem = look(cast, number)
    assert problem.emergency
    assert problem.lane is Lane.A
    assert case_id_of(cast, number)


def test_silence_after_closing_is_unconfirmed_not_satisfaction(cast: Cast) -> None:
    number = _triaged(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)

    with time_machine.travel(clocks_of(look(cast, number).id)[0].due_at, tick=True):
        assert fall_due() >= 1
    problem = look(cast, number)
    assert (problem.stage, problem.ending) == (Stage.ENDED, Ending.UNCONFIRMED)


def test_everything_stands_in_one_timeline_and_the_raiser_is_told_once(cast: Cast) -> None:
    number = _triaged(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)

    kinds = [entry.kind for entry in public_entries(look(cast, number).id, None, 100)]
    for kind in ("ProblemRaised", "ProblemTriaged", "CaseOpened", "CaseDispatched", "CaseClosed", "RaisersAsked"):
        assert kinds.count(kind) == 1, kind

    spread_all()
    told = unread(cast.resident)
    assert told > 0
    spread_all()
    assert unread(cast.resident) == told
    assert unread(cast.outsider) == 0
