"""What happens when nobody acts in time; the clock is the only thing that moves in these tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cogov.cases.commands import (
    acknowledge_case,
    answer_call,
    call_bodies,
    close_case,
    due_call,
    due_case,
    handle_case,
    no_call_needed,
    rework_case,
)
from cogov.cases.models import Call
from cogov.cases.queries import stamps_of
from cogov.cases.rules import CallState, CaseState, StampKind
from cogov.duties.commands import pause_clock
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def told(kind: str) -> list[dict[str, object]]:
    rows = session().scalars(select(JournalEntry.facts).where(JournalEntry.kind == kind))
    return [json.loads(facts) for facts in rows]


def due_at(purpose: Purpose, subject_id: int) -> datetime:
    clock = running(purpose, subject_id)
    assert clock is not None
    return clock.due_at


def test_a_case_that_nobody_verifies_is_told_to_the_street_once(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = a_case(cast)
        assert due_at(Purpose.CASE, case.id) == MONDAY + timedelta(hours=24)
        traveller.shift(timedelta(hours=23, minutes=59))
        due_case(CLOCK, case.id)
        assert (case.overdue_at, told("CaseOverdue")) == (None, [])
        traveller.shift(timedelta(minutes=1))
        for _ in range(3):
            due_case(CLOCK, case.id)
        assert case.overdue_at == now()
        assert told("CaseOverdue") == [
            {"body": cast.organizations["supervision"], "case": case.id, "to": cast.organizations["street"]}
        ]
        assert case.accountable_id == cast.organizations["supervision"]
        assert case.state is CaseState.REPORTED


def test_the_next_one_who_is_late_is_told_of_too_and_the_first_lateness_stays(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = a_case(cast)
        traveller.shift(timedelta(hours=25))
        due_case(CLOCK, case.id)
        first = case.overdue_at
        walked(cast, CaseState.HANDLING, case)
        due_case(CLOCK, case.id)
        assert len(told("CaseOverdue")) == 1
        traveller.move_to(due_at(Purpose.CASE, case.id))
        due_case(CLOCK, case.id)
        due_case(CLOCK, case.id)
        assert [each["body"] for each in told("CaseOverdue")] == [
            cast.organizations["supervision"],
            cast.organizations["fire"],
        ]
        assert case.overdue_at == first


def test_every_hand_off_before_the_dispatch_has_its_own_day(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = a_case(cast)
        for state in (CaseState.VERIFIED, CaseState.ACCEPTED, CaseState.FILED):
            traveller.shift(timedelta(hours=5))
            walked(cast, state, case)
            assert due_at(Purpose.CASE, case.id) == now() + timedelta(hours=24)


def test_the_body_s_clock_starts_with_the_dispatch_and_not_with_the_signature(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.DISPATCHED)
        promised = due_at(Purpose.CASE, case.id)
        traveller.shift(timedelta(hours=20))
        acknowledge_case(cast.official, case.id)
        assert due_at(Purpose.CASE, case.id) == promised


def test_rework_leaves_the_body_the_time_it_had_left(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING)
        promised = due_at(Purpose.CASE, case.id)
        traveller.move_to(promised - timedelta(hours=3))
        no_call_needed(cast.dispatcher, case.id, words="一家可以")
        handle_case(cast.official, case.id, words="办完了")
        traveller.shift(timedelta(hours=10))
        rework_case(cast.inspector, case.id, words="还有一根线")
        assert due_at(Purpose.CASE, case.id) == now() + timedelta(hours=3)
        # Reporting again and again wins no time.
        traveller.shift(timedelta(hours=2))
        handle_case(cast.official, case.id, words="这次好了")
        traveller.shift(timedelta(hours=1))
        rework_case(cast.inspector, case.id, words="还是没有")
        assert due_at(Purpose.CASE, case.id) == now() + timedelta(hours=1)


def test_a_paused_clock_is_never_called_late(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING)
        clock = running(Purpose.CASE, case.id)
        assert clock is not None
        with pytest.raises(Refused) as refused:
            pause_clock(cast.official, clock.id, reason="等供电公司勘测")
        assert refused.value.refusal.code == "not_who_pauses"
        pause_clock(cast.dispatcher, clock.id, reason="等供电公司勘测")
        traveller.shift(timedelta(days=30))
        due_case(CLOCK, case.id)
        assert told("CaseOverdue") == []


def test_a_closed_case_is_never_late(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.CLOSED)
        traveller.shift(timedelta(days=30))
        due_case(CLOCK, case.id)
        assert told("CaseOverdue") == []
        assert running(Purpose.CASE, case.id) is None


def test_a_call_not_answered_in_time_is_told_once_and_stays_open(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING)
        (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        assert call.due_at == MONDAY + timedelta(hours=48)
        traveller.shift(timedelta(hours=47))
        due_call(CLOCK, call.id)
        assert told("CallOverdue") == []
        with pytest.raises(Refused) as refused:
            no_call_needed(cast.dispatcher, case.id, words="不等了")
        assert refused.value.refusal.code == "calls_waiting"
        traveller.shift(timedelta(hours=2))
        due_call(CLOCK, call.id)
        due_call(CLOCK, call.id)
        assert told("CallOverdue") == [
            {
                "body": cast.organizations["property"],
                "call": call.id,
                "case": case.id,
                "to": cast.organizations["street"],
            }
        ]
        answer_call(cast.called_official, call.id, words="迟了，到了")
        assert call.state is CallState.ANSWERED


def test_a_late_call_can_be_waited_for_no_longer_with_words_so_that_the_case_can_close(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING)
        (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        traveller.shift(timedelta(hours=49))
        no_call_needed(cast.dispatcher, case.id, words="消防已代为断电")
        session().refresh(call)
        assert call.state is CallState.RELEASED
        assert running(Purpose.CALL, call.id) is None
        assert StampKind.JOINT in {stamp.kind for stamp in stamps_of(case)}
        with pytest.raises(Refused):
            answer_call(cast.called_official, call.id, words="到了")


def test_an_answered_call_is_never_late(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.HANDLING)
        (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        answer_call(cast.called_official, call.id, words="到了")
        traveller.shift(timedelta(days=9))
        due_call(CLOCK, call.id)
        assert told("CallOverdue") == []
        assert session().scalars(select(Call.overdue_at)).all() == [None]


def test_an_emergency_is_late_after_two_hours_with_the_centre(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = a_case(cast, a_problem(cast, emergency=True))
        traveller.shift(timedelta(hours=2))
        due_case(CLOCK, case.id)
        assert len(told("CaseOverdue")) == 1


def test_a_late_case_can_still_be_finished(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        case = walked(cast, CaseState.FED_BACK)
        traveller.shift(timedelta(days=3))
        due_case(CLOCK, case.id)
        close_case(cast.closer, case.id)
        assert (case.state, case.overdue_at is not None) == (CaseState.CLOSED, True)
