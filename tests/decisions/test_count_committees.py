"""Several seats: STV against a count paper by paper, sequential PAV and Phragmén against their definitions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.count.committees import phragmen, sequential_pav
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.runoff import instant_runoff
from cogov.decisions.rules.count.ties import Lots, TieAt
from cogov.decisions.rules.count.transferable import transferable_vote

NAMES = ("甲", "乙", "丙", "丁", "戊")
BALLOT = st.tuples(st.permutations(range(5)), st.integers(0, 5), st.integers(1, 40))
BALLOTS = st.lists(BALLOT, min_size=1, max_size=10)
APPROVALS = st.lists(st.tuples(st.frozensets(st.integers(0, 4)), st.integers(1, 4)), min_size=1, max_size=8)
Pile = list[list[Any]]
often = settings(max_examples=30, deadline=None)


def lots(seed="公布的种子"):
    return Lots.drawn(NAMES, seed)


def ranked(ballots):
    rows = [[place_on(order, named, place) for place in range(5)] for order, named, _ in ballots]
    return Profile.of(NAMES, np.array(rows), [count for *_, count in ballots])


def place_on(order, named, place):
    return order.index(place) + 1 if place in order[:named] else 0


def approved(ballots):
    rows = [[int(place in some) for place in range(5)] for some, _ in ballots]
    return Profile.of(NAMES, np.array(rows), [count for _, count in ballots])


# The single transferable vote --------------------------------------------------------------------------------------


def by_hand(ballots, seats, place):
    """Count in Python's own numbers, each paper with its worth in hundred-thousandths; return winners and rounds."""
    piles: dict[int, Pile] = {index: [] for index in range(5)}
    hand_on(piles, [[list(order[:named]), 100_000, count] for order, named, count in ballots], list(range(5)))
    total = {index: worth(pile) for index, pile in piles.items()}
    quota = (sum(total.values()) // 100_000 // (seats + 1) + 1) * 100_000
    continuing, rounds = list(range(5)), []
    elected: list[int] = []
    over: list[int] = []
    while True:
        all_in = len(elected) + len(continuing) <= seats
        reached = [index for index in continuing if all_in or total[index] >= quota]
        reached.sort(key=lambda index: (-total[index], place[index]))
        continuing = [index for index in continuing if index not in reached]
        elected += reached
        over += [index for index in reached if total[index] > quota]
        rounds.append({index: Fraction(votes, 100_000) for index, votes in total.items()})
        if len(elected) == seats:
            return tuple(elected), rounds, quota // 100_000
        if over:
            giver = min(over, key=lambda index: (-total[index], place[index]))
            over.remove(giver)
            for paper in piles[giver]:
                paper[1] = paper[1] * (total[giver] - quota) // total[giver]
            total[giver] = quota
        else:
            giver = max(continuing, key=lambda index: (-total[index], place[index]))
            continuing.remove(giver)
            del total[giver]
        for index, pile in hand_on(piles, piles.pop(giver), continuing).items():
            total[index] += worth(pile)


def hand_on(piles, papers, continuing):
    new: dict[int, Pile] = {}
    for paper in papers:
        to = next((index for index in paper[0] if index in continuing), None)
        if to is not None:
            piles[to].append(paper)
            new.setdefault(to, []).append(paper)
    return new


def worth(pile):
    return sum(value * count for _, value, count in pile)


@given(BALLOTS, st.integers(1, 5))
@often
def test_stv_is_the_one_counted_paper_by_paper_and_no_vote_is_lost(ballots, seats):
    counted = transferable_vote(ranked(ballots), seats, lots())
    winners, rounds, quota = by_hand(ballots, seats, lots().place)
    assert (counted.winners, counted.quota) == (winners, quota)
    assert [dict(each.votes) for each in counted.rounds] == rounds
    for each in counted.rounds:
        held = sum(votes for _, votes in each.votes)
        assert held + each.exhausted + each.lost == sum(count for *_, count in ballots)
        assert 0 <= each.lost < Fraction(len(ballots) * 40 * 5, 100_000)


@given(BALLOTS)
@often
def test_one_seat_by_stv_goes_to_the_winner_of_the_instant_runoff(ballots):
    assert transferable_vote(ranked(ballots), 1, lots()).winners == instant_runoff(ranked(ballots), lots()).winners


def test_a_surplus_goes_on_over_all_ballots_in_proportion():
    # 59 papers, three seats: the quota is 15. Of 39 papers of 甲, 24 are too many: each goes on as 24/39 = 0.61538.
    counted = transferable_vote(ranked([((0, 1), 2, 26), ((0, 2), 2, 13), ((3,), 1, 20)]), 3, lots())
    first, second = counted.rounds
    assert (counted.quota, first.elected, first.surplus_of) == (15, (0, 3), 0)
    assert dict(second.votes)[1] == 26 * Fraction("0.61538")
    assert second.lost == 24 - 39 * Fraction("0.61538")
    assert counted.winners == (0, 3, 1)


def test_equal_surpluses_and_equal_last_places_are_reported():
    counted = transferable_vote(ranked([((0, 2), 2, 9), ((1, 2), 2, 9), ((3,), 1, 1), ((4,), 1, 1)]), 3, lots())
    assert [tie.at for tie in counted.ties] == [TieAt.SURPLUS, TieAt.LAST]


def test_there_is_no_count_for_no_seat_or_for_more_than_stand():
    for method in (transferable_vote, sequential_pav, phragmen):
        for seats in (0, 6):
            with pytest.raises(ValueError, match="seat"):
                method(approved([(frozenset({1}), 1)]), seats, lots())


# Committees from approvals -----------------------------------------------------------------------------------------


@given(APPROVALS, st.integers(1, 5))
@often
def test_sequential_pav_adds_whoever_makes_the_satisfaction_grow_most(ballots, seats):
    def satisfaction(committee):
        harmonic = [sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0)) for n in range(6)]
        return sum(harmonic[len(some & committee)] * count for some, count in ballots)

    chosen: list[int] = []
    for _ in range(seats):
        rest = [index for index in range(5) if index not in chosen]
        chosen.append(min(rest, key=lambda index: (-satisfaction({*chosen, index}), lots().place[index])))
    assert sequential_pav(approved(ballots), seats, lots()).winners == tuple(chosen)


@given(APPROVALS, st.integers(1, 5))
@often
def test_phragmen_is_what_voters_buy_who_earn_alike_over_time(ballots, seats):
    # Everyone earns one unit in a unit of time; a candidate is bought as soon as the supporters hold 1 together.
    voters = [some for some, count in ballots for _ in range(count)]
    money = [Fraction(0)] * len(voters)
    chosen: list[int] = []
    while len(chosen) < seats:
        waits = {}
        for index in set(range(5)) - set(chosen):
            theirs = [voter for voter, some in enumerate(voters) if index in some]
            if theirs:
                waits[index] = (1 - sum((money[voter] for voter in theirs), Fraction(0))) / len(theirs)
        rest = waits or dict.fromkeys(set(range(5)) - set(chosen), Fraction(0))
        wait = min(rest.values())
        bought = min((index for index in rest if rest[index] == wait), key=lots().place.__getitem__)
        money = [Fraction(0) if bought in some else held + wait for held, some in zip(money, voters, strict=True)]
        chosen.append(bought)
    assert phragmen(approved(ballots), seats, lots()).winners == tuple(chosen)


def test_a_third_of_the_voters_gets_a_third_of_the_committee():
    ballots = [(frozenset({0, 1, 2}), 20), (frozenset({3}), 10)]
    for method in (sequential_pav, phragmen):
        winners = method(approved(ballots), 3, lots()).winners
        assert 3 in winners
        assert len({0, 1, 2} & set(winners)) == 2
