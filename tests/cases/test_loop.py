"""The official loop from report to close, back and forth, and again after "not fixed"."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from cogov.cases.commands import (
    accept_case,
    acknowledge_case,
    answer_call,
    call_bodies,
    close_case,
    dispatch_case,
    feed_back_case,
    file_case,
    handle_case,
    no_call_needed,
    open_case,
    pass_case,
    refuse_case,
    reopen_case,
    return_case,
    rework_case,
    verify_case,
)
from cogov.cases.models import Call, Case, Stamp, Step
from cogov.cases.queries import cases_without_holder, last_case_of, open_case_of, stamps_of
from cogov.cases.rules import CaseState, RefusalReason, StampKind, StepKind
from cogov.duties.commands import enter_matter
from cogov.duties.models import RunningClock
from cogov.duties.queries import running
from cogov.duties.rules.duty import MatterKey, MatterKind
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK, Role
from cogov.tell.audience.finding import audience
from tests.cases.scene import STATES, a_case, a_problem, also, walked
from tests.cast import Cast
from tests.databases import both


def kinds_of(case: Case) -> set[StampKind]:
    return {stamp.kind for stamp in stamps_of(case)}


def steps_of(case: Case) -> list[StepKind]:
    return list(session().scalars(select(Step.kind).where(Step.case_id == case.id).order_by(Step.seq)))


def entries(kind: str) -> list[JournalEntry]:
    return list(session().scalars(select(JournalEntry).where(JournalEntry.kind == kind).order_by(JournalEntry.number)))


@both
def test_a_case_goes_from_report_to_close_under_five_stamps_each_by_its_own_side(cast: Cast) -> None:
    case = a_case(cast)
    verify_case(cast.grid_worker, case.id, words="看到三根线")
    accept_case(cast.closer, case.id)
    file_case(cast.inspector, case.id)
    dispatch_case(
        cast.dispatcher, case.id, body_id=cast.organizations["fire"], duty_item_id=cast.duty_items["C103"], basis="清单"
    )
    acknowledge_case(cast.official, case.id)
    (call,) = call_bodies(
        cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="断开架空层私接电源"
    )
    answer_call(cast.called_official, call.id, words="电源已断开")
    handle_case(cast.official, case.id, words="飞线已拆除", basis="应急管理部令第5号第37条")
    pass_case(cast.inspector, case.id)
    feed_back_case(cast.inspector, case.id, words="三号楼的线已经拆了")
    close_case(cast.closer, case.id, basis="测试")

    assert case.state is CaseState.CLOSED
    assert case.closed_by == cast.closer.person_id != case.inspected_by
    signed = {stamp.kind: stamp.organization_id for stamp in stamps_of(case)}
    assert signed == {
        StampKind.PROBLEM: cast.organizations["committee"],
        StampKind.COMMAND: cast.organizations["command"],
        StampKind.DUTY: cast.organizations["fire"],
        StampKind.JOINT: cast.organizations["property"],
        StampKind.FEEDBACK: cast.organizations["supervision"],
    }
    assert running(Purpose.CASE, case.id) is None
    assert [e.kind for e in session().scalars(select(JournalEntry).where(JournalEntry.subject_kind == "case"))] == [
        "CaseOpened",
        "CaseVerified",
        "CaseAccepted",
        "CaseFiled",
        "CaseDispatched",
        "CaseAcknowledged",
        "BodyCalled",
        "CallAnswered",
        "CaseHandled",
        "CaseInspected",
        "CaseFedBack",
        "CaseClosed",
    ]


def test_every_step_is_entered_for_the_organization_it_was_done_for(cast: Cast) -> None:
    case = walked(cast, CaseState.CLOSED)
    done = session().execute(select(Step.kind, Step.person_id, Step.organization_id).where(Step.case_id == case.id))
    for kind, person, organization in done:
        if kind is StepKind.OPEN:
            assert (person, organization) == (None, None)
        else:
            assert person is not None
            assert organization is not None
    filed = entries("CaseFiled")[0]
    assert (filed.actor_id, filed.organization_id) == (cast.inspector.person_id, cast.organizations["supervision"])


def test_the_journal_holds_no_words_of_a_step(cast: Cast) -> None:
    walked(cast, CaseState.CLOSED)
    for entry in session().scalars(select(JournalEntry).where(JournalEntry.subject_kind == "case")):
        assert all(ord(letter) < 128 for letter in entry.facts), entry.facts


@pytest.mark.parametrize("state", STATES[:-1])
def test_every_waiting_state_has_one_accountable_organization_with_a_running_clock(
    cast: Cast, state: CaseState
) -> None:
    case = walked(cast, state)
    side = {CaseState.FILED: "command", CaseState.DISPATCHED: "fire", CaseState.HANDLING: "fire"}.get(
        state, "supervision"
    )
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert case.accountable_id == clock.organization_id == cast.organizations[side]
    assert cases_without_holder() == []


def test_a_case_that_waits_for_nobody_is_found(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    clock.stopped_at = clock.started_at
    session().flush()
    assert cases_without_holder() == [case.id]
    clock.stopped_at = None
    case.accountable_id = cast.organizations["command"]
    clock.organization_id = case.accountable_id
    session().flush()
    assert cases_without_holder() == [case.id]


def test_a_dispatch_promises_the_limit_of_the_item_it_cites(cast: Cast) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.limit_amount, clock.limit_unit) == (3, "working_days")
    assert clock.basis.startswith("T-C103")
    told = json.loads(entries("CaseDispatched")[0].facts)
    assert told["due_at"] == clock.due_at.isoformat()


def test_a_dispatch_without_an_item_needs_words_and_promises_the_days_of_the_place(cast: Cast) -> None:
    case = walked(cast, CaseState.FILED)
    fire = cast.organizations["fire"]
    with pytest.raises(Refused) as refused:
        dispatch_case(cast.dispatcher, case.id, body_id=fire)
    assert refused.value.refusal.code == "no_item_no_words"
    dispatch_case(cast.dispatcher, case.id, body_id=fire, words="清单未列，按职责派")
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.limit_amount, clock.limit_unit) == (7, "working_days")


def test_an_emergency_counts_in_hours_round_the_clock(cast: Cast) -> None:
    case = a_case(cast, a_problem(cast, emergency=True))
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.limit_amount, clock.limit_unit) == (2, "emergency_hours")
    first, promised = clock.id, clock.due_at
    walked(cast, CaseState.FILED, case)
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.id, clock.due_at) == (first, promised)
    assert clock.organization_id == case.accountable_id == cast.organizations["command"]
    walked(cast, CaseState.DISPATCHED, case)
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.limit_amount, clock.limit_unit) == (2, "emergency_hours")


def test_in_an_emergency_the_body_hears_of_the_case_as_it_is_opened(cast: Cast) -> None:
    fire = cast.organizations["fire"]
    a_case(cast, a_problem(cast, "2026-9004"), body_id=fire)
    a_case(cast, a_problem(cast, "2026-9005", emergency=True), body_id=fire)
    opened = session().scalars(
        select(JournalEntry).where(JournalEntry.kind == "CaseOpened").order_by(JournalEntry.number)
    )
    assert [cast.official.person_id in audience(entry) for entry in opened] == [False, True]


@pytest.mark.parametrize(
    ("body", "item", "code"),
    [
        ("committee", None, "not_a_handler"),
        ("supervision", None, "not_a_handler"),
        ("social", None, "not_a_handler"),
        ("water", None, "nobody_there"),
        ("property", "C103", "item_of_another"),
    ],
)
def test_a_case_is_dispatched_only_to_those_who_can_answer_for_it(
    cast: Cast, body: str, item: str | None, code: str
) -> None:
    case = walked(cast, CaseState.FILED)
    with pytest.raises(Refused) as refused:
        dispatch_case(
            cast.dispatcher,
            case.id,
            body_id=cast.organizations[body],
            duty_item_id=cast.duty_items[item] if item else None,
            words="派给它",
        )
    assert refused.value.refusal.code == code
    assert case.state is CaseState.FILED


def test_a_returned_case_is_with_the_command_centre_again_and_its_stamp_is_gone(cast: Cast) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    return_case(cast.official, case.id, words="不归消防，归物业")
    assert (case.state, case.returns, case.body_id) == (CaseState.FILED, 1, None)
    assert kinds_of(case) == {StampKind.PROBLEM}
    assert case.accountable_id == cast.organizations["command"]
    dispatch_case(cast.dispatcher, case.id, body_id=cast.organizations["property"], words="物业合同第3条")
    assert kinds_of(case) == {StampKind.PROBLEM, StampKind.COMMAND}
    acknowledge_case(cast.called_official, case.id)
    assert case.state is CaseState.HANDLING


def test_a_body_cannot_return_a_second_time_what_was_dispatched_to_it_again(cast: Cast) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    return_case(cast.official, case.id, words="不归我们")
    dispatch_case(cast.dispatcher, case.id, body_id=cast.organizations["fire"], words="经审核归你们")
    with pytest.raises(Refused) as refused:
        return_case(cast.official, case.id, words="还是不归我们")
    assert refused.value.refusal.code == "returned_before"
    acknowledge_case(cast.official, case.id)


def test_a_return_without_an_objection_in_words_is_refused(cast: Cast) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    with pytest.raises(Refused) as refused:
        return_case(cast.official, case.id, words="  ")
    assert refused.value.refusal.code == "words_needed"


def test_rework_goes_back_to_the_body_and_does_not_give_it_its_time_anew(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLED)
    promise = (
        session()
        .scalars(
            select(RunningClock).where(RunningClock.subject_id == case.id, RunningClock.limit_unit == "working_days")
        )
        .one()
    )
    rework_case(cast.inspector, case.id, words="还有一根线")
    assert (case.state, case.reworks) == (CaseState.HANDLING, 1)
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert clock.organization_id == cast.organizations["fire"]
    assert promise.stopped_at is not None
    assert (
        clock.due_at - promise.due_at
        == session().scalars(select(Step.at).where(Step.case_id == case.id, Step.kind == StepKind.REWORK)).one()
        - promise.stopped_at
    )
    handle_case(cast.official, case.id, words="这次都拆了")
    assert case.state is CaseState.HANDLED
    assert StampKind.DUTY in kinds_of(case)


def test_the_joint_stamp_waits_for_the_last_of_those_called(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    street_official(cast)
    first, second = call_bodies(
        cast.dispatcher,
        case.id,
        organization_ids=[cast.organizations["property"], cast.organizations["street"]],
        ask="一起到场",
    )
    answer_call(cast.called_official, first.id, words="到了")
    assert StampKind.JOINT not in kinds_of(case)
    answer_call(cast.street_office, second.id, words="也到了")
    assert StampKind.JOINT in kinds_of(case)


def street_official(cast: Cast) -> None:
    cast.street_office = also(cast.street_office, Role.OFFICIAL, cast.organizations["street"])


def test_a_call_after_the_joint_stamp_takes_it_back_until_it_is_answered(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    no_call_needed(cast.dispatcher, case.id, words="一家可以办完")
    (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="还是要来")
    assert StampKind.JOINT not in kinds_of(case)
    with pytest.raises(Refused) as refused:
        no_call_needed(cast.dispatcher, case.id, words="不等了")
    assert refused.value.refusal.code == "calls_waiting"
    answer_call(cast.called_official, call.id, words="来过了")
    assert StampKind.JOINT in kinds_of(case)
    with pytest.raises(Refused) as refused:
        answer_call(cast.called_official, call.id, words="再答一次")
    assert refused.value.refusal.code == "call_settled"


@pytest.mark.parametrize("called", ["fire", "supervision", "committee", "water"])
def test_nobody_is_called_who_cannot_help(cast: Cast, called: str) -> None:
    case = walked(cast, CaseState.HANDLING)
    with pytest.raises(Refused):
        call_bodies(cast.official, case.id, organization_ids=[cast.organizations[called]], ask="来")
    assert session().scalar(select(func.count()).select_from(Call)) == 0


def test_no_result_is_reported_before_it_is_settled_who_else_is_needed(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    with pytest.raises(Refused) as refused:
        handle_case(cast.official, case.id, words="办完了")
    assert refused.value.refusal.code == "stamp_joint"
    (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
    with pytest.raises(Refused) as refused:
        handle_case(cast.official, case.id, words="办完了")
    refusal = refused.value.refusal
    assert (refusal.code, str(refusal.message)) == ("stamp_joint", "缺联动章：还有 1 家没有答复。")
    answer_call(cast.called_official, call.id, words="来过了")
    handle_case(cast.official, case.id, words="办完了")
    assert case.state is CaseState.HANDLED


def test_a_result_that_can_be_photographed_is_reported_with_a_picture_or_the_reason_why_not(cast: Cast) -> None:
    problem = a_problem(cast, "2026-9002")
    problem.matter_id = enter_matter(
        CLOCK, key=MatterKey("GB/T 30428.2", MatterKind.COMPONENT, "0101"), name="上水井盖"
    ).id
    session().commit()
    case = walked(cast, CaseState.HANDLING, a_case(cast, problem))
    no_call_needed(cast.dispatcher, case.id, words="一家可以")
    with pytest.raises(Refused) as refused:
        handle_case(cast.official, case.id, words="盖好了")
    assert refused.value.refusal.code == "picture_missing"
    handle_case(cast.official, case.id, words="盖好了；井口在施工围挡里，拍不到", no_picture=True)
    assert case.state is CaseState.HANDLED


def test_the_limit_of_the_bodys_own_item_binds_also_where_nobody_cites_it(cast: Cast) -> None:
    problem = a_problem(cast, "2026-9003")
    problem.matter_id = cast.matters["C103"]
    session().commit()
    case = walked(cast, CaseState.FILED, a_case(cast, problem))
    dispatch_case(cast.dispatcher, case.id, body_id=cast.organizations["fire"], words="按职责")
    assert case.duty_item_id == cast.duty_items["C103"]
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert clock.limit_amount == 3


@both
def test_a_reopened_round_awaits_three_stamps_again_and_keeps_two(cast: Cast) -> None:
    case = walked(cast, CaseState.CLOSED)
    before = {stamp.kind: (stamp.person_id, stamp.at) for stamp in stamps_of(case)}
    reopen_case(cast.resident, case.id)

    assert (case.state, case.round, case.body_id) == (CaseState.DISPATCHED, 2, cast.organizations["fire"])
    assert (case.inspected_by, case.closed_by, case.closed_at) == (None, None, None)
    carried = {stamp.kind: (stamp.person_id, stamp.at) for stamp in stamps_of(case)}
    assert carried == {kind: before[kind] for kind in (StampKind.PROBLEM, StampKind.COMMAND)}
    clock = running(Purpose.CASE, case.id)
    assert clock is not None
    assert (clock.limit_amount, clock.organization_id) == (3, cast.organizations["fire"])

    acknowledge_case(cast.official, case.id)
    with pytest.raises(Refused) as refused:
        handle_case(cast.official, case.id, words="又办了一次")
    assert refused.value.refusal.code == "stamp_joint"
    no_call_needed(cast.dispatcher, case.id, words="一家可以")
    handle_case(cast.official, case.id, words="又办了一次")
    pass_case(cast.inspector, case.id)
    feed_back_case(cast.inspector, case.id, words="请再看看")
    close_case(cast.closer, case.id)
    assert case.state is CaseState.CLOSED
    rounds = dict(
        session().execute(select(Stamp.round, func.count()).where(Stamp.case_id == case.id).group_by(Stamp.round)).all()
    )
    assert rounds == {1: 5, 2: 5}


def test_reopening_names_nobody(cast: Cast) -> None:
    case = walked(cast, CaseState.CLOSED)
    reopen_case(cast.resident, case.id)
    step = session().scalars(select(Step).where(Step.case_id == case.id, Step.kind == StepKind.REOPEN)).one()
    assert (step.person_id, step.standing_id) == (None, None)
    assert entries("CaseReopened")[0].actor_id is None


def test_opening_by_a_resident_names_nobody(cast: Cast) -> None:
    problem = a_problem(cast)
    case = open_case(cast.resident, problem_id=problem.id)
    assert entries("CaseOpened")[0].actor_id is None
    assert session().scalars(select(Step.person_id).where(Step.case_id == case.id)).one() is None


def test_what_is_not_closed_is_not_reopened(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    with pytest.raises(Refused) as refused:
        reopen_case(CLOCK, case.id)
    assert refused.value.refusal.code == "not_closed"


def test_a_reopened_case_can_be_returned_and_dispatched_to_another_body(cast: Cast) -> None:
    case = walked(cast, CaseState.CLOSED)
    reopen_case(CLOCK, case.id)
    return_case(cast.official, case.id, words="这次是物业的线")
    assert kinds_of(case) == {StampKind.PROBLEM}
    dispatch_case(cast.dispatcher, case.id, body_id=cast.organizations["property"], words="改派物业")
    assert kinds_of(case) == {StampKind.PROBLEM, StampKind.COMMAND}


def test_a_problem_has_one_open_case_which_a_later_resolution_joins(cast: Cast) -> None:
    problem = a_problem(cast)
    case = a_case(cast, problem)
    again = open_case(CLOCK, problem_id=problem.id, body_id=cast.organizations["fire"])
    assert again.id == case.id
    assert len(entries("CaseOpened")) == 1
    found = open_case_of(problem.id)
    assert found is not None
    assert found.id == case.id


@pytest.mark.parametrize("state", [CaseState.VERIFIED, CaseState.ACCEPTED])
def test_the_centre_may_refuse_with_a_reason_and_words_until_it_has_filed(cast: Cast, state: CaseState) -> None:
    case = walked(cast, state)
    with pytest.raises(Refused) as refused:
        refuse_case(cast.inspector, case.id, reason=RefusalReason.OTHER_CHANNEL, words="")
    assert refused.value.refusal.code == "words_needed"
    refuse_case(cast.inspector, case.id, reason=RefusalReason.OTHER_CHANNEL, words="属于信访事项")
    assert case.state is CaseState.REFUSED
    assert running(Purpose.CASE, case.id) is None
    assert open_case_of(case.problem_id) is None
    last = last_case_of(case.problem_id)
    assert last is not None
    assert last.state is CaseState.REFUSED


def test_before_anybody_has_looked_the_only_refusal_is_that_nothing_was_found(cast: Cast) -> None:
    case = a_case(cast)
    with pytest.raises(Refused) as refused:
        refuse_case(cast.inspector, case.id, reason=RefusalReason.OTHER_CHANNEL, words="走别处")
    assert refused.value.refusal.code == "verify_first"
    refuse_case(cast.inspector, case.id, reason=RefusalReason.NOT_FOUND, words="现场没有线")


def test_the_clock_refuses_a_case_only_because_the_body_declined_and_only_before_it_is_handled(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    with pytest.raises(Refused):
        refuse_case(CLOCK, case.id, reason=RefusalReason.OTHER_CHANNEL, words="走别处")
    refuse_case(CLOCK, case.id, reason=RefusalReason.DECLINED, words="没有采纳")
    handled = walked(cast, CaseState.HANDLED, a_case(cast, a_problem(cast, "2026-9002")))
    with pytest.raises(Refused) as refused:
        refuse_case(CLOCK, handled.id, reason=RefusalReason.DECLINED, words="没有采纳")
    assert refused.value.refusal.code == "handled_already"


def test_a_refused_problem_can_get_a_new_case(cast: Cast) -> None:
    case = walked(cast, CaseState.VERIFIED)
    refuse_case(cast.inspector, case.id, reason=RefusalReason.IN_HAND, words="已有案件")
    again = open_case(CLOCK, problem_id=case.problem_id)
    assert again.id != case.id
    assert again.number != case.number


def test_a_form_sent_twice_has_one_effect(cast: Cast) -> None:
    case = walked(cast, CaseState.VERIFIED)
    accept_case(cast.inspector, case.id, once="token")
    with pytest.raises(Refused) as refused:
        file_case(cast.inspector, case.id, once="token")
    assert refused.value.refusal.code == "already_received"
    assert steps_of(case)[-1] is StepKind.ACCEPT
