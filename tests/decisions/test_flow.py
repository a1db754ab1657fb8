"""From a motion to a counted resolution, on both databases, under a clock that the test moves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from cogov.decisions.commands import (
    answer_resolution,
    cast_ballot,
    close_decision,
    due_answer,
    open_decision,
    publish_notice,
    support_motion,
    table_motion,
    withdraw_motion,
)
from cogov.decisions.models import Ballot, Closing, Decision, DecisionOption, Resolution
from cogov.decisions.queries import counted, frozen_options, planned_tasks
from cogov.decisions.rules.law import Force
from cogov.decisions.rules.matters import Bar
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.stages import AdoptAnswer, DecisionState, MotionState, Scope, Verdict
from cogov.decisions.rules.sums import VERDICTS, verdict_words
from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict, SubjectKind
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.models import Building, Unit
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from cogov.threads.commands import flag_words, propose_solution
from cogov.threads.models import SolutionVersion
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import YES_NO, Vote, deliberated, option, turnout


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def kinds(problem) -> list[str]:
    query = select(JournalEntry.kind).where(JournalEntry.problem_id == problem.id).order_by(JournalEntry.number)
    return list(session().scalars(query))


@both
def test_a_motion_goes_from_the_mover_to_a_resolution_with_exact_sums(poll):
    vote, cast = poll, poll.cast
    change_setting(CLOCK, code=HERE, name=Setting.MOTION_SUPPORTS, value=2)
    decision = vote.opened(tasks=(TaskPlan("夜间巡查", "每晚两人", 2, 14),))
    assert decision.heads_total == 3  # units 0, 1 and 3 have residents
    for name, position in (("owner", 1), ("tenant", 1), ("neighbour", 3)):
        cast_ballot(getattr(cast, name), decision.id, option_id=option(decision, position))

    closing = vote.closed(decision)

    assert closing.verdict is Verdict.PASSED
    assert [(o.heads, o.area) for o in frozen_options(decision.id)] == [(2, 0), (0, 0), (1, 0)]
    tests = json.loads(closing.tests)
    assert [(t["part"], t["base"], t["need"], t["met"]) for t in tests] == [(2, 3, 2, True)]
    assert "应参加 3 户，参加 3 户。" in closing.outcome
    resolution = session().scalars(select(Resolution)).one()
    assert [(task.title, task.slots) for task in planned_tasks(resolution.id)] == [("夜间巡查", 2)]
    happened = [kind for kind in kinds(vote.problem) if not kind.startswith(("Problem", "Triage", "Case", "Task"))]
    assert [k for k in happened if k != "RaisersAsked"] == [
        "MotionMoved",
        "MotionSupported",
        "MotionTabled",
        "NoticePublished",
        "DecisionOpened",
        "BallotCast",
        "BallotCast",
        "BallotCast",
        "DecisionClosed",
        "ResolutionPassed",
        "BulletinPinned",
    ]


def test_owners_are_counted_by_heads_and_area_and_without_a_quorum_nothing_is_decided(vote):
    decision = vote.opened()
    # one head each: unit 0 (two co-owners), units 1 and 2 (one buyer), 17 other units, the developer's four
    assert (decision.heads_total, decision.units_total) == (20, 24)
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))

    closing = vote.closed(decision)

    assert closing.verdict is Verdict.NO_QUORUM
    agreed = frozen_options(decision.id)[0]
    assert (agreed.heads, agreed.area) == (1, 8_100 + 8_200)
    assert session().scalars(select(Resolution)).all() == []


def test_enough_heads_table_a_motion_by_themselves(vote):
    cast = vote.cast
    change_setting(CLOCK, code=HERE, name=Setting.OWNERS_SHARE_PERCENT, value=10)  # two of 20 heads
    motion = vote.move()
    assert (motion.state, motion.supports, motion.supports_needed) == (MotionState.MOVED, 1, 2)
    assert refused(support_motion, cast.owner, motion.id) == "already_supported"
    assert refused(support_motion, cast.co_owner, motion.id) == "head_supported"
    assert refused(support_motion, cast.tenant, motion.id) == "not_in_electorate"

    motion = support_motion(cast.landlord, motion.id)

    assert (motion.state, motion.supports) == (MotionState.TABLED, 2)
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "MotionTabled")).one()
    assert (entry.actor_id, json.loads(entry.facts)["supports"]) == (None, 2)


def test_only_those_whom_the_rule_names_table_and_announce(vote):
    cast = vote.cast
    motion = vote.move()
    assert refused(table_motion, cast.neighbour, motion.id) == "too_few_seconders"
    times = vote.times(RuleCode.R2)
    assert refused(publish_notice, cast.moderator, motion.id, **times) == "not_tabled"
    table_motion(cast.owners_committee, motion.id, item_confirmed=True)
    assert refused(table_motion, cast.owners_committee, motion.id) == "motion_tabled"
    assert refused(publish_notice, cast.owner, motion.id, **times) == "not_who_publishes"
    assert refused(publish_notice, cast.foreign_moderator, motion.id, **times) == "not_who_publishes"

    decision = publish_notice(cast.owners_committee, motion.id, **times)

    assert decision.notice_for == cast.organizations["owners_committee"]
    assert refused(publish_notice, cast.moderator, motion.id, **times) == "motion_noticed"


def test_advice_is_not_announced_by_the_owners_committee(poll):
    motion = poll.tabled()
    times = poll.times(RuleCode.R5)
    assert refused(publish_notice, poll.cast.owners_committee, motion.id, **times) == "not_who_publishes"


def test_the_notice_period_of_the_rule_is_kept_to_the_second(vote):
    motion = vote.tabled()
    times = vote.times(RuleCode.R2)
    early = {**times, "opens_at": times["opens_at"] - timedelta(seconds=1)}
    assert refused(publish_notice, vote.cast.moderator, motion.id, **early) == "notice_too_short"
    assert publish_notice(vote.cast.moderator, motion.id, **times).state is DecisionState.NOTICED


def test_what_triage_put_under_the_higher_line_is_not_voted_on_under_the_lower_one(cast, clock):
    boxes = Vote(cast, clock, deliberated(cast, RuleCode.R2))
    assert refused(boxes.move, rule=RuleCode.R1, item=9) == "item_below_triage"
    assert boxes.move(rule=RuleCode.R2, item=8).state is MotionState.MOVED


def test_who_publishes_answers_for_the_item_and_is_kept_with_the_notice(vote):
    cast = vote.cast
    motion = vote.move()
    assert refused(table_motion, cast.moderator, motion.id) == "item_unconfirmed"
    table_motion(cast.moderator, motion.id, item_confirmed=True)
    times = vote.times(RuleCode.R2)
    assert (
        refused(publish_notice, cast.moderator, motion.id, **{**times, "item_confirmed": False}) == "item_unconfirmed"
    )
    assert refused(publish_notice, cast.moderator, motion.id, **{**times, "touches": None}) == "bars_unanswered"
    assert refused(publish_notice, cast.moderator, motion.id, **{**times, "touches": [Bar.DUTY]}) == "lowers_duty"

    decision = publish_notice(cast.owners_committee, motion.id, **times)

    assert decision.confirmed_by == cast.owners_committee.person_id


def test_a_question_that_names_a_door_and_a_fine_is_not_announced(vote):
    motion = vote.tabled(question="是否对 3-201 住户罚款二百元")
    assert refused(publish_notice, vote.cast.moderator, motion.id, **vote.times(RuleCode.R2)) == "names_and_punishes"


def test_one_vote_at_a_time_runs_on_a_problem(vote):
    first, second = vote.tabled(), vote.tabled(question="是否改建为停车位")
    publish_notice(vote.cast.moderator, first.id, **vote.times(RuleCode.R2))
    assert refused(publish_notice, vote.cast.moderator, second.id, **vote.times(RuleCode.R2)) == "vote_running"
    assert refused(vote.move) == "vote_running"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"question": "建吗"}, "words_missing"),
        ({"question": "字" * 81}, "words_too_long"),
        ({"item": None}, "item_missing"),
        ({"rule": RuleCode.R1}, "rule_does_not_fit"),
        ({"rule": RuleCode.R5, "item": None}, "triaged_otherwise"),
        ({"rule": RuleCode.R0}, "statutory_duty"),
        ({"options": YES_NO[:1]}, "no_options"),
        ({"options": (YES_NO[0], YES_NO[1])}, "choices_incomplete"),
        ({"public_act": "划线"}, "act_without_body"),
        ({"solution_version_id": 999}, "solution_unknown"),
        ({"building_id": 1}, "building_does_not_fit"),
        ({"tasks": (TaskPlan("巡查", slots=0),)}, "task_out_of_range"),
        ({"tasks": tuple(TaskPlan(f"巡查 {n}") for n in range(5))}, "too_many_tasks"),
    ],
)
def test_a_motion_that_does_not_fit_is_refused_with_its_reason(vote, changes, code):
    assert refused(vote.move, **changes) == code


def test_who_has_no_part_in_the_place_moves_nothing(vote):
    assert refused(vote.move, by="outsider") == "not_of_this_place"


def test_the_mover_alone_withdraws_and_only_before_the_notice(vote):
    motion = vote.move()
    assert refused(withdraw_motion, vote.cast.neighbour, motion.id) == "not_the_mover"
    assert withdraw_motion(vote.cast.owner, motion.id).state is MotionState.WITHDRAWN
    decision = vote.noticed()
    assert refused(withdraw_motion, vote.cast.owner, decision.motion_id) == "motion_noticed"


def test_ballots_are_taken_from_the_announced_hour_up_to_the_close(vote):
    cast, decision = vote.cast, vote.noticed()
    agree = option(decision, 1)
    vote.clock.move_to(decision.opens_at - timedelta(microseconds=1))
    assert refused(cast_ballot, cast.owner, decision.id, option_id=agree) == "not_open_yet"
    vote.clock.move_to(decision.opens_at)
    first = cast_ballot(cast.owner, decision.id, option_id=agree)
    vote.clock.move_to(decision.closes_at - timedelta(microseconds=1))
    assert refused(close_decision, CLOCK, decision.id) == "too_early_to_close"
    cast_ballot(cast.neighbour, decision.id, option_id=agree)
    vote.clock.move_to(decision.closes_at)
    assert refused(cast_ballot, cast.landlord, decision.id, option_id=agree) == "voting_closed"
    assert first.ordinal == 1


def test_the_last_ballot_counts_and_keeps_its_receipt(vote):
    cast, decision = vote.cast, vote.opened()
    first = cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    code, ordinal = first.receipt, first.ordinal

    second = cast_ballot(cast.owner, decision.id, option_id=option(decision, 2))

    assert (second.receipt, second.ordinal, second.changes) == (code, ordinal, 1)
    assert turnout(decision) == (1, 8_000)
    vote.closed(decision)
    assert [o.heads for o in frozen_options(decision.id)] == [0, 1, 0]


def test_only_who_cast_for_a_head_may_change_it(vote):
    cast, decision = vote.cast, vote.opened()
    cast_ballot(cast.co_owner, decision.id, option_id=option(decision, 1))
    assert refused(cast_ballot, cast.owner, decision.id, option_id=option(decision, 2)) == "cast_by_other"
    assert session().scalars(select(Ballot.person_id)).all() == [cast.co_owner.person_id]


def test_a_tenant_is_told_that_owners_decide_and_what_the_landlord_can_do(vote):
    decision = vote.opened()
    with pytest.raises(Refused) as caught:
        cast_ballot(vote.cast.tenant, decision.id, option_id=option(decision, 1))
    refusal = caught.value.refusal
    assert (refusal.code, refusal.status, refusal.article) == ("not_in_electorate", 403, "民法典第278条")
    assert "房东" in str(refusal.what_next)


def test_a_choice_of_another_ballot_is_none(vote):
    decision = vote.opened()
    assert refused(cast_ballot, vote.cast.owner, decision.id, option_id=10_000) == "option_unknown"
    assert session().scalars(select(Ballot)).all() == []
    assert turnout(decision) == (0, 0)


def test_a_form_sent_twice_has_one_effect(vote):
    decision = vote.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    cast_ballot(vote.cast.owner, decision.id, option_id=agree, once="t1")
    assert refused(cast_ballot, vote.cast.owner, decision.id, option_id=disagree, once="t1") == "already_received"
    assert session().scalars(select(Ballot.marks)).one() == "1:1"


def test_closing_again_counts_nothing_anew(vote):
    decision = vote.opened()
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 1))
    first = vote.closed(decision)
    vote.clock.shift(timedelta(days=1))
    assert close_decision(CLOCK, decision.id).id == first.id
    assert open_decision(CLOCK, decision.id).state is DecisionState.CLOSED
    assert kinds(vote.problem).count("DecisionClosed") == 1
    assert session().scalars(select(Closing)).all() == [first]


def test_a_recount_from_the_ballots_equals_what_was_kept(vote):
    cast, decision = vote.cast, vote.opened()
    for name, position in (("owner", 1), ("landlord", 2), ("neighbour", 3), ("owner", 3)):
        cast_ballot(getattr(cast, name), decision.id, option_id=option(decision, position))
    vote.closed(decision)
    options = frozen_options(decision.id)
    assert [(c.heads, c.area) for c in counted(decision.id, options)] == [(o.heads, o.area) for o in options]
    assert turnout(decision) == (sum(o.heads or 0 for o in options), sum(o.area or 0 for o in options))


# Adopt or explain ---------------------------------------------------------------------------------------------------


@pytest.fixture
def resolution(poll):
    decision = poll.opened(public_body_id=poll.cast.organizations["fire"], public_act="复核回车半径并书面答复")
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 1))
    poll.closed(decision)
    return session().scalars(select(Resolution)).one()


def test_the_body_adopts_or_explains_once(poll, resolution):
    cast = poll.cast
    answer = {"answer": AdoptAnswer.DECLINED}
    assert refused(answer_resolution, cast.owner, resolution.id, **answer, reason="不行") == "not_the_body"
    assert refused(answer_resolution, cast.called_official, resolution.id, **answer, reason="不") == "not_the_body"
    assert refused(answer_resolution, cast.official, resolution.id, **answer, reason="不行") == "reason_missing"
    reason = "回车半径不足九米，不符合消防车通道要求。"

    answered = answer_resolution(cast.official, resolution.id, **answer, reason=reason)

    assert (answered.answer, answered.reason) == (AdoptAnswer.DECLINED, reason)
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "ResolutionAnswered")).one()
    assert entry.organization_id == cast.organizations["fire"]
    assert reason not in entry.facts
    assert refused(answer_resolution, cast.official, resolution.id, **answer, reason=reason) == "already_answered"


def test_a_late_answer_is_told_to_the_level_above_once(poll, resolution):
    due_answer(CLOCK, resolution.id)
    assert "AnswerOverdue" not in kinds(poll.problem)
    poll.clock.shift(timedelta(days=30))
    due_answer(CLOCK, resolution.id)
    due_answer(CLOCK, resolution.id)
    assert kinds(poll.problem).count("AnswerOverdue") == 1
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "AnswerOverdue")).one()
    assert json.loads(entry.facts)["to"] == poll.cast.organizations["street"]


def test_who_may_not_see_the_problem_finds_no_vote(vote):
    decision = vote.opened()
    vote.problem.hidden = True
    session().merge(vote.problem)
    session().commit()
    with pytest.raises(NotFound):
        cast_ballot(vote.cast.tenant, decision.id, option_id=option(decision, 1))
    assert session().scalar(select(Decision.state)) is DecisionState.OPEN
    assert session().scalars(select(DecisionOption.heads)).all() == [None, None, None]


def test_an_owner_of_another_building_is_told_whose_vote_it_is_and_a_tenant_what_a_tenant_can_do(vote):
    cast = vote.cast
    here = session().get(Building, cast.building_ids[0])
    assert here is not None
    inside = set(session().scalars(select(Unit.id).where(Unit.building_id == here.id)))
    away = Scope.BUILDING, next(each for each in cast.building_ids if each != here.id)
    assert cast.unit_ids[0] in inside
    motion = vote.move(scope=away[0], building_id=away[1], item=8)
    told = why(support_motion, cast.neighbour, motion.id)
    assert str(told.message).startswith("您现在不能附议，因为这次只由")
    table_motion(cast.moderator, motion.id, item_confirmed=True)
    decision = publish_notice(cast.moderator, motion.id, **vote.times(RuleCode.R2))
    vote.clock.move_to(decision.opens_at)

    elsewhere = why(cast_ballot, cast.neighbour, decision.id, option_id=option(decision, 1))
    renting = why(cast_ballot, cast.tenant, decision.id, option_id=option(decision, 1))

    building = session().get(Building, away[1])
    assert building is not None
    assert str(elsewhere.message) == f"这次只由一部分业主表决：{building.name}"
    assert "租户" not in str(elsewhere.what_next)
    assert "租户" in str(renting.what_next)


def why(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal


def test_beside_the_statutory_vote_nothing_is_said_to_have_passed(vote, client_of):
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    closing = vote.closed(decision)
    text = client_of(None).get(f"/decisions/{decision.id}").get_data(as_text=True)
    assert closing.outcome.splitlines()[0] == "是否在东门空地建集中充电棚：意向征询：参加的没有够数。"
    assert "意向征询：参加的没有够数" in text
    assert "在本地：这是意向征询，不是法定表决" in text


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.FAILED, Verdict.NO_QUORUM])
def test_a_verdict_is_called_what_it_is_worth(verdict):
    assert str(verdict_words(verdict, Force.CONSULTATION)).startswith("意向征询：")
    assert verdict_words(verdict, Force.BINDING) == VERDICTS[verdict]
    assert "意向" in str(verdict_words(verdict, Force.ADVISORY))


def test_nothing_is_put_to_the_vote_whose_solution_was_taken_down(vote, client_of):
    cast = vote.cast
    propose_solution(cast.tenant, vote.number, title="东门建棚", text="建 24 个桩，张三是骗子。", cost=None)
    version = session().scalars(select(SolutionVersion)).one().id
    motion = vote.tabled(solution_version_id=version)
    review = flag_words(cast.neighbour, SubjectKind.SOLUTION, version, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    assert refused(publish_notice, cast.moderator, motion.id, **vote.times(RuleCode.R2)) == "solution_taken_down"
    page = client_of("moderator").get(f"/motions/{motion.id}/notice").get_data(as_text=True)
    assert "动议要办的方案已经移除，不能发布表决公告" in page
    appeal_removal(cast.tenant, review.id, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    assert publish_notice(cast.moderator, motion.id, **vote.times(RuleCode.R2)).state is DecisionState.NOTICED
