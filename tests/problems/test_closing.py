"""The ways to an end: mediation, deliberation without a vote, the raisers' word, and what the loop tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.decisions.commands import move_motion, withdraw_motion
from cogov.decisions.rules.ballots import Option
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import found, session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.loop import fall_due
from cogov.people.rules import CLOCK
from cogov.problems.commands import (
    answer_appeal,
    appeal_triage,
    ask_raisers,
    conclude_deliberation,
    confirm_problem,
    due_confirmation,
    due_deliberation,
    note_accountable,
    note_acting,
    note_case_closed,
    note_case_open,
    note_deciding,
    note_gathering,
    note_rework,
    record_mediation,
    second_problem,
    triage_problem,
    unsecond_problem,
)
from cogov.problems.models import Confirmation
from cogov.problems.queries import forbid_conclusion, needs, panel, problem_for
from cogov.problems.queries.concluding import open_matters
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer, Ending, Official, Stage
from cogov.threads.commands import raise_concern, withdraw_concern
from tests.databases import both
from tests.storms import at_once

FIXED, NOT_FIXED = ConfirmationAnswer.FIXED, ConfirmationAnswer.NOT_FIXED


def refused(code, call):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.refusal.code == code
    return caught.value.refusal


def load(cast, number):
    session().expire_all()
    return problem_for(cast.moderator, number)


def kinds(problem_id):
    query = select(JournalEntry.kind).where(JournalEntry.problem_id == problem_id).order_by(JournalEntry.number)
    return list(session().scalars(query))


@pytest.fixture
def on_lane(cast, raise_as):
    def put(lane, text=None, **told):
        raised = raise_as(text, **told) if text else raise_as(**told)
        triage_problem(cast.moderator, raised.number, lane=lane, reason=ReasonCode.COMMONS, words="现场看过")
        return raised

    return put


@pytest.fixture
def asked(cast, on_lane):
    raised = on_lane(Lane.B)
    ask_raisers(CLOCK, raised.id)
    return raised


def test_a_mediation_ends_with_its_outcome_agreed_or_not(cast, on_lane):
    for agreed in (True, False):
        raised = on_lane(Lane.M)
        record_mediation(cast.moderator, raised.number, agreed=agreed, words="谈过两次，写明可以去司法所")
        problem = load(cast, raised.number)
        assert (problem.stage, problem.ending) == (Stage.ENDED, Ending.MEDIATED)
        assert running(Purpose.MEDIATION, problem.id) is None
        assert kinds(problem.id)[-2:] == ["MediationRecorded", "ProblemEnded"]


def test_only_the_mediator_records_and_only_a_mediation(cast, on_lane):
    mediated, gathered = on_lane(Lane.M), on_lane(Lane.B)
    refused("not_mediating", lambda: record_mediation(cast.moderator, gathered.number, agreed=True, words="谈好了"))
    refused("words_missing", lambda: record_mediation(cast.moderator, mediated.number, agreed=True, words=" "))
    refused("not_your_act", lambda: record_mediation(cast.dispatcher, mediated.number, agreed=True, words="谈好了"))


def test_a_deliberation_ends_without_a_vote_by_asking_the_raisers(cast, on_lane):
    raised = on_lane(Lane.B)
    conclude_deliberation(cast.moderator, raised.number, words="说好了各家自己清走")
    problem = load(cast, raised.number)
    assert problem.stage is Stage.CONFIRMING
    assert problem.accountable_id == cast.organizations["committee"]
    assert kinds(problem.id)[-2:] == ["DeliberationConcluded", "RaisersAsked"]
    refused("not_gathering", lambda: conclude_deliberation(cast.moderator, raised.number, words="再来一次"))


def test_a_deliberation_beside_an_open_case_leaves_the_case_to_go_on(cast, on_lane):
    raised = on_lane(Lane.AB)
    assert load(cast, raised.number).official is Official.OPEN
    conclude_deliberation(cast.moderator, raised.number, words="等单位来清，大家不再堆")
    assert load(cast, raised.number).stage is Stage.OFFICIAL


def test_only_the_moderator_concludes(cast, on_lane):
    raised = on_lane(Lane.B)
    for who in (cast.resident, cast.chair, cast.street_office, cast.foreign_moderator):
        refused("not_your_act", lambda who=who: conclude_deliberation(who, raised.number, words="散会"))


def test_a_deliberation_with_a_motion_a_concern_or_an_appeal_open_is_not_concluded(cast, on_lane):
    def conclude():
        conclude_deliberation(cast.moderator, raised.number, words="散会")

    raised = on_lane(Lane.B)
    appeal_triage(cast.resident, raised.number, words="这是单位的事")
    refused("appeal_open", conclude)
    answer_appeal(cast.street_office, raised.number, outcome=AppealOutcome.UPHELD, words="维持")
    concern = raise_concern(cast.neighbour, raised.number, harm="孩子会绊倒", remedy="先清出一条道")
    refused("concern_open", conclude)
    withdraw_concern(cast.neighbour, concern.id)
    options = [Option(1, "yes", "同意", "每周五清"), Option(2, "no", "不同意", "照旧")]
    motion = move_motion(cast.resident, raised.number, question="楼道每周清一次吗", rule=RuleCode.R5, options=options)
    refusal = refused("motion_alive", conclude)
    shown = panel(cast.moderator, load(cast, raised.number))
    assert (shown.refusal("conclude"), shown.waits_to_conclude) == (refusal, True)
    withdraw_motion(cast.resident, motion.id)
    conclude()
    assert load(cast, raised.number).stage is Stage.CONFIRMING


def test_a_gate_registered_twice_is_asked_once():
    before = list(open_matters)
    forbid_conclusion(before[0])
    assert open_matters == before


# The clock of a deliberation ------------------------------------------------------------------------------------------


def test_a_deliberation_has_a_clock_that_the_committee_holds_while_it_lasts(cast, on_lane):
    raised = on_lane(Lane.B)
    clock = found(running(Purpose.DELIBERATION, raised.id))
    assert (clock.limit_amount, clock.organization_id) == (30, cast.organizations["committee"])
    note_deciding(CLOCK, raised.id)
    assert running(Purpose.DELIBERATION, raised.id) is None
    note_accountable(CLOCK, raised.id, cast.organizations["fire"])
    note_gathering(CLOCK, raised.id)
    again = found(running(Purpose.DELIBERATION, raised.id))
    assert again.id != clock.id
    assert load(cast, raised.number).accountable_id == cast.organizations["committee"]
    ask_raisers(CLOCK, raised.id)
    assert running(Purpose.DELIBERATION, raised.id) is None
    confirm_problem(cast.resident, raised.number, answer=NOT_FIXED)
    assert running(Purpose.DELIBERATION, raised.id) is not None


@pytest.mark.parametrize("lane", [Lane.A, Lane.M])
def test_what_nobody_deliberates_has_no_such_clock(on_lane, lane):
    assert running(Purpose.DELIBERATION, on_lane(lane).id) is None


def test_a_deliberation_that_comes_to_nothing_goes_to_the_street_office_once(cast, on_lane):
    raised = on_lane(Lane.B)
    clock = found(running(Purpose.DELIBERATION, raised.id))
    with time_machine.travel(clock.due_at - timedelta(minutes=1), tick=False):
        fall_due()
        assert "DeliberationOverdue" not in kinds(raised.id)
    with time_machine.travel(clock.due_at + timedelta(minutes=1), tick=False):
        fall_due()
        due_deliberation(CLOCK, raised.id)
    problem = load(cast, raised.number)
    assert (problem.stage, problem.accountable_id) == (Stage.GATHERING, cast.organizations["street"])
    assert kinds(raised.id).count("DeliberationOverdue") == 1


def test_a_deliberation_concluded_in_time_is_not_overdue(cast, on_lane):
    raised = on_lane(Lane.B)
    conclude_deliberation(cast.moderator, raised.number, words="说好了")
    due_deliberation(CLOCK, raised.id)
    assert "DeliberationOverdue" not in kinds(raised.id)


# The raisers ----------------------------------------------------------------------------------------------------------


def test_all_raisers_saying_fixed_ends_it(cast, raise_as, asked):
    assert [need.kind for need in needs(cast.resident)] == ["confirm"]
    confirm_problem(cast.resident, asked.number, answer=FIXED, words="谢谢大家")
    problem = load(cast, asked.number)
    assert (problem.stage, problem.ending, problem.round) == (Stage.ENDED, Ending.FIXED, 1)
    assert running(Purpose.CONFIRMATION, problem.id) is None
    assert needs(cast.resident) == []
    assert kinds(problem.id)[-2:] == ["ProblemConfirmed", "ProblemEnded"]


def test_one_of_two_raisers_does_not_end_it_alone(cast, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    triage_problem(cast.moderator, later.number, same_as=first.number, words="同一处")
    triage_problem(cast.moderator, first.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="商量")
    ask_raisers(CLOCK, first.id)
    confirm_problem(cast.resident, first.number, answer=FIXED)
    assert load(cast, first.number).stage is Stage.CONFIRMING
    confirm_problem(cast.neighbour, first.number, answer=FIXED)
    assert load(cast, first.number).ending is Ending.FIXED


def test_not_fixed_opens_the_next_round_and_it_can_be_confirmed_then(cast, asked):
    confirm_problem(cast.resident, asked.number, answer=NOT_FIXED, words="第二天又堆满了")
    problem = load(cast, asked.number)
    assert (problem.stage, problem.round, problem.ending) == (Stage.GATHERING, 2, None)
    assert running(Purpose.CONFIRMATION, problem.id) is None
    assert kinds(problem.id)[-2:] == ["ProblemConfirmed", "ProblemReopened"]
    ask_raisers(CLOCK, asked.id)
    confirm_problem(cast.resident, asked.number, answer=FIXED)
    assert load(cast, asked.number).ending is Ending.FIXED
    rounds = session().scalars(select(Confirmation.round).where(Confirmation.problem_id == asked.id))
    assert sorted(rounds) == [1, 2]


def test_with_a_case_not_fixed_goes_back_to_the_official_side(cast, on_lane):
    raised = on_lane(Lane.B)
    note_case_open(CLOCK, raised.id)
    note_case_closed(CLOCK, raised.id)
    ask_raisers(CLOCK, raised.id)
    assert load(cast, raised.number).accountable_id == cast.organizations["supervision"]
    confirm_problem(cast.resident, raised.number, answer=NOT_FIXED)
    problem = load(cast, raised.number)
    assert (problem.stage, problem.official, problem.round) == (Stage.OFFICIAL, Official.OPEN, 2)


def test_only_raisers_confirm_once_a_round_and_when_asked(cast, on_lane, asked):
    refused("not_your_act", lambda: confirm_problem(cast.tenant, asked.number, answer=FIXED))
    refused("not_your_act", lambda: confirm_problem(cast.moderator, asked.number, answer=FIXED))
    confirm_problem(cast.resident, asked.number, answer=FIXED)
    refused("not_asked", lambda: confirm_problem(cast.resident, asked.number, answer=NOT_FIXED))
    other = on_lane(Lane.B)
    refused("not_asked", lambda: confirm_problem(cast.resident, other.number, answer=FIXED))


@both
@pytest.mark.storm
def test_fifty_identical_answers_at_once_reopen_once(app, cast, asked):
    session().rollback()
    results = at_once(app, 50, lambda _: confirm_problem(cast.resident, asked.number, answer=NOT_FIXED))
    assert sum(isinstance(each, Confirmation) for each in results) == 1
    assert {type(each) for each in results if isinstance(each, Exception)} == {Refused}
    assert load(cast, asked.number).round == 2
    assert session().scalar(select(func.count()).select_from(Confirmation)) == 1


def test_asking_twice_asks_once(cast, asked):
    ask_raisers(CLOCK, asked.id)
    assert kinds(asked.id).count("RaisersAsked") == 1


def test_silence_is_unconfirmed_and_never_fixed(cast, asked):
    due_confirmation(CLOCK, asked.id)
    due_confirmation(CLOCK, asked.id)
    assert load(cast, asked.number).ending is Ending.UNCONFIRMED
    assert kinds(asked.id).count("ProblemEnded") == 1


def test_silence_of_one_raiser_does_not_undo_the_word_of_another(cast, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    triage_problem(cast.moderator, later.number, same_as=first.number, words="同一处")
    triage_problem(cast.moderator, first.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="商量")
    ask_raisers(CLOCK, first.id)
    confirm_problem(cast.neighbour, first.number, answer=FIXED)
    due_confirmation(CLOCK, first.id)
    assert load(cast, first.number).ending is Ending.FIXED


def test_what_has_ended_takes_no_second_and_keeps_those_it_has(cast, asked):
    second_problem(cast.tenant, asked.number)
    confirm_problem(cast.resident, asked.number, answer=FIXED)
    refused("ended", lambda: second_problem(cast.neighbour, asked.number))
    refused("ended", lambda: unsecond_problem(cast.tenant, asked.number))


# What the loop tells --------------------------------------------------------------------------------------------------


def test_a_vote_moves_the_stage_there_and_back(cast, on_lane):
    raised = on_lane(Lane.B)
    note_deciding(CLOCK, raised.id)
    assert load(cast, raised.number).stage is Stage.DECIDING
    note_gathering(CLOCK, raised.id)
    assert load(cast, raised.number).stage is Stage.GATHERING
    note_deciding(CLOCK, raised.id)
    note_acting(CLOCK, raised.id)
    assert load(cast, raised.number).stage is Stage.ACTING


def test_nothing_the_loop_tells_moves_what_has_ended(cast, asked):
    confirm_problem(cast.resident, asked.number, answer=FIXED)
    before = load(cast, asked.number).accountable_id
    for tell in (note_deciding, note_gathering, note_acting, ask_raisers):
        tell(CLOCK, asked.id)
    note_accountable(CLOCK, asked.id, cast.organizations["fire"])
    problem = load(cast, asked.number)
    assert (problem.stage, problem.ending, problem.accountable_id) == (Stage.ENDED, Ending.FIXED, before)


def test_rework_and_who_answers_are_kept(cast, on_lane):
    raised = on_lane(Lane.A)
    note_rework(CLOCK, raised.id)
    note_accountable(CLOCK, raised.id, cast.organizations["fire"])
    problem = load(cast, raised.number)
    assert (problem.rework, problem.accountable_id) == (1, cast.organizations["fire"])
