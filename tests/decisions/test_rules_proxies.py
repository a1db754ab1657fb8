"""Who may carry whose vote: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cogov.decisions.rules.electorate import Electorate, Head, Reach
from cogov.decisions.rules.law import CoOwners, NoProxy, Secrecy
from cogov.decisions.rules.mandates import (
    Ending,
    MandateEnd,
    how_ended,
    why_not_as_proxy,
    why_not_confirm,
    why_not_end,
    why_not_keep_papers,
)
from cogov.decisions.rules.periods import LONGEST, Carried, Standing, carried, why_not_period
from cogov.decisions.rules.proxies import Chosen, Giving, proxy_sentence, why_not_by_proxy, why_not_give
from cogov.decisions.rules.shipped import RULES
from cogov.ground.refusals import Refusal
from cogov.people.rules import Role
from cogov.problems.rules.lanes import RuleCode

NOW = datetime(2027, 3, 1, tzinfo=UTC)
RULE = RULES[RuleCode.R1]
IN_TIME = Giving(NOW, NOW + timedelta(hours=1), False, 1, False, False, False)
SOMEBODY = Chosen(is_principal=False)


def code(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("giving", "chosen", "refused"),
    [
        ({}, {}, ""),
        ({"now": NOW + timedelta(hours=1)}, {}, "mandate_late"),  # at the hour itself
        ({"closed": True}, {}, "mandate_late"),
        ({"carries_others": True}, {}, "carries_others"),
        ({"given_already": True}, {}, "mandate_given"),
        ({"cast_already": True}, {}, "cast_already"),
        ({}, {"is_principal": True}, "own_proxy"),
        ({}, {"gave_away": True, "gave_to_principal": True}, "proxy_circle"),
        ({}, {"gave_away": True}, "proxy_chain"),
        ({}, {"barred": frozenset({NoProxy.INITIATOR})}, "proxy_barred"),
        ({}, {"barred": frozenset({NoProxy.PROPERTY})}, "proxy_barred"),
        ({}, {"votes_here_anyway": True}, "same_head"),
        ({}, {"carries": 2}, ""),
        ({}, {"carries": 3}, "proxy_full"),
        ({"heads": 2}, {"carries": 2}, "proxy_full"),  # a proxy carries all heads of a principal or none
    ],
)
def test_a_mandate_is_given_in_time_once_and_to_somebody_who_may_carry_it(giving, chosen, refused):
    assert code(why_not_give(RULE, replace(IN_TIME, **giving), replace(SOMEBODY, **chosen))) == refused


def test_a_rule_says_whether_anybody_has_a_proxy():
    assert why_not_by_proxy(RULE) is None
    assert code(why_not_by_proxy(RULES[RuleCode.R12])) == "members_in_person"
    assert code(why_not_by_proxy(replace(RULES[RuleCode.R5], secrecy=Secrecy.SECRET))) == "secret_in_person"
    assert code(why_not_by_proxy(replace(RULE, proxy_heads=0))) == "rule_without_proxies"
    everybody = replace(RULE, no_proxies=())
    barred = Chosen(is_principal=False, barred=frozenset(NoProxy))
    assert why_not_give(everybody, IN_TIME, barred) is None
    joint = replace(RULE, co_owners=CoOwners.JOINT)
    assert why_not_give(joint, IN_TIME, replace(SOMEBODY, votes_here_anyway=True)) is None


def test_the_card_says_how_many_heads_one_carries_and_who_carries_none():
    assert "一人最多替 3 户投" in str(proxy_sentence(RULE))
    assert "提出、主持表决的单位和物业的人不能代理" in str(proxy_sentence(RULE))
    assert "不能委托别人" in str(proxy_sentence(RULES[RuleCode.R12]))


@pytest.mark.parametrize(
    ("until", "given", "carries", "refused"),
    [
        (NOW + timedelta(days=1), False, False, ""),
        (NOW + LONGEST, False, False, ""),
        (NOW + LONGEST + timedelta(seconds=1), False, False, "period_unfit"),
        (NOW, False, False, "period_unfit"),
        (NOW + timedelta(days=1), True, False, "mandate_given"),
        (NOW + timedelta(days=1), False, True, "carries_others"),
    ],
)
def test_a_mandate_for_a_time_is_one_and_no_longer_than_a_year(until, given, carries, refused):
    assert code(why_not_period(NOW, until, given_already=given, carries=carries)) == refused


def electorate(*heads: tuple[int, ...]) -> Electorate:
    every = tuple(Head(f"o{at}", (at,), (at,), 100, persons) for at, persons in enumerate(heads, start=1))
    return Electorate(Reach(), every, len(every))


def test_with_a_notice_the_oldest_mandates_find_a_proxy_until_it_is_full():
    # 1 has two heads, 2 and 3 one each, 4 is also on the head of 5; 9 is the proxy of all, 8 the one of 3 and barred.
    here = electorate((1,), (1,), (2,), (3,), (4, 5), (6,))
    given = [Standing(3, 2, 9), Standing(1, 1, 9), Standing(2, 6, 9), Standing(4, 3, 8), Standing(5, 4, 5)]
    assert carried(RULE, here, given, barred={8}) == (
        Carried(1, "o1", 9),
        Carried(1, "o2", 9),
        Carried(2, "o6", 9),
    )  # the mandate of 2 is the fourth head: they vote themselves
    assert carried(replace(RULE, proxy_periods=False), here, given) == ()
    assert carried(replace(RULE, proxy_heads=0), here, given) == ()


def test_two_co_owners_who_send_the_same_proxy_are_carried_once():
    here = electorate((1, 2), (2,))
    given = [Standing(1, 1, 9), Standing(2, 2, 9)]
    assert carried(RULE, here, given) == (Carried(1, "o1", 9), Carried(2, "o2", 9))


def test_a_proxy_casts_while_the_mandate_holds():
    assert why_not_as_proxy(NOW, None, None) is None
    assert why_not_as_proxy(NOW, NOW + timedelta(seconds=1), None) is None
    assert code(why_not_as_proxy(NOW, NOW, None)) == "mandate_expired"
    for ended in MandateEnd:
        assert code(why_not_as_proxy(NOW, None, ended)) == "mandate_over"


def test_a_mandate_is_ended_by_its_two_people_or_on_paper_at_the_office():
    assert code(why_not_end(Ending(None, False, False))) == "not_your_mandate"
    assert code(why_not_end(Ending(MandateEnd.REVOKED, True, False))) == "mandate_ended"
    for ending, how in (
        (Ending(None, True, False), MandateEnd.REVOKED),
        (Ending(None, False, True), MandateEnd.LAID_DOWN),
        (Ending(None, False, False, keeps_papers=True), MandateEnd.REVOKED),
    ):
        assert why_not_end(ending) is None
        assert how_ended(ending) is how


def test_a_paper_is_confirmed_by_a_second_person_in_time():
    asked = {"entered_by_me": False, "settled": False, "ended": False, "late": False, "agrees": True}
    assert why_not_confirm(**asked) is None
    assert code(why_not_confirm(**asked | {"entered_by_me": True})) == "second_person"
    assert why_not_confirm(**asked | {"entered_by_me": True, "agrees": False}) is None
    assert code(why_not_confirm(**asked | {"late": True})) == "mandate_late"
    assert code(why_not_confirm(**asked | {"settled": True})) == "settled"
    assert code(why_not_keep_papers(frozenset({Role.OWNER}))) == "not_who_keeps_papers"
    assert why_not_keep_papers(frozenset({Role.MODERATOR})) is None
