"""Triage: the labelled cases, sentences of many kinds, and each of the ordered rules."""

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import Level, ListKind, MatterKey, MatterKind
from cogov.duties.rules.matters import shipped
from cogov.problems.rules.invariants import (
    VoteSubject,
    appeal_until,
    why_not_appeal,
    why_not_change_lane,
    why_not_vote_on,
)
from cogov.problems.rules.lanes import Confidence, Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.likeness import likeness
from cogov.problems.rules.report import DutyMet, HandDown, OpenProblem, Report, TriageSettings
from cogov.problems.rules.triage import propose

HERE = Path(__file__).parent
LABELLED = HERE.parents[2] / "shared" / "domain" / "triage_cases.csv"
SETTINGS = TriageSettings()
needs_labelled = pytest.mark.skipif(not LABELLED.exists(), reason="the labelled cases lie beside the project")


def rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def labelled():
    return rows(LABELLED) if LABELLED.exists() else []


def key_of(row):
    """Find the matter by name, checked against its code where the case has one."""
    found = [
        matter.key
        for matter in shipped()
        if matter.guidance and row["code"] in {"-", matter.key.code} and row["matter"] in {matter.name, *matter.also}
    ]
    assert len(found) == 1, row["matter"]
    return found[0]


def key(code, kind=MatterKind.COMMUNITY, standard="cogov"):
    return MatterKey(standard, kind, code)


def triage(words, **facts):
    return propose(Report(words, **facts), SETTINGS)


def lane_is_right(row):
    return triage(row["text"]).lane in row["lane"].split("|")


def duty(body, kind=ListKind.BASIC):
    return DutyMet(body, 10 + body, Limit(5, LimitUnit.WORKING_DAYS), "消防法第28条", kind)


@needs_labelled
@pytest.mark.parametrize("row", labelled(), ids=lambda row: row["id"])
def test_a_labelled_case_with_its_matter_goes_its_lane_under_its_rules(row):
    proposal = triage(row["sample_text"], matter=key_of(row))
    assert proposal.lane == row["lane"]
    assert set(proposal.rules) == set(row["rule"].split("+"))


@needs_labelled
@pytest.mark.parametrize("row", labelled(), ids=lambda row: row["id"])
def test_a_labelled_case_goes_its_lane_by_its_words_alone(row):
    assert triage(row["sample_text"]).lane == row["lane"]


# Three sets of sentences, in the order in which they were written. The lexicon was shaped with the first in view. The
# second was written afterwards and went right in 42 of 55 before it was learned from; the third is kept as it was met,
# its dangers excepted, and is the honest figure for words nobody foresaw.
@pytest.mark.parametrize(("name", "right"), [("triage_sentences", 60), ("triage_fresh", 53), ("triage_unseen", 38)])
def test_sentences_of_many_kinds_go_where_a_person_would_send_them(name, right):
    sentences = rows(HERE / f"{name}.csv")
    assert sum(map(lane_is_right, sentences)) >= right


def dangers():
    sets = ("triage_sentences", "triage_fresh", "triage_unseen")
    return [row for name in sets for row in rows(HERE / f"{name}.csv") if row["numbers"]]


@pytest.mark.parametrize("row", dangers(), ids=lambda row: row["text"])
def test_no_danger_is_missed_and_its_number_is_shown(row):
    assert set(row["numbers"].split()) <= set(triage(row["text"]).emergency_numbers)


@pytest.mark.parametrize("name", ["triage_sentences", "triage_fresh", "triage_unseen"])
def test_what_is_no_danger_raises_no_alarm(name):
    calm = [row["text"] for row in rows(HERE / f"{name}.csv") if not row["numbers"]]
    assert [text for text in calm if triage(text).emergency_numbers] == []


@pytest.mark.parametrize("name", ["triage_sentences", "triage_fresh", "triage_unseen"])
def test_what_went_wrong_was_never_said_to_be_sure(name):
    wrong = [row["text"] for row in rows(HERE / f"{name}.csv") if not lane_is_right(row)]
    assert [text for text in wrong if triage(text).confidence != Confidence.LOW] == []


@pytest.mark.parametrize(
    "text",
    ["没有着火，就是怕着火", "去年着过火", "要是着火了怎么办", "消防演习的火灾烟雾", "起火那家已经扑灭了", "没人受伤"],
)
def test_a_danger_denied_feared_past_or_rehearsed_is_no_emergency(text):
    assert triage(text).emergency_numbers == ()


@pytest.mark.parametrize(
    "text",
    [
        "是不是着火了",
        "有没有着火我不知道，烟很大，冒黑烟",
        "好像着火了",
        "怕是着火了",
        "恐怕要起火",
        "不是着火了吧",
        "去年着过火，现在又冒黑烟了",
        "火还没扑灭，着火的是三楼",
        "着火了，还没扑灭",
        "不小心烫伤了，起火了",
        "消防通道冒黑烟",
        "着 火 了",
        "着火了！！！",
    ],
)
def test_an_unsure_or_returning_danger_is_an_emergency(text):
    assert "119" in triage(text).emergency_numbers


@pytest.mark.parametrize("matter", [None, key("C101"), key("C502"), key("C901")])
def test_danger_outranks_whatever_matter_was_picked(matter):
    proposal = triage("楼下着火了", matter=matter, in_litigation=True)
    assert (proposal.lane, proposal.reasons) == (Lane.A, (ReasonCode.SAFETY,))
    assert (proposal.rules, proposal.limit) == ((RuleCode.R0,), Limit(2, LimitUnit.EMERGENCY_HOURS))


def test_a_ticked_emergency_needs_no_words():
    assert triage("快来", burning=True).emergency_numbers == ("119",)


def test_a_hazard_of_a_shared_part_may_use_the_fund_at_once():
    proposal = triage("外墙瓷砖往下掉")
    assert (proposal.lane, proposal.rules) == (Lane.AB, (RuleCode.R8, RuleCode.R1))


def test_what_a_court_has_in_hand_goes_to_its_channel():
    assert triage("邻居的墙", in_litigation=True).decider == Decider.CHANNEL


def nearby(**changes):
    there = OpenProblem(7, Lane.AB, key("C103"), 200, "二楼拉电线下来给电动车充电")
    return (replace(there, **changes),)


def test_a_like_problem_near_by_is_proposed_as_the_same_and_takes_its_lane():
    proposal = triage("二楼从窗户拉电线给电动车充电", nearby=nearby())
    assert (proposal.same_as, proposal.lane, proposal.reasons) == (7, Lane.AB, (ReasonCode.DUP,))


@pytest.mark.parametrize("changes", [{"metres": 251}, {"matter": key("C105")}, {"words": "完全另外一件事"}])
def test_what_is_far_other_or_unlike_is_not_the_same(changes):
    assert triage("二楼从窗户拉电线给电动车充电", nearby=nearby(**changes)).same_as is None


def test_the_same_reporter_without_new_facts_raises_the_same():
    again = {"words": "完全另外一件事", "same_reporter": True}
    assert triage("飞线充电", nearby=nearby(**again)).same_as == 7
    assert triage("飞线充电", nearby=nearby(**again, new_facts=True)).same_as is None


def test_a_component_is_the_same_only_within_30_metres():
    cover = key("0101", MatterKind.COMPONENT, "CJ/T 214")
    there = OpenProblem(3, Lane.A, cover, 31, "井盖没了")
    assert triage("井盖没了", nearby=(there,)).same_as is None
    assert triage("井盖没了", nearby=(replace(there, metres=30),)).same_as == 3


def test_of_two_the_same_the_more_alike_is_proposed():
    one, two = nearby()[0], replace(nearby()[0], problem_id=8, words="飞线充电", metres=240)
    assert triage("飞线充电", nearby=(one, two)).same_as == 8


def test_numbers_of_others_are_held_and_ones_own_are_not_an_offence():
    assert (triage("他电话13800001111").lane, triage("他电话13800001111").hold) == (Lane.X, True)
    assert triage("井盖没了，我的电话13800001111").lane == Lane.A


def test_a_named_person_is_held_without_changing_the_lane():
    proposal = triage("遛大狗不拴绳", names_person=True)
    assert (proposal.lane, proposal.hold) == (Lane.AB, True)


def test_a_duty_met_names_its_body_limit_and_basis():
    proposal = triage("说不清的一件事", duties=(duty(1),))
    assert (proposal.lane, proposal.body_id, proposal.limit) == (Lane.A, 1, Limit(5, LimitUnit.WORKING_DAYS))
    assert (proposal.basis, proposal.lead_id) == ("消防法第28条", None)


def test_the_first_of_several_bodies_leads_and_the_others_are_called():
    proposal = triage("飞线充电", duties=(duty(1), duty(2), duty(1), duty(3)))
    assert (proposal.lead_id, proposal.called_ids) == (1, (2, 3))
    assert ReasonCode.JOINT in proposal.reasons


def test_two_bodies_are_enough_for_a_lead():
    proposal = triage("垃圾桶满了三天没人收", duties=(duty(2), duty(1)))
    assert (proposal.lead_id, proposal.called_ids, proposal.lane) == (2, (1,), Lane.A)


def test_a_duty_joins_what_is_shared():
    assert triage("想加装电梯", duties=(duty(1),)).lane == Lane.AB
    assert RuleCode.R0 in triage("想加装电梯", duties=(duty(1),)).rules


def test_a_permit_adds_the_duty_to_what_owners_decide():
    assert triage("想加装电梯", needs_permit=True).lane == Lane.AB
    assert triage("想加装电梯").lane == Lane.B


@pytest.mark.parametrize("facts", [{"same_matter_recently": 3}, {"reworks": 2}, {"dissatisfied": 2}])
def test_what_comes_back_needs_both_the_duty_and_a_talk(facts):
    proposal = triage("垃圾桶满了三天没人收", **facts)
    assert (proposal.lane, proposal.rules) == (Lane.AB, (RuleCode.R0, RuleCode.R5))
    assert ReasonCode.RECUR in proposal.reasons


@pytest.mark.parametrize("facts", [{"same_matter_recently": 2}, {"reworks": 1}, {"dissatisfied": 1}])
def test_one_short_of_coming_back_changes_nothing(facts):
    assert triage("垃圾桶满了三天没人收", **facts).lane == Lane.A


def test_an_order_to_a_grid_without_an_item_goes_back_to_the_district():
    order = HandDown(Level.GRID, None, admitted=False)
    proposal = triage("帮我们统计一下", hand_down=order)
    assert (proposal.lane, proposal.decider) == (Lane.AB, Decider.STREET)


def test_an_order_that_cites_an_item_is_judged_on_its_matter():
    order = HandDown(Level.GRID, 5, admitted=True)
    assert triage("垃圾桶满了三天没人收", hand_down=order).lane == Lane.A


def test_a_lamp_is_the_citys_or_the_estates_by_where_it_stands():
    lamp = key("0118", MatterKind.COMPONENT, "CJ/T 214")
    assert triage("灯不亮", matter=lamp, in_estate=True).rules == (RuleCode.R7,)
    assert triage("灯不亮", matter=lamp, in_estate=False).rules == (RuleCode.R0,)


def test_a_managed_public_place_adds_its_manager():
    assert RuleCode.R10 in triage("空地想改成儿童乐园", managed_public_place=True).rules


def test_what_nobody_understands_goes_to_a_person_with_the_numbers_in_doubt():
    proposal = triage("嗯嗯")
    assert (proposal.lane, proposal.reasons, proposal.confidence) == (Lane.A, (ReasonCode.UNCLEAR,), Confidence.LOW)
    assert (proposal.decider, proposal.numbers_in_doubt) == (Decider.STREET, ("119", "120", "110"))


def test_every_lane_has_reasons_that_can_be_read():
    assert all(str(words) for words in triage("想加装电梯", duties=(duty(1), duty(2))).why)


@given(st.text(max_size=200))
def test_any_text_at_all_gets_a_proposal(text):
    proposal = triage(text)
    assert proposal.rules
    assert proposal.why


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_both_ways_and_whole_for_itself(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) == 1


def test_likeness_counts_shared_pairs():
    assert likeness("电动车充电", "电动车停车") == Fraction(2, 6)


@pytest.mark.parametrize(
    ("subject", "code", "article"),
    [
        ({"lowers_statutory_duty": True}, "vote_lowers_duty", "286"),
        ({"decides_on_a_persons_rights": True}, "vote_on_person", "280"),
        ({"publishes_personal_data": True}, "vote_on_personal_data", "25"),
        ({"binds_outside_the_electorate": True}, "vote_binds_others", "278"),
        ({"authorises_unlawful_act": True}, "vote_unlawful", "153"),
    ],
)
def test_no_majority_can_decide_what_is_not_its_own(subject, code, article):
    refused = why_not_vote_on(VoteSubject((RuleCode.R1,), **subject))
    assert refused is not None
    assert refused.code == code
    assert article in refused.article


def test_a_duty_alone_leaves_nothing_to_vote_on():
    assert why_not_vote_on(VoteSubject((RuleCode.R0,))) is not None
    assert why_not_vote_on(VoteSubject((RuleCode.R0, RuleCode.R4))) is None


def change(current, to, reasons=(ReasonCode.COMMONS,), explanation="情况变了", by_public_body=False):
    refused = why_not_change_lane(
        current=current, to=to, reasons=reasons, explanation=explanation, by_public_body=by_public_body
    )
    return refused and refused.code


def test_a_lane_changes_only_with_a_reason():
    assert change(Lane.A, Lane.AB, explanation="  ") == "lane_change_without_reason"
    assert change(Lane.A, Lane.AB) is None
    assert change(Lane.A, Lane.A) == "same_lane"


def test_a_department_cannot_end_what_residents_talk_about():
    assert change(Lane.B, Lane.A, by_public_body=True) == "not_theirs_to_end"
    assert change(Lane.B, Lane.AB, by_public_body=True) is None
    assert change(Lane.B, Lane.A) is None


@pytest.mark.parametrize("to", [Lane.B, Lane.M])
def test_a_duty_cannot_be_talked_away(to):
    assert change(Lane.A, to, reasons=(ReasonCode.DUTY,)) == "duty_stays"


def test_a_raiser_may_appeal_once_in_time():
    triaged = WorkingCalendar().midnight(date(2026, 11, 2))
    until = appeal_until(triaged, 7, WorkingCalendar())

    def appeal(is_raiser=True, appealed_before=False, now=until):
        refused = why_not_appeal(is_raiser=is_raiser, appealed_before=appealed_before, now=now, until=until)
        return refused and refused.code

    assert appeal() is None
    assert appeal(is_raiser=False) == "not_the_raiser"
    assert appeal(appealed_before=True) == "appealed_before"
    assert appeal(now=until.replace(microsecond=1)) == "appeal_too_late"
