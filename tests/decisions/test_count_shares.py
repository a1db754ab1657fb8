"""Participatory budgets: equal shares against its definition in fractions, and what both rules promise."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.count import purses
from cogov.decisions.rules.count.accounting import account, explanation
from cogov.decisions.rules.count.budget import Poll, greedy
from cogov.decisions.rules.count.shares import equal_shares
from cogov.decisions.rules.count.ties import Lots, TieAt

often = settings(max_examples=30, deadline=None)


def poll(costs, budget, voters, unit=1):
    """Return a poll of projects A, B, …; `voters` are strings such as "AC"."""
    names = tuple("ABCDEFGH"[: len(costs)])
    approvals = np.array([[name in some for some in voters] for name in names], np.bool_).reshape(
        len(names), len(voters)
    )
    return Poll(
        projects=names,
        names=tuple(f"项目 {name}" for name in names),
        costs=tuple(costs),
        budget=budget,
        unit=unit,
        voters=tuple(str(place) for place in range(len(voters))),
        approvals=approvals,
        votes=tuple(int(count) for count in approvals.sum(axis=1)),
    )


def lots(of, seed="公布的种子"):
    return Lots.drawn(of.projects, seed)


def won(of, funded):
    return "".join(of.projects[index] for index in funded.winners)


POLLS = st.builds(
    lambda costs, budget, voters: poll(costs, budget, ["".join(sorted(some)) for some in voters]),
    st.lists(st.integers(1, 40), min_size=6, max_size=6),
    st.integers(1, 90),
    st.lists(st.frozensets(st.sampled_from("ABCDEF")), min_size=1, max_size=9),
)


# Against the definition --------------------------------------------------------------------------------------------


def by_hand(of, share, place):
    """Buy by the definition, voter by voter, in fractions."""
    left = [share] * len(of.voters)
    paid = [Fraction(0)] * len(of.voters)
    bought: list[int] = []
    supporters = {
        index: [int(voter) for voter in np.flatnonzero(row)]
        for index, row in enumerate(of.approvals)
        if of.costs[index] <= of.budget
    }
    while True:
        prices = {}
        for index, theirs in supporters.items():
            if index not in bought and sum(left[voter] for voter in theirs) >= of.costs[index]:
                prices[index] = price_of(of.costs[index], sorted(left[voter] for voter in theirs))
        if not prices:
            return bought, paid
        least = min(price / of.costs[index] for index, price in prices.items())
        best = min((i for i in prices if prices[i] / of.costs[i] == least), key=place.__getitem__)
        for voter in supporters[best]:
            gives = min(prices[best], left[voter])
            left[voter] -= gives
            paid[voter] += gives
        bought.append(best)


def price_of(cost, purses_sorted):
    missing = Fraction(cost)
    for turn, purse in enumerate(purses_sorted):
        share = missing / (len(purses_sorted) - turn)
        if share <= purse:
            return share
        missing -= purse
    raise AssertionError("they could afford it")


@given(POLLS)
@often
def test_equal_shares_buys_what_the_definition_buys_and_takes_what_it_takes(of):
    funded = equal_shares(of, lots(of))
    bought, paid = by_hand(of, Fraction(of.budget, len(of.voters)), lots(of).place)
    assert list(funded.winners) == bought
    assert list(funded.paid) == paid


@pytest.mark.parametrize("room", [1, purses.ROOM], ids=["no precision", "full precision"])
def test_bounds_decide_nothing_that_the_fractions_would_not(room, monkeypatch):
    # Without any precision nearly every comparison has to be made exactly; many voters in few groups make close calls.
    monkeypatch.setattr(purses, "ROOM", room)
    dice = random.Random(5)
    for _ in range(150):
        groups = ["".join(name for name in "ABCDEF" if dice.random() < 0.5) for _ in range(5)]
        of = poll([dice.randint(1, 60) for _ in range(6)], dice.randint(30, 200), dice.choices(groups, k=13))
        funded = equal_shares(of, lots(of))
        bought, paid = by_hand(of, Fraction(of.budget, len(of.voters)), lots(of).place)
        assert list(funded.winners) == bought
        assert list(funded.paid) == paid


@given(POLLS)
@often
def test_add1_ends_right_before_the_first_outcome_that_overspends(of):
    funded = equal_shares(of, lots(of), add1=True)
    assert of.cost(funded.winners) <= of.budget
    possible = {i for i, row in enumerate(of.approvals) if of.costs[i] <= of.budget and row.any()}
    if of.cost(tuple(possible)) <= of.budget:
        assert set(funded.winners) == possible
        return
    share = Fraction(of.budget, len(of.voters))
    kept = by_hand(of, share, lots(of).place)
    while of.cost(tuple(kept[0])) <= of.budget:
        last, share = kept, share + 1
        kept = by_hand(of, share, lots(of).place)
    assert (list(funded.winners), list(funded.paid)) == last
    assert funded.share == share - 1


# What the rules promise --------------------------------------------------------------------------------------------


@given(POLLS, st.booleans())
@often
def test_nobody_pays_more_than_their_share_and_what_is_paid_is_what_it_costs(of, add1):
    funded = equal_shares(of, lots(of), add1)
    assert of.cost(funded.winners) <= of.budget
    assert sum(funded.paid) == of.cost(funded.winners)
    assert funded.share is not None
    assert all(0 <= paid <= funded.share for paid in funded.paid)
    assert {step.project for step in funded.steps} == set(range(len(of.projects)))


@given(POLLS, st.randoms(use_true_random=False))
@often
def test_neither_the_order_of_votes_nor_that_of_projects_changes_who_is_funded(of, dice):
    voters, projects = list(range(len(of.voters))), list(range(len(of.projects)))
    dice.shuffle(voters)
    dice.shuffle(projects)
    other = Poll(
        projects=tuple(of.projects[index] for index in projects),
        names=tuple(of.names[index] for index in projects),
        costs=tuple(of.costs[index] for index in projects),
        budget=of.budget,
        unit=of.unit,
        voters=tuple(of.voters[voter] for voter in voters),
        approvals=of.approvals[np.ix_(projects, voters)],
        votes=tuple(of.votes[index] for index in projects),
    )
    for rule in (greedy, equal_shares, lambda of, lots: equal_shares(of, lots, add1=True)):
        assert sorted(won(of, rule(of, lots(of)))) == sorted(won(other, rule(other, lots(other))))


@given(POLLS)
@often
def test_greedy_takes_by_votes_all_that_fits_and_leaves_nothing_that_would(of):
    funded = greedy(of, lots(of))
    left = of.budget - of.cost(funded.winners)
    assert left >= 0
    for index, votes in enumerate(of.votes):
        if votes and index not in funded.winners:
            ahead = [won for won in funded.winners if of.votes[won] >= votes]
            assert of.costs[index] > of.budget - of.cost(tuple(ahead))
        assert not (index in funded.winners and not votes)


# By hand -----------------------------------------------------------------------------------------------------------


def test_a_minority_gets_its_part_by_equal_shares_and_nothing_by_votes():
    # Ten people, 100; six want A and B at 50 each, four want C at 40.
    of = poll([50, 50, 40], 100, ["AB"] * 6 + ["C"] * 4)
    assert won(of, greedy(of, lots(of))) in {"AB", "BA"}
    shared = equal_shares(of, lots(of))
    assert sorted(won(of, shared)) in (["A", "C"], ["B", "C"])
    assert [step.price for step in shared.steps[:2]] == [Fraction(50, 6), Fraction(10)]


def test_who_has_too_little_left_gives_it_all_and_the_others_the_rest():
    of = poll([30, 36], 60, ["A", "AB", "AB", "B", "B", ""])
    funded = equal_shares(of, lots(of))
    # Each has 10. B first: 36 from four is 9 each; then A: 30 = 10 + 1 + 1 is not enough.
    assert won(of, funded) == "B"
    assert funded.steps[1].had == 12
    told = account(of, funded, lots(of))
    assert dict(told["steps"][1]["says"].params)["missing"] == "18"
    assert [voter["paid"] for voter in told["per_voter"]] == [0, 9, 9, 9, 9, 0]
    assert [voter["value"] for voter in told["per_voter"]] == [0, 36, 36, 36, 36, 0]


def test_those_with_little_give_all_they_have_and_are_counted():
    of = poll([30, 30], 72, ["A", "AB", "AB", "B", "B", "A"])
    first, second = equal_shares(of, lots(of)).steps
    # Each has 12. The first is paid with 7.50 by each of four; two of them have 4.50 left for the second.
    assert (first.emptied, second.emptied) == (0, 2)
    assert first.price == Fraction(15, 2)
    assert second.price == Fraction(21, 2)
    assert "有 2 人因此出完了" in str(explanation(of, second, by_shares=True))
    assert str(explanation(of, first, by_shares=True)).endswith("要 30，4 人支持，每人出 7.50。")


def test_ties_of_projects_are_reported_where_they_decide():
    of = poll([60, 60, 30], 100, ["ABC", "ABC"])
    drawn = "".join(of.projects[index] for index in lots(of).in_order(range(3)))
    funded = greedy(of, lots(of))
    assert funded.ties[0].at == TieAt.PROJECT
    assert won(of, funded)[0] == drawn[0]
    assert greedy(poll([60, 30], 100, ["AB"]), lots(of)).ties == ()
    assert equal_shares(of, lots(of)).ties[0].among == tuple(lots(of).in_order(range(3)))


def test_nothing_costs_more_than_there_is_and_nobody_asked_for_nothing():
    of = poll([101, 100, 5], 100, ["A", "AB", "B", "B", "B"])
    funded = equal_shares(of, lots(of), add1=True)
    assert won(of, funded) == "B"
    says = {step.project: str(explanation(of, step, by_shares=True)) for step in funded.steps}
    assert says[0] == "“项目 A”要 101，比全部预算还多。"
    assert says[2] == "“项目 C”没有人支持。"


def test_a_lone_wish_for_much_is_waited_for_without_a_round_for_each_unit():
    of = poll([40_000, 50_000, 90_000], 100_000, ["A"] * 50 + ["B"] * 49 + ["BC"])
    funded = equal_shares(of, lots(of), add1=True)
    # Each has 1,000 at first, and who wants C pays 1,000 for B before: C is bought at 91,000, and that overspends.
    assert sorted(won(of, funded)) == ["A", "B"]
    assert funded.share == 90_999
    assert funded.rounds == 90_000
    assert funded.steps[2].had == 89_999


def test_money_has_parts():
    of = poll([1250, 3333], 10_000, ["AB", "B"], unit=100)
    told = account(of, equal_shares(of, lots(of)), lots(of))
    assert (told["budget"], told["cost"], told["share"]) == (100, 45.83, 50)
    prices = {step["project"]: step["price_exact"] for step in told["steps"]}
    assert prices == {"A": "25/2", "B": "3333/200"}


@pytest.mark.parametrize("wrong", [{"costs": (0, 1)}, {"budget": 2**59}, {"voters": ("1",)}, {"votes": (1,)}])
def test_a_poll_that_cannot_be_counted_exactly_is_refused(wrong):
    of = poll([1, 1], 1, ["A", "B"])
    with pytest.raises(ValueError, match=r"\w"):
        Poll(**{**vars(of), **wrong})
