"""What a place may write into its own version of a rule, and what the law has fixed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from cogov.decisions.rules.freezing import freeze, thaw
from cogov.decisions.rules.law import Parking, Secrecy
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.ruling import (
    STATUTORY,
    differences,
    edit_of,
    edited,
    in_force_from,
    why_not_propose,
    why_not_rule,
    why_not_settle,
)
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.thresholds import Base, Thresholds, at_least, more_than
from cogov.ground.refusals import Refusal
from cogov.problems.rules.lanes import RuleCode

HALF = Fraction(1, 2)


def code_of(refusal: Refusal | None) -> str:
    assert refusal is not None
    return refusal.code


@pytest.mark.parametrize("code", sorted(RULES))
def test_what_is_shipped_may_be_confirmed_as_it_is(code):
    shipped = RULES[code]
    own = edited(shipped, edit_of(shipped), shipped.version + 1)
    assert why_not_rule(own) is None
    assert not own.template
    assert thaw(freeze(own)) == own
    assert [each.what.msgid for each in differences(shipped, own)] == (["状态"] if shipped.template else [])


@pytest.mark.parametrize("code", sorted(STATUTORY))
@pytest.mark.parametrize(
    "change",
    [
        {"participation": at_least(HALF, Base.ELECTORATE)},
        {"participation": None},
        {"passing": more_than(HALF, Base.ELECTORATE)},
        {"passing": at_least(Fraction(3, 5), Base.PARTICIPANTS)},
        {"passing": None},
    ],
)
def test_the_lines_of_the_civil_code_are_no_places_to_change(code, change):
    shipped = RULES[code]
    if change == {"participation": None} and shipped.participation.heads is None:
        return
    refusal = why_not_rule(edited(shipped, replace(edit_of(shipped), **change), 2))
    assert refusal is not None
    assert (refusal.code, refusal.article) == ("fixed_by_law", shipped.article)


@pytest.mark.parametrize(
    ("code", "change", "refused"),
    [
        (RuleCode.R1, {"notice_days": 15}, None),
        (RuleCode.R1, {"notice_days": 14}, "notice_days"),
        (RuleCode.R5, {"notice_days": 1}, None),
        (RuleCode.R5, {"notice_days": 0}, "notice_days"),
        (RuleCode.R5, {"notice_days": 91}, "notice_days"),
        (RuleCode.R2, {"publication_days": 3}, None),
        (RuleCode.R2, {"publication_days": 4}, "publication_days"),
        (RuleCode.R5, {"publication_days": 30}, None),
        (RuleCode.R5, {"publication_days": 0}, "publication_days"),
        (RuleCode.R1, {"seconders": Fraction(1, 5)}, None),
        (RuleCode.R1, {"seconders": Fraction(21, 100)}, "seconders_too_many"),
        (RuleCode.R1, {"seconders": Fraction(1, 20)}, None),
        (RuleCode.R12, {"seconders": Fraction(51, 100)}, "seconders_too_many"),
        (RuleCode.R1, {"secrecies": (Secrecy.SECRET,)}, "secrecies_unfit"),
        (RuleCode.R11, {"secrecies": (Secrecy.CHECKABLE,)}, "secrecies_unfit"),
        (RuleCode.R5, {"secrecies": ()}, "secrecies_unfit"),
        (RuleCode.R5, {"secrecies": (Secrecy.SECRET,)}, None),
        (RuleCode.R1, {"methods": (Method.RANKED,)}, "methods_unfit"),
        (RuleCode.R5, {"methods": ()}, "methods_unfit"),
        (RuleCode.R5, {"methods": (Method.RANKED, Method.SCORE)}, None),
        (RuleCode.R5, {"passing": at_least(HALF, Base.PARTICIPANTS)}, "line_too_low"),
        (RuleCode.R5, {"passing": more_than(Fraction(1, 3), Base.PARTICIPANTS)}, "line_too_low"),
        (RuleCode.R5, {"passing": None}, None),  # what was said is then only published
        (RuleCode.R5, {"passing": at_least(Fraction(3, 5), Base.PARTICIPANTS)}, None),
        (RuleCode.R4, {"participation": at_least(Fraction(1, 3), Base.ELECTORATE)}, None),
        (RuleCode.R1, {"parking": Parking.LEFT_OUT}, None),
        (RuleCode.R5, {"name": ""}, "words_missing"),
        (RuleCode.R5, {"name": "长" * 41}, "words_too_long"),
    ],
)
def test_a_place_writes_within_the_articles(code, change, refused):
    refusal = why_not_rule(edited(RULES[code], replace(edit_of(RULES[code]), **change), 2))
    assert (refusal and refusal.code) == refused


@pytest.mark.parametrize("name", ["article", "body", "tabled_by", "force", "may_annul", "scope"])
def test_who_votes_about_what_with_what_force_is_written_by_no_place(name):
    rule, other = RULES[RuleCode.R5], RULES[RuleCode.R3]
    refusal = why_not_rule(replace(rule, **{name: getattr(other, name)}))
    assert refusal is not None
    assert refusal.code == "fixed_by_law"
    assert why_not_rule(replace(rule, items=(5,))) == refusal


def test_a_version_that_changes_nothing_or_has_no_reason_is_refused():
    rule = RULES[RuleCode.R5]
    same, other = edited(rule, edit_of(rule), 3), edited(rule, replace(edit_of(rule), notice_days=5), 3)
    assert code_of(why_not_propose(rule, same, "街道会议定的", waiting=False)) == "nothing_changed"
    assert code_of(why_not_propose(rule, other, "改", waiting=False)) == "words_missing"
    assert code_of(why_not_propose(rule, other, "街道会议定的", waiting=True)) == "version_waits"
    assert why_not_propose(rule, other, "街道会议定的", waiting=False) is None


def test_nobody_confirms_what_they_have_written_but_may_take_it_back():
    assert code_of(why_not_settle(settled=False, own=True, agrees=True)) == "second_person"
    assert why_not_settle(settled=False, own=True, agrees=False) is None
    assert why_not_settle(settled=False, own=False, agrees=True) is None
    assert code_of(why_not_settle(settled=True, own=False, agrees=True)) == "settled"


def test_a_version_never_holds_before_it_is_confirmed():
    confirmed = datetime(2027, 3, 1, 2, tzinfo=UTC)
    assert in_force_from(confirmed, None) == confirmed
    assert in_force_from(confirmed, confirmed - timedelta(days=1)) == confirmed
    assert in_force_from(confirmed, confirmed + timedelta(days=1)) == confirmed + timedelta(days=1)


def test_what_differs_is_said_in_the_words_of_the_card():
    rule = RULES[RuleCode.R5]
    edit = replace(
        edit_of(rule),
        participation=at_least(Fraction(1, 3), Base.ELECTORATE),
        passing=more_than(HALF, Base.ELECTORATE),
        notice_days=5,
        methods=(Method.SINGLE,),
    )
    told = {str(each.what): (str(each.before), str(each.after)) for each in differences(rule, edited(rule, edit, 3))}
    assert told.keys() == {"先够数", "再够票", "公示", "投票方法"}
    assert told["公示"] == ("3 天", "5 天")
    assert "1/3" in told["先够数"][1]
    assert told["再够票"][1] == "二、再够票：同意的超过总数的 1/2；没参加的不算同意"


def test_area_keeps_following_heads_where_a_rule_counts_it():
    own = edited(RULES[RuleCode.R2], replace(edit_of(RULES[RuleCode.R2]), notice_days=20), 2)
    assert own.passing == RULES[RuleCode.R2].passing
    assert own.participation == Thresholds(
        at_least(Fraction(2, 3), Base.ELECTORATE), at_least(Fraction(2, 3), Base.ELECTORATE)
    )
