"""What is masked and what is not; what waits; who sits in whose matter."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_babel import force_locale

from cogov.ground.pages import words
from cogov.moderation.rules import (
    FlagReason,
    HoldReason,
    Mask,
    Order,
    Reviewed,
    ReviewState,
    Said,
    SubjectKind,
    mask,
    one_of,
    why_hold,
    why_not_answer,
    why_not_appeal,
    why_not_decide,
    why_not_flag,
    why_not_look,
    why_not_order,
    why_not_reason,
)
from cogov.people.rules import ANYONE, Actor, Role, Standing

HERE = "330106001001"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "shown", "found"),
    [
        ("打我电话13812345678", "打我电话【已遮住电话】", (Mask.PHONE,)),
        ("打 138-1234-5678 或 +86 138 1234 5678", "打 【已遮住电话】 或 【已遮住电话】", (Mask.PHONE,)),
        ("打１３８１２３４５６７８", "打【已遮住电话】", (Mask.PHONE,)),
        ("座机0571-87654321", "座机【已遮住电话】", (Mask.PHONE,)),
        ("身份证11010519491231002X。", "身份证【已遮住证件号】。", (Mask.IDENTITY,)),
        ("浙A12345堵着门", "【已遮住车牌】堵着门", (Mask.PLATE,)),
        ("浙A·D12345 又来了", "【已遮住车牌】 又来了", (Mask.PLATE,)),
        ("3号楼2单元501室漏水", "3号楼2单元【已遮住门牌】漏水", (Mask.ROOM,)),
        ("3号楼2单元501的狗", "3号楼2单元【已遮住门牌】的狗", (Mask.ROOM,)),
        ("702室和13812345678", "【已遮住门牌】和【已遮住电话】", (Mask.PHONE, Mask.ROOM)),
    ],
)
def test_what_identifies_somebody_is_masked(said: str, shown: str, found: tuple[Mask, ...]) -> None:
    assert mask(said) == type(mask(said))(shown, found)


@pytest.mark.parametrize(
    "said",
    [
        "3号楼2单元门口的灯坏了",
        "一共1204户，96380.55平方米",
        "报价12345678901元",
        "110105194912310021 不是证件号",  # the last sign does not fit
        "案件2026-0147，部件01-17",
        "先打119、120、110",
        "2026年11月22日 19:00",
        "浙江A区的事",
        "每户 300 元，共 500 户",
    ],
)
def test_what_only_looks_like_it_stays(said: str) -> None:
    assert mask(said).text == said
    assert mask(said).found == ()


def test_masking_twice_changes_nothing_more() -> None:
    once = mask("13812345678，浙A12345，501室").text
    assert mask(once).text == once


def said(minutes: int, text: str = "不一样的话") -> Said:
    return Said(AT - timedelta(minutes=minutes), text)


def test_a_flood_waits_and_what_was_said_long_ago_counts_no_more() -> None:
    lately = [said(minute, f"第 {minute} 句话") for minute in range(6)]
    assert why_hold("再说一句别的", lately, AT, most=6) is HoldReason.FLOOD
    assert why_hold("再说一句别的", lately, AT, most=7) is None
    assert why_hold("再说一句别的", lately, AT, most=0) is None
    assert why_hold("再说一句别的", [said(11)] * 6, AT, most=6) is None


def test_the_same_words_wait_the_third_time_however_they_are_spaced() -> None:
    same = "楼下棋牌室太吵了！"
    assert why_hold("楼下 棋牌室太吵了。", [said(60, same)] * 2, AT, most=9) is HoldReason.REPEATED
    assert why_hold(same, [said(60, same)], AT, most=9) is None
    assert why_hold(same, [said(60 * 25, same)] * 2, AT, most=9) is None
    assert why_hold("同意", [said(1, "同意")] * 2, AT, most=9) is None


def test_many_links_wait() -> None:
    assert why_hold("http://a http://b www.c", [], AT, most=9) is HoldReason.LINKS
    assert why_hold("看 http://a", [], AT, most=9) is None


def actor(person: int, *roles: Role) -> Actor:
    held = tuple(Standing(number, role, HERE) for number, role in enumerate(roles, 1))
    return Actor(person, standings=held)


AUTHOR, FLAGGER, MODERATOR, OTHER, STREET = 1, 2, 3, 4, 5
OPEN = Reviewed(HERE, ReviewState.OPEN, AUTHOR, above=False, flagged_by=(FLAGGER,))
REMOVED = replace(
    OPEN, state=ReviewState.REMOVED, decided_by=MODERATOR, decided_at=AT, appeal_until=AT + timedelta(days=14)
)
APPEALED = replace(REMOVED, appealed=True, appeal_open=True)


def code(refusal: object) -> str:
    return getattr(refusal, "code", "")


def test_nobody_decides_in_their_own_matter() -> None:
    assert why_not_decide(actor(MODERATOR, Role.MODERATOR), OPEN) is None
    assert code(why_not_decide(actor(AUTHOR, Role.MODERATOR), OPEN)) == "own_matter"
    assert code(why_not_decide(actor(FLAGGER, Role.MODERATOR), OPEN)) == "own_matter"
    assert code(why_not_decide(actor(OTHER, Role.OWNERS_COMMITTEE), OPEN)) == "not_your_role"
    assert code(why_not_decide(actor(MODERATOR, Role.MODERATOR), REMOVED)) == "review_settled"


def test_what_is_about_the_committee_is_for_the_level_above_alone() -> None:
    about = replace(OPEN, above=True)
    assert code(why_not_decide(actor(MODERATOR, Role.MODERATOR), about)) == "level_above"
    assert code(why_not_look(actor(MODERATOR, Role.MODERATOR), about)) == "not_your_role"
    assert why_not_decide(actor(STREET, Role.STREET_OFFICE), about) is None


def test_an_appeal_is_answered_by_somebody_who_has_not_acted_before() -> None:
    assert code(why_not_answer(actor(MODERATOR, Role.MODERATOR), APPEALED)) == "second_person"
    assert code(why_not_answer(actor(AUTHOR, Role.MODERATOR), APPEALED)) == "own_matter"
    assert code(why_not_answer(actor(FLAGGER, Role.STREET_OFFICE), APPEALED)) == "own_matter"
    assert why_not_answer(actor(OTHER, Role.MODERATOR), APPEALED) is None
    assert why_not_answer(actor(STREET, Role.STREET_OFFICE), APPEALED) is None
    assert code(why_not_answer(actor(OTHER, Role.MODERATOR), REMOVED)) == "no_appeal"


def test_the_author_appeals_once_and_in_time() -> None:
    author = actor(AUTHOR)
    assert why_not_appeal(author, REMOVED, AT) is None
    assert code(why_not_appeal(actor(OTHER), REMOVED, AT)) == "not_the_author"
    assert code(why_not_appeal(author, APPEALED, AT)) == "appealed_once"
    assert code(why_not_appeal(author, REMOVED, AT + timedelta(days=14))) == "appeal_late"
    assert code(why_not_appeal(author, OPEN, AT)) == "nothing_to_appeal"
    assert code(why_not_appeal(author, replace(REMOVED, state=ReviewState.ORDERED), AT)) == "ordered"


def test_flagging_needs_a_person_and_words_of_others_that_stand() -> None:
    assert why_not_flag(actor(FLAGGER), AUTHOR, inside=True, shown=True) is None
    assert code(why_not_flag(actor(AUTHOR), AUTHOR, inside=True, shown=True)) == "own_words"
    assert code(why_not_flag(actor(FLAGGER), AUTHOR, inside=True, shown=False)) == "not_standing"
    assert code(why_not_flag(actor(FLAGGER), AUTHOR, inside=False, shown=True)) == "not_of_this_place"
    assert code(why_not_flag(ANYONE, AUTHOR, inside=True, shown=True)) == "sign_in_first"


def test_an_order_is_entered_by_the_street_office_and_never_ahead_of_its_day() -> None:
    order = Order("区网信办", "第六条", AT.date())
    street = actor(STREET, Role.STREET_OFFICE)
    assert why_not_order(street, OPEN, order, AT.date()) is None
    assert code(why_not_order(actor(MODERATOR, Role.MODERATOR), OPEN, order, AT.date())) == "not_your_role"
    assert code(why_not_order(street, REMOVED, order, AT.date())) == "review_settled"
    assert code(why_not_order(street, OPEN, replace(order, dated=date(2026, 11, 21)), AT.date())) == "order_ahead"


def test_taking_down_needs_a_clause() -> None:
    assert code(why_not_reason(None)) == "reason_missing"
    assert why_not_reason(FlagReason.SPAM) is None


def test_each_kind_of_text_is_spoken_of_as_one(app):
    """The word of a tab is plural, and of no use within a sentence."""
    with app.test_request_context(), force_locale("en"):
        said = [words(one_of(kind)) for kind in SubjectKind]
    assert all(re.match("an? [a-z]", each) for each in said), said
    assert len(set(said)) == len(SubjectKind)
