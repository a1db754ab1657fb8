"""The map of opinions: the same votes give the same map, statements are read three ways, strange answers are marked."""

from __future__ import annotations

import itertools
import json
import random
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.ground.refusals import Refused
from cogov.opinion.rules.chart import components
from cogov.opinion.rules.chart.account import Asked, account, chart, drawn
from cogov.opinion.rules.chart.components import centred, plane
from cogov.opinion.rules.chart.flagged import flagged
from cogov.opinion.rules.chart.reading.cast import Cast
from cogov.opinion.rules.chart.readings import Demands, bridging, by_chance, lower_bound, readings
from cogov.opinion.rules.chart.stability import likeness, stability
from cogov.opinion.rules.chart.tallies import Tallies, tallies
from cogov.opinion.rules.chart.votes import Votes
from cogov.opinion.rules.own import Drawn, own
from tests.opinion.polis import conversation

CELLS = st.lists(st.lists(st.sampled_from([None, 1, 0, -1]), min_size=4, max_size=4), min_size=1, max_size=12)
often = settings(max_examples=30, deadline=None)


def cast(votes):
    """Take (participant, statement, vote[, time]) in the order given."""
    taken = Cast()
    for line, (who, what, how, *time) in enumerate(votes, start=1):
        taken.take(line, str(who), str(what), how, time[0] if time else None)
    return taken.given()


def two_camps(people=60, loyal=0.92):
    """Return votes of two camps: on 0 to 9 they differ, on 10 to 14 all agree, on 15 to 19 all disagree."""
    dice = random.Random(1)
    told = []
    for person in range(people):
        for statement in range(20):
            lean = (1 if person % 2 else -1) if statement < 10 else (1 if statement < 15 else -1)
            told.append((person, statement, lean if dice.random() < loyal else -lean))
    return told


# One result for one set of votes -----------------------------------------------------------------------------------


def test_the_order_of_the_votes_does_not_matter():
    votes = two_camps()
    shuffled = random.Random(7).sample(votes, len(votes))
    assert json.dumps(account(cast(shuffled), Asked(draws=2))) == json.dumps(account(cast(votes), Asked(draws=2)))


@often
@given(CELLS)
def test_a_table_written_out_and_a_sparse_one_have_the_same_centre(cells):
    told = [(row, column, how) for row, line in enumerate(cells) for column, how in enumerate(line) if how is not None]
    if not told:
        return
    votes = cast(told).votes
    written = np.full(votes.shape, np.nan)
    written[votes.by, votes.on] = votes.vote
    centre, table = centred(votes)
    assert np.allclose(centre, np.nanmean(written, axis=0))
    assert np.allclose(table.toarray(), np.nan_to_num(written - centre))


def test_steps_towards_the_directions_end_where_the_exact_solution_is(monkeypatch):
    votes = cast(two_camps(people=90)).votes
    exact = plane(votes)
    monkeypatch.setattr(components, "SMALL", 0)
    for start in (None, exact.components, exact.components[:, :12]):
        assert np.allclose(plane(votes, start).projections, exact.projections, atol=1e-6)


def test_new_votes_laid_over_old_ones_are_all_votes_read_at_once():
    told = two_camps(people=30)
    dice = random.Random(3)
    new = [(person, statement, dice.choice([1, 0, -1])) for person in (2, 5, 31) for statement in (3, 17, 25)]
    replaced = {(who, what): how for who, what, how in told} | {(who, what): how for who, what, how in new}
    after = cast(told).votes.after(cast(new).votes)
    whole = cast([(who, what, how) for (who, what), how in replaced.items()]).votes
    assert (after.participants, after.statements) == (whole.participants, whole.statements)
    assert all((getattr(after, name) == getattr(whole, name)).all() for name in ("start", "on", "vote", "out"))


def test_the_last_vote_counts_wherever_it_stands():
    early, late = ("a", "1", -1, 10.0), ("a", "1", 1, 20.0)
    assert cast([early, late]).votes.vote.tolist() == cast([late, early]).votes.vote.tolist() == [1]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_cannot_be_told_apart_matters_only_where_it_is_the_last(order):
    settled = [("a", "1", 1, 10.0), ("a", "1", -1, 10.0), ("a", "1", 0, 20.0)]
    assert cast([settled[place] for place in order]).votes.vote.tolist() == [0]
    for open_votes in ([*settled[:2], ("a", "1", 1, 5.0)], [*settled[1:], ("a", "1", 1)]):
        with pytest.raises(Refused):
            cast([open_votes[place] for place in order])


def test_two_camps_are_found_and_named_from_the_larger():
    found = account(cast(two_camps(people=61)), Asked(draws=3))
    assert found["groups"] == {str(person): person % 2 for person in range(61)}
    assert found["stability"]["lowest"] == 1.0
    assert found["stability"]["groups"] == {"2": 3}


@pytest.mark.parametrize(
    "told",
    [
        [(0, 0, 1)],
        [(0, 0, 0), (1, 0, 0)],
        [(person, 0, 1) for person in range(30)],
        [(person, person, -1) for person in range(30)],
        [(0, statement, 1) for statement in range(30)],
    ],
)
def test_votes_that_divide_nobody_make_a_map_without_sides(told):
    found = json.loads(json.dumps(account(cast(told), Asked(draws=2)), allow_nan=False))
    assert len(found["group_votes"]) <= 2
    assert not any(read["consensus"] for read in found["readings"].values() if len(found["participants"]) < 3)


def test_a_map_drawn_from_plain_values_is_the_map_of_the_votes():
    told = two_camps(people=20)
    job = {"votes": [[who, what, how, None] for who, what, how in told], "out": ["3"], "draws": 0}
    found = drawn(job | {"demands": {"at_least": 0.99}})
    assert found["centre"][3] == 0
    assert not any(read["consensus"] for read in found["readings"].values())
    assert found["group_votes"] == drawn(job)["group_votes"]


def test_many_people_are_gathered_before_they_are_grouped():
    dice = np.random.default_rng(5)
    camp, people = dice.integers(0, 3, 3000), np.arange(3000)
    lean = dice.choice([-1, 1], (3, 40))
    what = dice.permuted(np.tile(np.arange(40), (3000, 1)), axis=1)[:, :20]
    how = lean[camp[:, None], what] * dice.choice([1, 1, 1, 1, 0, -1], (3000, 20))
    names, sayings = [str(person) for person in people], [str(each) for each in range(40)]
    found = chart(Votes.of(names, sayings, np.repeat(people, 20), what.ravel(), how.ravel()))
    assert likeness(found.groups, camp) > 0.8
    assert len(found.clusters.centres) <= 100


# Three readings ----------------------------------------------------------------------------------------------------


def test_consensus_is_what_both_camps_agree_with_and_nothing_that_divides_them():
    given_votes = cast(two_camps())
    found = account(given_votes, Asked(draws=0))["readings"]
    assert [name for name, read in found.items() if read["consensus"]] == ["10", "11", "12", "13", "14"]
    assert all(found[str(name)]["every_group_at_least"] < 0.3 for name in range(10))


def test_one_demand_that_is_not_met_is_enough_to_refuse_consensus():
    votes = cast(two_camps()).votes
    counted = chart(votes).counted
    for demands in (Demands(at_least=0.99), Demands(bridging=3), Demands(geometric=1.1), Demands(false_finds=0)):
        assert not readings(votes, counted, demands).consensus.any()


def test_dissent_of_a_small_group_is_not_outvoted():
    small = [(person, 10, -1) for person in range(300, 306)]
    small += [(person, statement, 1 if statement % 2 else -1) for person in range(300, 306) for statement in range(9)]
    votes = cast([*two_camps(people=200), *small]).votes
    groups = np.array([2 if int(name) >= 300 else int(name) % 2 for name in votes.participants])
    read = readings(votes, tallies(votes, groups, 3), Demands())
    column = votes.statements.index("10")
    assert read.every_group[column] < 0.9
    assert read.every_group.min() < 0.5


def test_the_lower_bound_is_wilsons():
    assert lower_bound(np.array([0, 8, 10]), np.array([0, 10, 10]), 1.96) == pytest.approx(
        [0, 0.4902, 0.7225], abs=1e-4
    )


@often
@given(st.integers(0, 30), st.integers(0, 30))
def test_chance_is_that_of_a_thrown_coin(some, more):
    one = np.array([[some]])
    answered = np.array([[some + more]])
    exact = sum(comb(some + more, k) for k in range(some, some + more + 1)) / 2 ** (some + more)
    assert by_chance(Tallies(np.array([1]), one, one, answered))[0] == pytest.approx(exact)


def test_bridging_solves_the_least_squares_it_promises():
    """At the bottom of the valley no step in any direction leads further down."""
    votes = cast([vote for vote in two_camps(people=24) if (vote[0] * 7 + vote[1]) % 3]).votes
    best = bridging(votes)
    assert best[10:15].min() > best[:10].max() > best[15:].max()
    few = cast([vote for vote in two_camps(people=24) if vote[1] != 12 or vote[0] < 2]).votes
    assert bridging(few)[12] < bridging(few)[11]  # what only two have answered is drawn towards nothing


# What is marked ----------------------------------------------------------------------------------------------------


def test_who_always_agrees_where_others_differ_is_marked_and_stays():
    told = [*two_camps(loyal=0.7), *(("x", statement, 1) for statement in range(20))]
    split = [
        (person, statement, 1 if (person + statement) % 2 else -1)
        for person in range(60)
        for statement in range(20, 40)
    ]
    told += [*split, *(("x", statement, 1) for statement in range(20, 40))]
    found = account(cast(told), Asked(draws=0))
    assert found["flagged"]["straight_liners"] == ["x"]
    assert "x" in found["groups"]
    assert found["flagged"]["without"]["participants"] == 60


def test_two_with_the_same_answers_are_marked_and_only_the_copy_is_left_out():
    told = [*two_camps(loyal=0.7), *((60, statement, 1 if statement % 3 else -1) for statement in range(20))]
    told += [(61, statement, how) for who, statement, how in told if who == 60]
    given_votes = cast(told)
    marked = flagged(given_votes.votes, None)
    assert [[given_votes.votes.participants[row] for row in rows] for rows in marked.duplicates] == [["60", "61"]]
    assert len(marked.rows) == 1


def test_who_answers_faster_than_one_reads_is_marked_only_where_times_are_known():
    told = [(who, what, how, 1000.0 * (what * (0.4 if who == 3 else 5))) for who, what, how in two_camps()]
    given_votes = cast(told)
    assert [given_votes.votes.participants[row] for row in flagged(given_votes.votes, given_votes.times).speeders] == [
        "3"
    ]
    assert flagged(given_votes.votes, None).speeders == []


def test_the_seed_alone_decides_who_is_drawn_again():
    votes = conversation("london.youth.policing").votes
    first = chart(votes)
    told = [stability(votes, first.groups, first.plane.components, seed, 4) for seed in ("a", "a", "b")]
    assert told[0] == told[1] != told[2]


def test_likeness_is_one_for_the_same_groups_under_other_names_and_nought_for_chance():
    one = np.array([0, 0, 1, 1, 2, 2])
    assert likeness(one, (one + 1) % 3) == 1
    assert likeness(one, np.zeros(6, int)) == 0
    assert likeness(one[:0], one[:0]) == 1


# One person --------------------------------------------------------------------------------------------------------


def test_a_persons_own_point_is_the_one_on_the_map():
    given_votes = conversation("brexit-consensus")
    found = account(given_votes, Asked(draws=0))
    votes = given_votes.votes
    everyone = {name: {"A": 0, "D": 0, "S": 0} for name in votes.statements}
    for column, how in zip(votes.on.tolist(), votes.vote.tolist(), strict=True):
        count = everyone[votes.statements[column]]
        count["S"] += 1
        count["A"] += how == 1
        count["D"] += how == -1
    known = Drawn(found["statements"], found["centre"], found["components"], everyone)
    for row in (0, 50, 150):
        part = slice(votes.start[row], votes.start[row + 1])
        answers = {
            votes.statements[column]: how
            for column, how in zip(votes.on[part].tolist(), votes.vote[part].tolist(), strict=True)
        }
        mine = own(answers, known)
        assert mine.point == pytest.approx(found["projections"][votes.participants[row]])
        assert all(0 < same <= all_answers for same, all_answers in mine.alike.values())
    assert own({"no such": 1}, known).point == (0, 0)
