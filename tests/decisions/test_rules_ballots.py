"""Who may table, publish, cast, close and look, and what everybody else is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from cogov.decisions.rules.ballots import (
    Casting,
    Choice,
    Draft,
    Option,
    missing_before_notice,
    why_not_cast,
    why_not_close,
    why_not_publish,
    why_not_table,
)
from cogov.decisions.rules.electorate import Reach, RollOwner, RollUnit, owners_of
from cogov.decisions.rules.law import Body
from cogov.decisions.rules.matters import Bar, Matter
from cogov.decisions.rules.receipts import ALPHABET, receipt
from cogov.decisions.rules.shipped import RULES
from cogov.people.rules import Role
from cogov.places.rules import OwnerKind
from cogov.problems.rules.lanes import RuleCode

ORDINARY, MAJOR, ADVISORY = (RULES[code] for code in (RuleCode.R1, RuleCode.R2, RuleCode.R5))
OPENS = datetime(2026, 11, 16, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=10)
INSTANT = timedelta(microseconds=1)
CASTING = Casting(now=OPENS, opens_at=OPENS, closes_at=CLOSES, body=Body.OWNERS, in_electorate=True)
ROLL = (
    [RollUnit(n, 1, "1", 8_000, (n,)) for n in range(1, 31)],
    [RollOwner(n, OwnerKind.PERSON, (n,)) for n in range(1, 31)],
)
DRAFT = Draft(
    rule=MAJOR,
    matter=Matter(7, frozenset({RuleCode.R2})),
    options=(
        Option(1, Choice.AGREE, "同意", "六月动工"),
        Option(2, Choice.DISAGREE, "不同意", "维持现状"),
        Option(3, Choice.ABSTAIN, "弃权", "算参加，不算同意"),
    ),
    electorate=owners_of(*ROLL),
    notice_at=OPENS - timedelta(days=15),
    opens_at=OPENS,
    closes_at=CLOSES,
    unanswered_concerns=0,
)


def code(refusal):
    return refusal and refusal.code


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, None),
        ({"now": OPENS - INSTANT}, "not_open_yet"),
        ({"now": CLOSES - INSTANT}, None),
        ({"now": CLOSES}, "voting_closed"),
        ({"closed": True}, "voting_closed"),
        ({"annulled": True}, "annulled"),
        ({"in_electorate": False}, "not_in_electorate"),
        ({"in_electorate": False, "now": OPENS - INSTANT}, "not_in_electorate"),
        ({"in_electorate": False, "now": CLOSES}, "voting_closed"),
        ({"cast_by_other": True}, "cast_by_other"),
        ({"cast_by_other": True, "in_electorate": False}, "not_in_electorate"),
        ({"annulled": True, "closed": True, "now": CLOSES}, "annulled"),
    ],
)
def test_a_ballot_is_taken_from_the_electorate_while_voting_is_open_and_otherwise_refused(changes, refused):
    assert code(why_not_cast(replace(CASTING, **changes))) == refused


def test_every_refused_ballot_is_told_what_to_do_next():
    for now, inside, closed, annulled, other, body in product(
        (OPENS - INSTANT, OPENS, CLOSES), (True, False), (True, False), (True, False), (True, False), Body
    ):
        refusal = why_not_cast(Casting(now, OPENS, CLOSES, body, inside, closed, annulled, other))
        taken = now == OPENS and inside and not (closed or annulled or other)
        assert (refusal is None) is taken
        assert refusal is None or refusal.what_next


def test_a_tenant_hears_that_only_owners_decide_here_and_whom_to_ask():
    refusal = why_not_cast(replace(CASTING, in_electorate=False))
    assert refusal is not None
    assert refusal.what_next
    assert str(refusal.message) == "这一票您现在不能投，因为这次只由业主表决"
    assert "房东" in str(refusal.what_next)
    household = why_not_cast(replace(CASTING, in_electorate=False, body=Body.HOUSEHOLDS))
    assert household is not None
    assert "业主" not in str(household.message)


def test_a_complete_draft_lacks_nothing():
    assert missing_before_notice(DRAFT) == ()
    assert why_not_publish(DRAFT) is None


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"notice_at": OPENS - timedelta(days=15) + INSTANT}, "notice_too_short"),
        ({"closes_at": OPENS}, "closes_before_open"),
        ({"unanswered_concerns": 1}, "concerns_unanswered"),
        ({"options": ()}, "no_options"),
        ({"options": DRAFT.options[:1]}, "no_options"),
        ({"options": DRAFT.options[:2]}, "choices_incomplete"),
        ({"options": (*DRAFT.options[:2], replace(DRAFT.options[2], label=" 同意"))}, "same_options"),
        ({"options": (*DRAFT.options[:2], replace(DRAFT.options[2], consequence=" "))}, "no_consequence"),
        ({"electorate": owners_of([], [])}, "electorate_empty"),
        ({"electorate": owners_of([replace(unit, area=None) for unit in ROLL[0]], ROLL[1])}, "no_area"),
        ({"matter": Matter(5, frozenset({RuleCode.R1}))}, "rule_does_not_fit"),
        ({"matter": Matter(7, frozenset({RuleCode.R0}))}, "statutory_duty"),
        ({"matter": Matter(7, touches=frozenset({Bar.UNLAWFUL}))}, "authorises_unlawful"),
    ],
)
def test_a_draft_that_lacks_one_thing_is_told_that_one(changes, lacking):
    assert [refusal.code for refusal in missing_before_notice(replace(DRAFT, **changes))] == [lacking]
    assert code(why_not_publish(replace(DRAFT, **changes))) == lacking


def test_the_checklist_names_everything_that_is_missing_at_once():
    draft = replace(
        DRAFT, matter=Matter(), options=(), electorate=owners_of([], []), notice_at=OPENS, unanswered_concerns=3
    )
    missing = [refusal.code for refusal in missing_before_notice(draft)]
    assert missing == ["item_missing", "no_options", "electorate_empty", "notice_too_short", "concerns_unanswered"]


def test_one_building_builds_its_lift_and_does_not_hire_the_firm_of_all():
    building = owners_of(*ROLL, Reach(1))
    assert missing_before_notice(replace(DRAFT, electorate=building)) == ()
    firm = replace(DRAFT, rule=ORDINARY, matter=Matter(4))
    assert missing_before_notice(firm) == ()
    assert [refusal.code for refusal in missing_before_notice(replace(firm, electorate=building))] == [
        "binds_outsiders"
    ]


def test_options_other_than_yes_and_no_need_no_choice_but_positions_without_a_gap():
    places = tuple(Option(n, f"place-{n}", f"方案 {n}", "建在这里") for n in (1, 2, 3, 4))
    assert missing_before_notice(replace(DRAFT, options=places)) == ()
    with pytest.raises(ValueError, match="gap"):
        missing_before_notice(replace(DRAFT, options=places[1:]))


@pytest.mark.parametrize(
    ("rule", "roles", "seconders", "refused"),
    [
        (ORDINARY, {Role.MODERATOR}, 0, None),
        (ORDINARY, {Role.OWNERS_COMMITTEE}, 0, None),
        (ADVISORY, {Role.OWNERS_COMMITTEE}, 0, "too_few_seconders"),
        (ORDINARY, {Role.OWNER}, 61, "too_few_seconders"),
        (ORDINARY, {Role.OWNER}, 62, None),  # a fifth of 306 is 61.2
        (ORDINARY, set(), 0, "too_few_seconders"),
        (ADVISORY, {Role.TENANT}, 16, None),
    ],
)
def test_moderator_committee_or_enough_seconders_table_a_motion(rule, roles, seconders, refused):
    assert code(why_not_table(rule, frozenset(roles), seconders, 306)) == refused


def test_who_is_short_of_seconders_hears_by_how_many():
    refusal = why_not_table(ORDINARY, frozenset(), 50, 306)
    assert refusal is not None
    assert str(refusal.message) == "提交表决还差 12 位附议（要 62 位，现有 50 位）"


@pytest.mark.parametrize(
    ("now", "closed", "annulled", "refused"),
    [
        (CLOSES - INSTANT, False, False, "too_early_to_close"),
        (CLOSES, False, False, None),
        (CLOSES, True, False, "already_closed"),
        (CLOSES, False, True, "annulled"),
    ],
)
def test_a_vote_is_closed_once_and_not_before_its_hour(now, closed, annulled, refused):
    assert code(why_not_close(now, CLOSES, closed=closed, annulled=annulled)) == refused


def test_no_instant_both_takes_a_ballot_and_lets_the_vote_be_closed():
    for offset in range(-3, 4):
        now = CLOSES + offset * INSTANT
        takes = why_not_cast(replace(CASTING, now=now)) is None
        closes = why_not_close(now, CLOSES, closed=False, annulled=False) is None
        assert takes is not closes


def test_a_receipt_can_be_read_aloud_and_stays_the_same_for_the_same_ballot():
    code_ = receipt(7, "o1-2", b"0123456789abcdef")
    groups = code_.split("-")
    assert [len(group) for group in groups] == [4, 4, 2]
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OILU")
    assert len(set(ALPHABET)) == 30
    assert receipt(7, "o1-2", b"0123456789abcdef") == code_


def test_a_receipt_cannot_be_worked_out_without_its_nonce_and_differs_by_decision_and_head():
    codes = {
        receipt(decision, head, nonce)
        for decision, head, nonce in product(
            (1, 11), ("o1", "o11", "11:o1"), (b"0123456789abcdef", b"0123456789abcdeg")
        )
    }
    assert len(codes) == 12
    with pytest.raises(ValueError, match="16 bytes"):
        receipt(1, "o1", b"short")
