"""The rules as data: what the Civil Code asks, which matter takes which, and what is frozen of them."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogov.decisions.rules.ballots import Choice, Option, why_not_this_scope
from cogov.decisions.rules.electorate import Electorate, Reach, RollOwner, RollUnit, owners_of
from cogov.decisions.rules.freezing import LATER, fingerprint, freeze, thaw
from cogov.decisions.rules.law import CoOwners, DecisionRule, Force, NoProxy, Parking, Secrecy, force_here
from cogov.decisions.rules.matters import BARS, OTHER_WAYS, Bar, Matter, why_not_against_one, why_not_use
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.shipped import RULES, rule_for_item
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, at_least, more_than
from cogov.people.rules import OrganizationKind
from cogov.places.rules import OwnerKind
from cogov.problems.rules.lanes import RuleCode

OPTIONS = (
    Option(1, Choice.AGREE, "同意", "六月动工"),
    Option(2, Choice.DISAGREE, "不同意", "维持现状"),
    Option(3, Choice.ABSTAIN, "弃权", "算参加，不算同意"),
)
ROLL = (
    [RollUnit(1, 1, "1", 8_965, (1,)), RollUnit(2, 1, "1", 7_011, (2,))],
    [RollOwner(1, OwnerKind.PERSON, (11,)), RollOwner(2, OwnerKind.PERSON)],
)


@pytest.mark.parametrize("item", range(1, 10))
def test_fund_raising_rebuilding_and_change_of_common_parts_take_three_quarters_and_all_else_a_majority(item):
    rule = rule_for_item(item)
    assert rule.participation == Thresholds(
        at_least(Fraction(2, 3), Base.ELECTORATE), at_least(Fraction(2, 3), Base.ELECTORATE)
    )
    if item in (6, 7, 8):
        assert rule.code is RuleCode.R2
        assert (
            rule.passing.heads == rule.passing.area == Threshold(Fraction(3, 4), inclusive=True, base=Base.PARTICIPANTS)
        )
    else:
        assert rule.code is RuleCode.R1
        assert (
            rule.passing.heads
            == rule.passing.area
            == Threshold(Fraction(1, 2), inclusive=False, base=Base.PARTICIPANTS)
        )


def test_there_is_no_tenth_item():
    with pytest.raises(ValueError, match="no item 10"):
        rule_for_item(10)


def test_a_share_that_nothing_can_meet_is_no_threshold():
    for share, inclusive in ((Fraction(0), True), (Fraction(1), False), (Fraction(3, 2), True)):
        with pytest.raises(ValueError, match="no part"):
            Threshold(share, inclusive, Base.ELECTORATE)
    assert Threshold(Fraction(1), inclusive=True, base=Base.ELECTORATE).met(7, 7)  # unanimity


def test_area_is_never_counted_without_heads_nor_read_otherwise():
    for heads in (None, at_least(Fraction(1, 2), Base.PARTICIPANTS)):
        with pytest.raises(ValueError, match="no law"):
            Thresholds(heads, more_than(Fraction(1, 2), Base.PARTICIPANTS))


def test_the_rule_card_says_first_how_many_take_part_then_how_many_agree():
    first, second = map(str, RULES[RuleCode.R1].sentences)
    assert first == "一、先够数：参加表决的业主，人数达到总数的 2/3，面积也达到总面积的 2/3（都含本数）"
    assert second == "二、再够票：参加的业主里，同意的人数超过 1/2，面积也超过 1/2；弃权算参加，不算同意"
    assert "达到 3/4，面积也达到 3/4（都含本数）" in str(RULES[RuleCode.R2].sentences[1])
    advisory = [str(words) for words in RULES[RuleCode.R5].sentences]
    assert advisory[0].startswith("一、不设参与门槛")
    assert "同意的超过参加的 1/2" in advisory[1]


def test_an_owners_vote_binds_only_where_the_place_has_shown_its_authority():
    assert force_here(RULES[RuleCode.R2], authorised=False) is Force.CONSULTATION
    assert force_here(RULES[RuleCode.R2], authorised=True) is Force.BINDING
    assert force_here(RULES[RuleCode.R5], authorised=True) is Force.ADVISORY


@pytest.mark.parametrize("code", sorted(set(RuleCode) - set(RULES)))
def test_every_rule_that_is_no_vote_names_its_article_and_the_way_instead(code):
    refusal = why_not_use(code, Matter(triaged=frozenset({code})))
    assert refusal is OTHER_WAYS[code]
    assert refusal.article
    assert refusal.what_next
    assert refusal.appeal


@pytest.mark.parametrize("bar", Bar)
@pytest.mark.parametrize("code", sorted(RULES))
def test_no_rule_however_large_its_majority_passes_a_bar(bar, code):
    item = {RuleCode.R1: 4, RuleCode.R2: 7}.get(code)
    here = replace(RULES[code], template=False)
    assert why_not_use(code, Matter(item), here) is None
    assert why_not_use(code, Matter(item, touches=frozenset({bar})), here) is BARS[bar]
    assert BARS[bar].article
    assert BARS[bar].what_next


@pytest.mark.parametrize(
    ("code", "item", "triaged", "refused"),
    [
        (RuleCode.R1, 5, {RuleCode.R1}, None),
        (RuleCode.R1, 7, {RuleCode.R1}, "rule_does_not_fit"),  # a lift by simple majority
        (RuleCode.R2, 4, {RuleCode.R1}, "rule_does_not_fit"),  # nor may a committee raise the bar to keep its firm
        (RuleCode.R2, 8, {RuleCode.R0, RuleCode.R2}, None),  # the shed is voted on, the duty beside it is not
        (RuleCode.R2, 8, {RuleCode.R0}, "statutory_duty"),
        (RuleCode.R1, 9, {RuleCode.R3}, "unanimity"),  # majority is no defence
        (RuleCode.R1, None, {RuleCode.R1}, "item_missing"),
        (RuleCode.R5, 5, {RuleCode.R5}, "owners_decide"),
        (RuleCode.R5, None, {RuleCode.R5}, None),
        (RuleCode.R5, None, {RuleCode.R4}, None),  # advice before a residents' meeting binds nobody
        (RuleCode.R5, None, {RuleCode.R10, RuleCode.R5}, None),
        (RuleCode.R5, None, {RuleCode.R6}, "mediation"),
        (RuleCode.R5, None, {RuleCode.R1}, "triaged_otherwise"),
        (RuleCode.R5, None, set(), None),
        (RuleCode.R3, None, {RuleCode.R3}, None),
        (RuleCode.R3, None, {RuleCode.R5}, "triaged_otherwise"),
        (RuleCode.R5, None, {RuleCode.R3}, "unanimity"),  # nor does advice stand for unanimity
        (RuleCode.R3, 8, {RuleCode.R3}, "owners_decide"),
        (RuleCode.R4, None, {RuleCode.R4}, "rule_unconfirmed"),  # the figures are those of a law that was revised
        (RuleCode.R1, 9, {RuleCode.R4}, "residents_meeting"),
        (RuleCode.R11, None, {RuleCode.R5}, None),
        (RuleCode.R11, 5, {RuleCode.R5}, "owners_decide"),
        (RuleCode.R12, None, {RuleCode.R9}, None),
        (RuleCode.R12, None, {RuleCode.R1}, "committee_binds_nobody"),
        (RuleCode.R12, None, {RuleCode.R2}, "committee_binds_nobody"),
        (RuleCode.R12, 4, set(), "owners_decide"),
        (RuleCode.R13, None, {RuleCode.R5}, None),
        (RuleCode.R13, None, {RuleCode.R8}, "emergency_fund"),
    ],
)
def test_choosing_the_matter_chooses_the_rule(code, item, triaged, refused):
    refusal = why_not_use(code, Matter(item, frozenset(triaged)))
    assert (refusal and refusal.code) == refused


def test_every_way_of_deciding_is_either_a_rule_or_a_refusal_with_its_article():
    assert RULES.keys() | OTHER_WAYS.keys() == set(RuleCode)
    for rule in RULES.values():
        assert rule.article
        assert all(str(sentence) for sentence in rule.sentences)
        assert rule.methods
        assert rule.secrecy in rule.secrecies


def test_a_weighted_ballot_is_never_secret_since_an_area_names_the_flat():
    for rule in RULES.values():
        assert not rule.counts_area or rule.secrecies == (Secrecy.NAMED,)


def test_a_residents_meeting_is_a_template_until_a_place_has_looked_up_the_revised_law():
    assert [rule.code for rule in RULES.values() if rule.template] == [RuleCode.R4]
    confirmed = replace(RULES[RuleCode.R4], template=False)
    assert why_not_use(RuleCode.R4, Matter(triaged=frozenset({RuleCode.R4})), confirmed) is None


@pytest.mark.parametrize(
    ("code", "reach", "refused"),
    [
        (RuleCode.R3, Reach(1), None),
        (RuleCode.R3, Reach(), "scope_fixed"),
        (RuleCode.R3, Reach(1, "1"), "scope_fixed"),  # all of the building are presumed to have an interest
        (RuleCode.R4, Reach(), None),
        (RuleCode.R4, Reach(1), "scope_fixed"),
        (RuleCode.R5, Reach(1, "1"), None),
    ],
)
def test_a_rule_that_is_for_one_scope_is_taken_for_no_other(code, reach, refused):
    refusal = why_not_this_scope(RULES[code], Matter(), Electorate(reach, (), 0))
    assert (refusal and refusal.code) == refused


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_frozen_rule_comes_back_as_it_was(code):
    text = freeze(RULES[code])
    assert thaw(text) == RULES[code]
    assert freeze(thaw(text)) == text


FROZEN_BEFORE = (
    '{"article":"民法典第278条","body":"owners","code":"R2","force":"consultation","items":[6,7,8],'
    '"may_annul":["court","street_office"],"name":"业主共同决定：重大事项","notice_days":15,'
    '"participation":{"area":{"base":"electorate","inclusive":true,"share":"2/3"},'
    '"heads":{"base":"electorate","inclusive":true,"share":"2/3"}},'
    '"passing":{"area":{"base":"participants","inclusive":true,"share":"3/4"},'
    '"heads":{"base":"participants","inclusive":true,"share":"3/4"}},"publication_days":3,'
    '"seconders":{"base":"electorate","inclusive":true,"share":"1/5"},"secrecy":"named",'
    '"tabled_by":["moderator","owners_committee"],"version":1}'
)
"""A rule as it was frozen before rules knew methods, secrecies and scopes."""


def test_a_rule_that_was_frozen_before_rules_knew_more_thaws_into_one_named_choice_and_keeps_its_text():
    rule = thaw(FROZEN_BEFORE)
    assert (rule.methods, rule.secrecies, rule.scope) == ((Method.SINGLE,), (Secrecy.NAMED,), None)
    assert freeze(rule) == FROZEN_BEFORE


SOME_LATER = some.fixed_dictionaries(
    {
        "methods": some.lists(some.sampled_from(Method), min_size=1, unique=True).map(tuple),
        "secrecies": some.lists(some.sampled_from(Secrecy), min_size=1, unique=True).map(tuple),
        "scope": some.none() | some.sampled_from(Scope),
        "parking": some.sampled_from(Parking),
        "template": some.booleans(),
        "source": some.text(max_size=20),
        "proxy_heads": some.integers(0, 99),
        "proxy_periods": some.booleans(),
        "no_proxies": some.lists(some.sampled_from(NoProxy), unique=True).map(tuple),
        "co_owners": some.sampled_from(CoOwners),
        "proven_interest": some.booleans(),
        "kinds": some.lists(some.sampled_from(OrganizationKind), unique=True).map(tuple),
    }
)


@given(SOME_LATER, some.sampled_from(sorted(RULES)))
def test_whatever_came_to_rules_later_is_frozen_only_where_it_differs_and_comes_back(later, code):
    rule = replace(RULES[code], **later)
    text = freeze(rule)
    assert thaw(text) == rule
    written = set(json.loads(text))
    assert written & LATER.keys() == {name for name, default in LATER.items() if getattr(rule, name) != default}
    assert later.keys() == LATER.keys()
    assert written - LATER.keys() == {name for name in DecisionRule.__dataclass_fields__ if name not in LATER}


@pytest.mark.parametrize(
    "added",
    [{"methods": ["single"]}, {"scope": None}, {"template": 1}, {"parking": "somewhere"}, {"secrecies": "named"}],
)
def test_a_default_that_was_written_out_or_a_value_that_nobody_knows_does_not_thaw(added):
    with pytest.raises(ValueError, match=r"canonical|not a valid"):
        thaw(json.dumps(json.loads(FROZEN_BEFORE) | added, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def test_shares_are_frozen_as_fractions_of_whole_numbers():
    assert json.loads(freeze(RULES[RuleCode.R1]))["participation"]["heads"] == {
        "share": "2/3",
        "inclusive": True,
        "base": "electorate",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("notice_days"),
        lambda data: data.update(quorum="2/3"),
        lambda data: data.update(body="everybody"),
        lambda data: data["passing"]["heads"].update(share=0.5),
        lambda data: data["passing"]["heads"].update(share="1/0"),
        lambda data: data["passing"]["heads"].update(share="2/4"),
        lambda data: data["passing"].update(heads=[]),
        lambda data: data.update(version="1"),
        lambda data: data.update(seconders=None),
    ],
)
def test_a_frozen_rule_that_was_touched_does_not_thaw(change):
    data = json.loads(freeze(RULES[RuleCode.R1]))
    change(data)
    with pytest.raises(ValueError, match=r"frozen|canonical|not a valid|no law"):
        thaw(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def test_a_frozen_rule_in_another_spelling_does_not_thaw():
    with pytest.raises(ValueError, match="canonical"):
        thaw(json.dumps(json.loads(freeze(RULES[RuleCode.R1])), ensure_ascii=False))


def test_the_fingerprint_changes_with_rule_option_and_electorate_and_with_nothing_else():
    rule, roll = RULES[RuleCode.R1], owners_of(*ROLL)
    original = fingerprint(rule, OPTIONS, roll)
    assert (
        fingerprint(thaw(freeze(rule)), reversed(OPTIONS), owners_of(reversed(ROLL[0]), reversed(ROLL[1]))) == original
    )
    lower = replace(rule, participation=Thresholds(at_least(Fraction(1, 2), Base.ELECTORATE)))
    reworded = (replace(OPTIONS[0], consequence="七月动工"), *OPTIONS[1:])
    smaller = owners_of([ROLL[0][0], replace(ROLL[0][1], area=7_010)], ROLL[1])
    joined = owners_of(ROLL[0], [ROLL[1][0], replace(ROLL[1][1], person_ids=(12,))])
    others = {
        fingerprint(lower, OPTIONS, roll),
        fingerprint(rule, reworded, roll),
        fingerprint(rule, OPTIONS, smaller),
        fingerprint(rule, OPTIONS, joined),
    }
    assert len(others) == 4
    assert original not in others


@pytest.mark.parametrize(
    "text",
    [
        "对 3-201 住户罚款二百元",
        "3号楼2单元301再堆物就罚五百",
        "把 1204 室租户赶走",
        "公布拖欠物业费的王建国先生的姓名，张贴三天，再罚款",
        "李某再犯就驱逐出小区",
        "在公告栏公开 502 户业主的名字",
    ],
)
def test_a_door_or_a_person_with_a_punishment_is_plain_enough_to_refuse(text):
    refusal = why_not_against_one(["是否建充电棚", text])
    assert refusal is not None
    assert refusal.code == "names_and_punishes"


@pytest.mark.parametrize(
    "text",
    [
        "是否在 3 号楼东侧建充电棚",
        "违规停车的按公约罚款二十元",
        "把 3-201 门口的公共灯换成感应灯",
        "每户 200 元，2026-2027 年分两次交",
        "3-201 门口换灯。乱扔烟头的罚款",
        "公开维修资金账目和施工单位名称",
    ],
)
def test_a_rule_for_everybody_and_a_door_without_a_punishment_are_not(text):
    assert why_not_against_one([text]) is None


@pytest.mark.parametrize("item", [1, 2, 3, 4, 5])
def test_only_the_item_for_all_else_is_refused_where_triage_named_the_higher_line(item):
    assert why_not_use(RuleCode.R1, Matter(item, frozenset({RuleCode.R2}))) is None
    assert why_not_use(RuleCode.R1, Matter(9, frozenset({RuleCode.R1}))) is None
    assert why_not_use(RuleCode.R1, Matter(9)) is None
    refusal = why_not_use(RuleCode.R1, Matter(9, frozenset({RuleCode.R2})))
    assert refusal is not None
    assert refusal.code == "item_below_triage"
