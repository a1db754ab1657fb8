"""What is asked next, which statements a text names, and what its writer reads: pure functions."""

from __future__ import annotations

import pytest

from cogov.opinion.rules.outcome import Outcome, fate_words, outcome_of
from cogov.opinion.rules.quoting import MOST_QUOTED, may_quote, quotation, quoted_in
from cogov.opinion.rules.renewing import changed, counted, is_renewed, without
from cogov.opinion.rules.routing import FIRST_ANSWERS, Waiting, asked_next
from cogov.opinion.rules.stages import StatementState
from cogov.opinion.rules.taking import core, same_as
from cogov.people.rules import Actor, OrganizationKind, Role, Standing

FEW, MANY = FIRST_ANSWERS - 1, FIRST_ANSWERS


def test_what_too_few_have_answered_comes_first_whatever_the_map_prefers():
    waiting = [Waiting(1, MANY), Waiting(2, FEW), Waiting(3, MANY + 100)]
    assert asked_next(7, waiting, {"1": 1000.0, "3": 1000.0}) == 2
    assert asked_next(7, [Waiting(1, 3), Waiting(2, 2)], {}) == 2


def test_each_statement_gets_its_first_answers_before_any_gets_more():
    answered = dict.fromkeys(range(1, 11), 0)
    for person in range(10 * FIRST_ANSWERS):
        asked = asked_next(person, [Waiting(key, value) for key, value in answered.items()], {"1": 1e6})
        assert asked is not None
        answered[asked] += 1
    assert set(answered.values()) == {FIRST_ANSWERS}


def test_afterwards_statements_are_asked_in_proportion_to_their_priority():
    waiting = [Waiting(1, MANY), Waiting(2, MANY)]
    first = [asked_next(person, waiting, {"1": 3.0, "2": 1.0}) for person in range(4_000)]
    assert 0.72 < first.count(1) / len(first) < 0.78


def test_one_person_is_asked_in_one_order_and_another_in_another():
    waiting = [Waiting(key, MANY) for key in range(1, 30)]
    again = {asked_next(5, list(reversed(waiting)), {}), asked_next(5, waiting, {})}
    assert len(again) == 1
    assert len({asked_next(person, waiting, {}) for person in range(50)}) > 5
    assert asked_next(5, [], {}) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("【观点 S7】“灯要双路供电。”照这个做。", (7,)),
        ("观点12 和 Ｓ３ 都同意，S3 再说一次", (12, 3)),
        ("型号 LS35、S35B、2026-0033 不是引用", ()),
        ("观点 S0 没有", ()),
        (" ".join(f"S{n}" for n in range(1, 40)), tuple(range(1, MOST_QUOTED + 1))),
    ],
)
def test_a_text_names_statements_by_their_number(text, numbers):
    assert quoted_in(text) == numbers


def test_a_quotation_is_found_again():
    assert quoted_in(quotation(41, "先试半年。")) == (41,)


def test_only_who_acts_for_a_body_answers_by_quoting():
    body = Standing(1, Role.OFFICIAL, "99", 5, "消防", OrganizationKind.BODY)
    green = Standing(2, Role.SOCIAL_MEMBER, "99", 6, "绿苗", OrganizationKind.SOCIAL)
    assert may_quote(Actor(1, standings=(body,)).under(body))
    assert not may_quote(Actor(1, standings=(body,)))
    assert not may_quote(Actor(1, standings=(green,)).under(green))


def test_the_same_words_are_the_same_however_they_are_set():
    assert core("路灯，应该整夜亮着！") == core("路灯应该 整夜亮着。")
    assert same_as("ＡＢ区的灯", [(3, "ab 区 的 灯")]) == (3, "ab 区 的 灯")
    assert same_as("要修", [(1, "不要修")]) is None
    assert same_as("！！", [(1, "？？")]) is None


def test_a_writer_reads_how_many_saw_it_and_what_became_of_it():
    own = {"priorities": {"1": 1.0, "2": 1.0, "3": 1.0}, "shared": ["1"], "dividing": ["2"]}
    assert [outcome_of(n, own) for n in (1, 2, 3, 4)] == [Outcome.SHARED, Outcome.DIVIDING, Outcome.BETWEEN, None]
    shown = StatementState.SHOWN
    assert [str(each) for each in fate_words(shown, 0, None, 0)] == ["还没有人看到它，正在轮到大家。"]
    few = [str(each) for each in fate_words(shown, 4, Outcome.SHARED, 0)]
    assert few == ["4 人看过并回答了。", "看过的人还不多，现在说不出各组的看法。"]
    many = [str(each) for each in fate_words(shown, 40, Outcome.SHARED, 2)]
    assert many == ["40 人看过并回答了。", "各组的人都同意它。", "有单位在答复里引用了它（2 次）。"]
    assert len(fate_words(StatementState.REMOVED, 40, Outcome.SHARED, 2)) == 1


# When a published map is renewed --------------------------------------------------------------------------------------


def test_a_map_is_renewed_once_ten_people_lie_between():
    before = counted((who, 1, 1) for who in range(20))
    for now_, apart in (
        (((who, 1, 1) for who in range(20)), 0),
        (((who, 1, 1) for who in range(21)), 1),
        (((who, 1, 1) for who in range(19)), 1),
        (((who, 1, 1 if who else -1) for who in range(20)), 1),
        (((who, 1, 1 if who > 8 else -1) for who in range(20)), 9),
        ([*((who, 1, 1) for who in range(20)), *((who, 2, 0) for who in range(10))], 10),
        (((who, 1, 1) for who in range(5, 25)), 10),
    ):
        assert changed(before, counted(now_)) == apart
        assert is_renewed(apart) == (apart >= 10)


def test_who_is_forgotten_still_lies_between_but_nothing_of_them_is_kept():
    before = counted((who, 1, 1) for who in range(12))
    left = without(without(before, 3), 3)
    assert "3" not in left
    assert changed(left, counted((who, 1, 1) for who in range(12) if who != 3)) == 1
    assert changed(without(left, 4), counted((who, 1, 1) for who in range(5, 12))) == 5
