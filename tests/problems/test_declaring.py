"""What can be changed is declared, a fixed topic gets no fake process, and parts have their times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.decisions.commands import move_motion
from cogov.decisions.queries.leeway import why_not_fixed
from cogov.decisions.rules.law import Force
from cogov.decisions.rules.motions import options_of
from cogov.decisions.rules.shipped import RULES
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.refusals import Refusal, Refused
from cogov.journal.models import JournalEntry
from cogov.loop import fall_due
from cogov.problems.commands import cancel_phase, declare_leeway, raise_problem, schedule_phase, triage_problem
from cogov.problems.queries import leeways, needs, parts_shown, problem_for, why_not_taken
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.leeway import Room, why_not_decide_on, why_not_declared_so
from cogov.problems.rules.phases import Part, Times, why_not_now, why_not_these_times
from cogov.threads.commands import propose_solution
from tests.cast import Cast
from tests.databases import both

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "预算已经批下来，位置还可以商量。"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code
    db.session.rollback()


def code_of(refusal: Refusal | None) -> str:
    return refusal.code if refusal is not None else ""


@pytest.fixture
def number(cast: Cast) -> str:
    longitude, latitude = cast.inside
    said = "楼道里的灯坏了一个多月，晚上看不见路。"
    raised = raise_problem(
        cast.resident, community_id=cast.community_id, text=said, longitude=longitude, latitude=latitude
    )
    number: str = raised.problem.number
    told: dict[str, Any] = {"reason": ReasonCode.COMMONS, "rule": RuleCode.R5, "words": "大家一起商量怎么装灯。"}
    triage_problem(cast.moderator, number, lane=Lane.B, **told)
    return number


def kinds() -> list[str]:
    return list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number)))


# The room for change -------------------------------------------------------------------------------------------------


def test_partly_names_what_is_open_and_nothing_else_does():
    assert code_of(why_not_declared_so(Room.PARTLY, "", WHY)) == "open_part_missing"
    assert code_of(why_not_declared_so(Room.OPEN, "颜色", WHY)) == "open_part_without"
    assert code_of(why_not_declared_so(Room.FIXED, "", "定了")) == "words_missing"
    assert why_not_declared_so(Room.PARTLY, "装在哪一层", WHY) is None


def test_what_is_fixed_is_not_decided_but_where_the_law_gives_the_owners_the_vote():
    refusal = why_not_decide_on(Room.FIXED, "管道由供电公司按规范安装。", statutory=False)
    assert refusal is not None
    assert "因为管道由供电公司按规范安装。" in str(refusal.message)
    assert refusal.what_next is not None
    assert why_not_decide_on(Room.FIXED, WHY, statutory=True) is None
    assert why_not_decide_on(Room.PARTLY, WHY, statutory=False) is None
    assert why_not_decide_on(None, "", statutory=False) is None


@both
def test_who_takes_the_topic_declares_and_every_declaration_stays(cast: Cast, number: str):
    assert "leeway" in [need.kind for need in needs(cast.moderator)]
    declare_leeway(cast.moderator, number, room=Room.OPEN, reason=WHY)
    assert "leeway" not in [need.kind for need in needs(cast.moderator)]
    partly: dict[str, Any] = {"room": Room.PARTLY, "open_part": "装在哪一层", "reason": "灯的型号由供电公司定。"}
    declare_leeway(cast.moderator, number, **partly)
    with refused("declared_already"):
        declare_leeway(cast.moderator, number, **partly)
    first, second = reversed(leeways(problem_for(cast.resident, number).id))
    assert (first.room, second.room, second.open_part) == (Room.OPEN, Room.PARTLY, "装在哪一层")
    assert kinds().count("LeewayDeclared") == 2


def test_a_telephone_number_in_a_declaration_is_masked(cast: Cast, number: str):
    told = declare_leeway(
        cast.moderator, number, room=Room.PARTLY, reason="问13812345678。", open_part="问13812345678。"
    )
    phase = schedule_phase(
        cast.moderator, number, part=Part.SOLUTIONS, closes_at=now() + 9 * DAY, reason="问13812345678。"
    )
    assert all("13812345678" not in words for words in (told.reason, told.open_part, phase.reason))


@pytest.mark.parametrize("name", ["resident", "owner", "grid_worker", "foreign_moderator"])
def test_nobody_else_declares(cast: Cast, number: str, name: str):
    with refused("not_who_declares"):
        declare_leeway(getattr(cast, name), number, room=Room.FIXED, reason=WHY)


def test_no_advisory_vote_is_moved_on_a_fixed_topic(cast: Cast, number: str):
    declare_leeway(cast.moderator, number, room=Room.FIXED, reason="灯由供电公司统一更换，已经签了合同。")
    options = options_of("支持早一点装", "维持现在的样子")
    with refused("topic_fixed"):
        move_motion(cast.owner, number, question="要不要早一点装楼道的灯", options=options, rule=RuleCode.R5)


def test_the_owners_right_by_law_is_not_declared_away(cast: Cast, number: str):
    declare_leeway(cast.moderator, number, room=Room.FIXED, reason="灯由供电公司统一更换，已经签了合同。")
    problem = problem_for(cast.owner, number)
    for rule in RULES.values():
        assert code_of(why_not_fixed(problem.id, rule)) == ("" if rule.force is Force.BINDING else "topic_fixed")
    assert why_not_fixed(problem.id, RULES[RuleCode.R3]) is None
    assert code_of(why_not_fixed(problem.id, None)) == "topic_fixed"


# Phases --------------------------------------------------------------------------------------------------------------


def test_a_part_is_open_where_nobody_set_a_time_and_within_its_times():
    times = [Times(AT, AT + DAY), Times(AT + 3 * DAY, None)]
    assert why_not_now(Part.SOLUTIONS, [], AT) is None
    assert why_not_now(Part.SOLUTIONS, times, AT) is None
    assert code_of(why_not_now(Part.SOLUTIONS, times, AT - DAY)) == "part_not_open_yet"
    assert code_of(why_not_now(Part.SOLUTIONS, times, AT + DAY)) == "part_not_open_yet"
    assert why_not_now(Part.SOLUTIONS, times, AT + 4 * DAY) is None
    refusal = why_not_now(Part.SOLUTIONS, times[:1], AT + DAY)
    assert refusal is not None
    assert refusal.code == "part_closed"
    assert dict(refusal.message.params)["start"] == AT


def test_nobody_closes_what_people_say_and_fear():
    for part in (Part.DISCUSSION, Part.CONCERNS):
        refusal = why_not_these_times(part, Times(AT, AT + DAY), "先停一停", at=AT, already=0)
        assert code_of(refusal) == "always_open"
        assert why_not_now(part, [Times(AT - DAY, AT)], AT) is None


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (Times(AT, AT), "times_out_of_range"),
        (Times(AT - 2 * DAY, AT - DAY), "times_out_of_range"),
        (Times(AT, AT + 400 * DAY), "times_out_of_range"),
        (Times(AT + 400 * DAY, None), "times_out_of_range"),
        (Times(AT, None), ""),
    ],
)
def test_a_time_lies_ahead_and_within_a_year(times: Times, code: str):
    assert code_of(why_not_these_times(Part.SOLUTIONS, times, "周五以前收方案", at=AT, already=0)) == code


@both
def test_the_clock_closes_a_part_and_says_so(cast: Cast, number: str):
    problem = problem_for(cast.resident, number)
    with time_machine.travel(now() + timedelta(hours=1), tick=False) as clock:
        until = now() + 2 * DAY
        phase = schedule_phase(
            cast.moderator, number, part=Part.SOLUTIONS, closes_at=until, reason="周五开会前要看完方案。"
        )
        assert why_not_taken(problem, Part.SOLUTIONS) is None
        assert running(Purpose.PHASE, phase.id) is not None
        clock.move_to(until)
        with refused("part_closed"):
            propose_solution(cast.resident, number, title="每层装小夜灯", text="用公区电。")
        fall_due()
        fall_due()
        assert kinds().count("PhaseClosed") == 1
        assert {shown.part for shown in parts_shown(cast.resident, problem) if not shown.open} == {Part.SOLUTIONS}


@both
def test_a_part_opens_by_the_clock_and_can_be_called_off(cast: Cast, number: str):
    problem = problem_for(cast.resident, number)
    with time_machine.travel(now() + timedelta(hours=1), tick=False) as clock:
        opens = now() + DAY
        phase = schedule_phase(
            cast.moderator, number, part=Part.SOLUTIONS, opens_at=opens, closes_at=opens + DAY, reason="先听情况。"
        )
        assert code_of(why_not_taken(problem, Part.SOLUTIONS)) == "part_not_open_yet"
        clock.move_to(opens)
        fall_due()
        assert kinds()[-1] == "PhaseOpened"
        assert why_not_taken(problem, Part.SOLUTIONS) is None
        cancel_phase(cast.moderator, phase.id)
        clock.move_to(opens + 3 * DAY)
        fall_due()
        assert "PhaseClosed" not in kinds()
        assert why_not_taken(problem, Part.SOLUTIONS) is None
        with refused("time_cancelled"):
            cancel_phase(cast.moderator, phase.id)
    with refused("not_who_schedules"):
        schedule_phase(cast.resident, number, part=Part.SOLUTIONS, reason="我要")
