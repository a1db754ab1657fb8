"""Triage by a person: confirming, changing with a reason, joining two, the appeal, and what falls due."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import found_organization
from cogov.people.rules import CLOCK, OrganizationKind
from cogov.problems.commands import (
    answer_appeal,
    appeal_triage,
    due_appeal,
    due_mediation,
    due_triage,
    note_deciding,
    note_gathering,
    record_mediation,
    return_to_triage,
    second_problem,
    triage_problem,
)
from cogov.problems.queries import facts_of, latest_triage, needs, problem_for, raiser_ids
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import AppealOutcome, Ending, Official, Stage, TriageState

DUP = ReasonCode.DUP


def refused(code, call):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.refusal.code == code
    return caught.value.refusal


def load(cast, number):
    session().expire_all()
    return problem_for(cast.moderator, number)


def entries(problem_id):
    query = select(JournalEntry).where(JournalEntry.problem_id == problem_id).order_by(JournalEntry.number)
    return list(session().scalars(query))


def to_lane(cast, number, lane, **how):
    how.setdefault("words", "现场看过")
    return triage_problem(cast.moderator, number, lane=lane, reason=ReasonCode.COMMONS, **how)


def test_confirming_follows_the_proposal_and_names_the_committee(cast, raise_as):
    raised = raise_as()
    triage = triage_problem(cast.moderator, raised.number)
    assert (triage.lane, triage.changed) == (raised.proposal.lane, False)
    assert triage.confirmed_for == cast.organizations["committee"]
    entry = next(each for each in entries(raised.id) if each.kind == "ProblemTriaged")
    assert (entry.actor_id, entry.organization_id) == (cast.moderator.person_id, cast.organizations["committee"])
    assert running(Purpose.TRIAGE, raised.id) is None


@pytest.mark.parametrize(
    ("lane", "stage", "ending"),
    [
        (Lane.A, Stage.OFFICIAL, None),
        (Lane.B, Stage.GATHERING, None),
        (Lane.AB, Stage.GATHERING, None),
        (Lane.M, Stage.MEDIATING, None),
        (Lane.X, Stage.ENDED, Ending.REFERRED),
    ],
)
def test_each_lane_leads_to_its_stage(cast, raise_as, lane, stage, ending):
    raised = raise_as()
    to_lane(cast, raised.number, lane, channel="区法院立案庭 12368" if lane is Lane.X else "")
    problem = load(cast, raised.number)
    assert (problem.lane, problem.stage, problem.ending) == (lane, stage, ending)
    body = found(latest_triage(problem.id)).organization_id
    assert (body is not None) == (lane in (Lane.A, Lane.AB))
    if lane is Lane.X:
        assert problem.ending_words == "区法院立案庭 12368"


def test_where_no_list_names_a_body_the_street_office_is_handed_it(cast, raise_as):
    triage = to_lane(cast, raise_as().number, Lane.A)
    assert triage.organization_id == cast.organizations["street"]


@pytest.mark.parametrize("who", ["dispatcher", "street_office"])
def test_dispatcher_and_street_office_triage_too(cast, raise_as, who):
    assert triage_problem(getattr(cast, who), raise_as().number).state is TriageState.CONFIRMED


@pytest.mark.parametrize(
    "who", ["resident", "grid_worker", "chair", "official", "inspector", "foreign_moderator", "outsider", "auditor"]
)
def test_nobody_else_triages(cast, raise_as, who):
    number = raise_as().number
    refusal = refused("not_your_act", lambda: triage_problem(getattr(cast, who), number))
    assert refusal.status == 403
    assert load(cast, number).stage is Stage.RAISED


def test_a_change_needs_its_reason_in_words(cast, raise_as):
    number = raise_as().number
    refused("reason_missing", lambda: to_lane(cast, number, Lane.A, words=" "))
    assert to_lane(cast, number, Lane.A).changed


def test_a_referral_names_its_channel(cast, raise_as):
    number = raise_as().number
    refused("channel_missing", lambda: to_lane(cast, number, Lane.X))


def test_a_body_of_elsewhere_or_an_item_of_another_is_refused(cast, raise_as):
    number = raise_as().number
    street = found_organization(CLOCK, kind=OrganizationKind.STREET, name="别处街道", scope="990199").id
    fire = cast.organizations["fire"]
    refused("body_elsewhere", lambda: to_lane(cast, number, Lane.A, body_id=street))
    refused(
        "item_of_another",
        lambda: to_lane(cast, number, Lane.A, body_id=fire, duty_item_id=cast.duty_items["0101"]),
    )


@pytest.mark.parametrize("who", ["committee", "owners_committee", "social", "command", "supervision", "branch"])
def test_nobody_is_handed_a_case_who_cannot_handle_one(cast, raise_as, who):
    number = raise_as().number
    refused("body_handles_nothing", lambda: to_lane(cast, number, Lane.A, body_id=cast.organizations[who]))


# What a list says is owed ---------------------------------------------------------------------------------------------


@pytest.fixture
def owed(cast, raise_as):
    raised = raise_as("南门的井盖没了", matter_id=cast.matters["0101"])
    assert found(latest_triage(raised.id)).duty_item_id == cast.duty_items["0101"]
    return raised


@pytest.mark.parametrize("who", ["moderator", "dispatcher"])
@pytest.mark.parametrize("lane", [Lane.B, Lane.M, Lane.X])
def test_below_the_street_nobody_turns_a_listed_duty_into_talk(cast, owed, who, lane):
    refusal = refused(
        "duty_stays",
        lambda: triage_problem(
            getattr(cast, who), owed.number, lane=lane, reason=ReasonCode.COMMONS, channel="别处", words="大家商量吧"
        ),
    )
    assert "投票不能降低法定职责" in str(refusal.message)
    assert load(cast, owed.number).stage is Stage.RAISED


@pytest.mark.parametrize("lane", [Lane.A, Lane.AB])
def test_a_listed_duty_is_done_and_may_be_talked_about_besides(cast, owed, lane):
    triage_problem(cast.moderator, owed.number, lane=lane, reason=ReasonCode.DUTY, words="也请大家出主意")
    assert found(latest_triage(owed.id)).organization_id == cast.organizations["water"]


def test_what_a_court_has_in_hand_and_what_is_the_same_may_leave_it(cast, raise_as, owed):
    channel = ReasonCode.CHANNEL
    triage_problem(cast.moderator, owed.number, lane=Lane.X, reason=channel, channel="区法院", words="已经立案")
    assert load(cast, owed.number).ending is Ending.REFERRED
    first, again = raise_as(), raise_as("东门的井盖没了", by=cast.owner, matter_id=cast.matters["0101"])
    triage_problem(cast.moderator, again.number, same_as=first.number, words="同一处")
    assert load(cast, again.number).ending is Ending.MERGED


def test_the_street_office_may_decide_otherwise(cast, owed):
    triage_problem(cast.street_office, owed.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="井盖在小区里面")
    assert load(cast, owed.number).stage is Stage.GATHERING


def test_after_the_body_refused_its_case_the_committee_may_go_another_way(cast, owed):
    triage_problem(cast.moderator, owed.number)
    return_to_triage(CLOCK, owed.id)
    assert found(latest_triage(owed.id)).after_refusal
    triage_problem(cast.moderator, owed.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="单位说不归它管")
    assert load(cast, owed.number).stage is Stage.GATHERING


def test_a_granted_appeal_is_no_refusal_of_the_body(cast, owed):
    triage_problem(cast.moderator, owed.number)
    appeal_triage(cast.resident, owed.number, words="不同意")
    answer_appeal(cast.street_office, owed.number, outcome=AppealOutcome.GRANTED, words="再看看")
    refused("duty_stays", lambda: to_lane(cast, owed.number, Lane.B))


# What is not shown ----------------------------------------------------------------------------------------------------


def test_what_must_not_be_shown_is_withheld_with_a_reason_and_no_channel(cast, raise_as):
    raised = raise_as("他的手机号是13800001111，大家都去打")

    def withhold(words):
        triage_problem(cast.moderator, raised.number, lane=Lane.X, reason=ReasonCode.CONTENT, hidden=False, words=words)

    refused("reason_missing", lambda: withhold(""))
    withhold("公开了别人的手机号")
    problem = load(cast, raised.number)
    assert (problem.ending, problem.hidden, problem.ending_words) == (Ending.WITHHELD, True, "公开了别人的手机号")
    with pytest.raises(NotFound):
        problem_for(cast.tenant, raised.number)


@pytest.mark.parametrize(
    ("text", "lane", "reason"),
    [
        ("张大爷住3单元402，欠物业费不交", Lane.M, ReasonCode.DISPUTE),
        ("隔壁单元王某某晚上打老婆", Lane.A, ReasonCode.SAFETY),
        ("王大勇这个骗子是小区的败类", Lane.A, ReasonCode.UNCLEAR),
        ("跟对门为了门口那个鞋架吵了好几回，想请人来说和说和", Lane.M, ReasonCode.DISPUTE),
    ],
)
def test_an_accusation_is_seen_by_nobody_until_a_person_opens_it(cast, raise_as, text, lane, reason):
    raised = raise_as(text)
    assert load(cast, raised.number).hidden
    with pytest.raises(NotFound):
        problem_for(cast.tenant, raised.number)
    triage_problem(cast.moderator, raised.number, lane=Lane.A, words="看过，可以公开", hidden=False)
    assert problem_for(cast.tenant, raised.number).id == raised.id


def test_a_flat_written_in_the_field_for_the_place_counts(raise_as):
    assert raise_as("李阿姨人很好，想请大家帮她买菜", spot="3 单元 402").problem.hidden
    assert not raise_as("李阿姨人很好，想请大家帮她买菜", spot="3 单元门口").problem.hidden


def test_a_danger_with_a_name_is_handed_on_at_once_and_stays_hidden(cast, raise_as):
    raised = raise_as("402室王某某打老婆，流血了，快来人")
    problem = load(cast, raised.number)
    assert (problem.stage, problem.official, problem.hidden) == (Stage.OFFICIAL, Official.OPEN, True)


def test_what_is_triaged_stays_so_but_what_the_rules_confirmed_may_be_changed(cast, raise_as):
    number = raise_as().number
    triage_problem(cast.moderator, number)
    refused("already_triaged", lambda: triage_problem(cast.street_office, number))
    danger = raise_as("楼道电动车正在冒烟").number
    assert triage_problem(cast.moderator, danger).confirmed_by == cast.moderator.person_id
    refused("already_triaged", lambda: triage_problem(cast.moderator, danger))


# Joining two ----------------------------------------------------------------------------------------------------------


def test_two_become_one_and_its_author_a_raiser_and_second_of_the_other(cast, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    refused("reason_missing", lambda: triage_problem(cast.moderator, later.number, same_as=first.number))
    triage_problem(cast.moderator, later.number, same_as=first.number, words="同一处纸箱")
    merged, other = load(cast, later.number), load(cast, first.number)
    assert (merged.stage, merged.ending, merged.merged_into_id) == (Stage.ENDED, Ending.MERGED, other.id)
    assert raiser_ids(other.id) == [cast.resident.person_id, cast.neighbour.person_id]
    assert (other.seconds, other.households) == (1, 2)
    kinds = [each.kind for each in entries(merged.id)]
    assert "ProblemTriaged" not in kinds
    assert kinds[-2:] == ["ProblemMerged", "ProblemEnded"]
    refusal = refused("merged", lambda: second_problem(cast.tenant, later.number))
    assert first.number in str(refusal.what_next)


def test_one_who_had_seconded_the_other_is_not_counted_again(cast, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    second_problem(cast.neighbour, first.number)
    triage_problem(cast.moderator, later.number, same_as=first.number, words="同一处纸箱")
    assert load(cast, first.number).seconds == 1


def test_joining_as_proposed_needs_no_words_and_joining_to_another_does(cast, raise_as):
    matter = cast.matters["0101"]
    first = raise_as("南门的井盖没了", matter_id=matter)
    another = raise_as("车棚电线乱拉没人管过", by=cast.owner)
    later = raise_as("南门那个井盖没了", by=cast.neighbour, matter_id=matter)
    assert later.proposal.same_as == first.id
    refused("reason_missing", lambda: triage_problem(cast.moderator, later.number, same_as=another.number))
    assert not triage_problem(cast.moderator, later.number, same_as=first.number).changed


def test_what_is_not_to_be_joined_is_refused(cast, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    hidden = raise_as("张三往楼道里堆纸箱", by=cast.tenant, names_person=True)
    refused("cannot_merge", lambda: triage_problem(cast.moderator, later.number, same_as=later.number))
    refused("cannot_merge", lambda: triage_problem(cast.moderator, later.number, same_as=hidden.number))
    refused("same_as_what", lambda: triage_problem(cast.moderator, later.number, reason=DUP, words="同一件"))
    with pytest.raises(NotFound):
        triage_problem(cast.moderator, later.number, same_as="2026-9999")
    to_lane(cast, first.number, Lane.X, channel="法院")
    refused("cannot_merge", lambda: triage_problem(cast.moderator, later.number, same_as=first.number))
    assert load(cast, later.number).stage is Stage.RAISED


# The appeal -----------------------------------------------------------------------------------------------------------


def test_an_appeal_granted_lifts_the_ending_and_begins_a_new_turn(cast, raise_as):
    number = raise_as().number
    to_lane(cast, number, Lane.X, channel="法院")
    appeal_triage(cast.resident, number, words="这不是打官司的事")
    problem = load(cast, number)
    clock = found(running(Purpose.APPEAL, problem.id))
    assert clock.organization_id == cast.organizations["street"]
    assert [need.kind for need in needs(cast.street_office)] == ["appeal"]
    answer_appeal(cast.street_office, number, outcome=AppealOutcome.GRANTED, words="说得对，重新分流")
    problem = load(cast, number)
    assert (problem.stage, problem.ending, problem.ended_at, problem.lane) == (Stage.RAISED, None, None, None)
    assert found(latest_triage(problem.id)).turn == 2
    assert running(Purpose.APPEAL, problem.id) is None
    assert running(Purpose.TRIAGE, problem.id) is not None
    assert needs(cast.street_office) == []
    triage_problem(cast.moderator, number)
    refused("already_appealed", lambda: appeal_triage(cast.resident, number, words="再来一次"))


def test_an_appeal_upheld_changes_nothing_else(cast, raise_as):
    number = raise_as().number
    to_lane(cast, number, Lane.M)
    appeal_triage(cast.resident, number, words="这是大家的事")
    answer_appeal(cast.street_office, number, outcome=AppealOutcome.UPHELD, words="只涉及两家")
    problem = load(cast, number)
    assert (problem.stage, found(latest_triage(problem.id)).turn) == (Stage.MEDIATING, 1)
    refused(
        "no_appeal",
        lambda: answer_appeal(cast.street_office, number, outcome=AppealOutcome.UPHELD, words="再答"),
    )


def test_only_raisers_appeal_and_only_the_street_office_answers(cast, raise_as):
    number = raise_as().number
    refused("not_triaged", lambda: appeal_triage(cast.resident, number, words="不同意"))
    triage_problem(cast.moderator, number)
    refused("not_your_act", lambda: appeal_triage(cast.tenant, number, words="不同意"))
    refused("words_missing", lambda: appeal_triage(cast.resident, number, words="  "))
    appeal_triage(cast.resident, number, words="不同意")
    for who in (cast.moderator, cast.resident, cast.foreign_moderator):
        refused(
            "not_your_act",
            lambda who=who: answer_appeal(who, number, outcome=AppealOutcome.UPHELD, words="维持"),
        )


def test_an_appeal_comes_within_its_days(cast, raise_as):
    number = raise_as().number
    triage_problem(cast.moderator, number)
    until = found(facts_of(cast.resident, load(cast, number)).appeal_until)
    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        refused("appeal_too_late", lambda: appeal_triage(cast.resident, number, words="不同意"))
    with time_machine.travel(until, tick=False):
        appeal_triage(cast.resident, number, words="不同意")
    assert until - now() > timedelta(days=7) - timedelta(hours=1)


def test_an_appeal_is_offered_only_while_it_can_be_granted(cast, raise_as):
    raised = raise_as()
    to_lane(cast, raised.number, Lane.B)
    note_deciding(CLOCK, raised.id)
    refused("too_far", lambda: appeal_triage(cast.resident, raised.number, words="不同意"))
    note_gathering(CLOCK, raised.id)
    appeal_triage(cast.resident, raised.number, words="不同意")


# Falling due ----------------------------------------------------------------------------------------------------------


def test_what_nobody_triages_goes_to_the_street_office_once(cast, raise_as):
    raised = raise_as()
    due_triage(CLOCK, raised.id)
    due_triage(CLOCK, raised.id)
    assert load(cast, raised.number).accountable_id == cast.organizations["street"]
    assert [each.kind for each in entries(raised.id)].count("TriageOverdue") == 1
    assert [need.kind for need in needs(cast.street_office)] == ["triage"]
    assert needs(cast.moderator) == []


def test_what_was_triaged_meanwhile_is_not_overdue(cast, raise_as):
    raised = raise_as()
    triage_problem(cast.moderator, raised.number)
    before = load(cast, raised.number).accountable_id
    due_triage(CLOCK, raised.id)
    due_mediation(CLOCK, raised.id)
    due_appeal(CLOCK, raised.id)
    assert load(cast, raised.number).accountable_id == before
    assert not [each for each in entries(raised.id) if each.kind.endswith("Overdue")]


def test_an_appeal_and_a_mediation_without_an_answer_are_never_silent(cast, raise_as):
    raised = raise_as()
    to_lane(cast, raised.number, Lane.M)
    assert running(Purpose.MEDIATION, raised.id) is not None
    due_mediation(CLOCK, raised.id)
    appeal_triage(cast.resident, raised.number, words="不同意")
    due_appeal(CLOCK, raised.id)
    kinds = [each.kind for each in entries(raised.id)]
    assert "MediationOverdue" in kinds
    assert "AppealOverdue" in kinds
    assert load(cast, raised.number).accountable_id == cast.organizations["street"]
    record_mediation(cast.street_office, raised.number, agreed=True, words="谈好了，轮流使用")
    assert load(cast, raised.number).ending is Ending.MEDIATED


def test_a_refused_case_comes_back_to_triage(cast, raise_as):
    raised = raise_as()
    to_lane(cast, raised.number, Lane.A)
    return_to_triage(CLOCK, raised.id)
    problem = load(cast, raised.number)
    assert (problem.stage, problem.official, found(latest_triage(problem.id)).turn) == (Stage.RAISED, Official.NONE, 2)
    assert running(Purpose.TRIAGE, problem.id) is not None


def test_a_danger_that_comes_back_waits_for_a_person(cast, raise_as):
    raised = raise_as("楼道电动车正在冒烟")
    return_to_triage(CLOCK, raised.id)
    assert load(cast, raised.number).stage is Stage.RAISED
    assert found(running(Purpose.TRIAGE, raised.id)).limit_amount == 2
