"""Ranked ballots: each method against a slow count by hand, what it promises, and where ties and overvotes end."""

from __future__ import annotations

import hashlib
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.count.pairwise import majorities, pairwise
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.runoff import instant_runoff
from cogov.decisions.rules.count.scored import approval, borda, condorcet, plurality
from cogov.decisions.rules.count.tallying import SIDE_BY_SIDE, TallyMethod, tally, why_not_tally
from cogov.decisions.rules.count.ties import Lots, TieAt
from cogov.decisions.rules.count.tournament import ranked_pairs, schulze

NAMES = ("甲", "乙", "丙", "丁")
BALLOT = st.lists(st.integers(0, 4), min_size=4, max_size=4)
BALLOTS = st.lists(st.tuples(BALLOT, st.integers(1, 5)), min_size=1, max_size=9)
often = settings(max_examples=30, deadline=None)


def profile(ballots, names=NAMES):
    return Profile.of(names, np.array([ranks for ranks, _ in ballots]), [count for _, count in ballots])


def ranked(*orders, names=NAMES):
    """Return a profile of orders such as "3 乙甲": three ballots that place 乙 before 甲 and name nobody else."""
    ballots = []
    for order in orders:
        count, _, placed = order.partition(" ")
        ballots.append(([placed.index(name) + 1 if name in placed else 0 for name in names], int(count)))
    return profile(ballots, names)


def lots(names=NAMES, seed="公布的种子"):
    return Lots.drawn(names, seed)


def each_paper(ballots):
    return [ranks for ranks, count in ballots for _ in range(count)]


def by_hand(ballots):
    """Count one against one, paper by paper."""
    table = [[0] * 4 for _ in NAMES]
    for ranks in each_paper(ballots):
        for one, other in itertools.permutations(range(4), 2):
            table[one][other] += ranks[one] > 0 and (not ranks[other] or ranks[one] < ranks[other])
    return table


def top(ranks, continuing, ended):
    """Return whom a paper is for, by the words of docs/counting.md."""
    for rank in sorted({ranks[index] for index in continuing if ranks[index]}):
        held = [index for index in continuing if ranks[index] == rank]
        return held[0] if len(held) == 1 and not ended else None
    return None


# Against a count by hand -------------------------------------------------------------------------------------------


@given(BALLOTS)
@often
def test_the_table_borda_and_approval_are_those_counted_paper_by_paper(ballots):
    table, papers = by_hand(ballots), each_paper(ballots)
    counted = profile(ballots)
    assert pairwise(counted).tolist() == table
    points = [
        sum(Fraction(1 + before(ranks, one, other), 2) for ranks in papers for other in range(4) if other != one)
        for one in range(4)
    ]
    assert list(borda(pairwise(counted), counted.ballots, lots()).scores) == points
    assert list(approval(counted, lots()).scores) == [sum(ranks[one] > 0 for ranks in papers) for one in range(4)]


def before(ranks, one, other):
    mine, theirs = ranks[one] or 99, ranks[other] or 99
    return (mine < theirs) - (mine > theirs)


@given(BALLOTS)
@often
def test_instant_runoff_is_the_one_counted_paper_by_paper(ballots):
    counted = instant_runoff(profile(ballots), lots())
    place = lots().place
    continuing, papers = list(range(4)), each_paper(ballots)
    ended = [False] * len(papers)
    for shown in counted.rounds:
        tops = [top(ranks, continuing, over) for ranks, over in zip(papers, ended, strict=True)]
        # What is with nobody once has ended.
        ended = [over or held is None for over, held in zip(ended, tops, strict=True)]
        votes = {index: tops.count(index) for index in continuing}
        assert dict(shown.votes) == votes
        assert shown.exhausted == tops.count(None)
        most = max(votes, key=votes.__getitem__)
        if 2 * votes[most] > sum(votes.values()) or len(continuing) == 1:
            assert counted.winners == shown.elected == (most,)
            assert shown is counted.rounds[-1]
            return
        lowest = min(votes.values())
        last = max((index for index in continuing if votes[index] == lowest), key=place.__getitem__)
        assert shown.excluded == last
        continuing.remove(last)
    pytest.fail("nobody was elected")


@given(BALLOTS)
@often
def test_schulze_follows_the_strongest_of_all_paths(ballots):
    table = pairwise(profile(ballots))
    links = majorities(table)

    def strongest(one, other):
        between = [index for index in range(4) if index not in {one, other}]
        ways = (way for size in range(3) for way in itertools.permutations(between, size))
        return max(min(links[a, b] for a, b in itertools.pairwise((one, *way, other))) for way in ways)

    order = schulze(table, lots()).order
    for better, worse in itertools.combinations(order, 2):
        assert strongest(better, worse) >= strongest(worse, better)


@given(BALLOTS)
@often
def test_ranked_pairs_locks_what_closes_no_ring_with_what_is_stronger(ballots):
    table = pairwise(profile(ballots))
    links, counted = majorities(table), ranked_pairs(table, lots())
    assert all(counted.order.index(winner) < counted.order.index(loser) for winner, loser in counted.locked)
    for winner, loser in np.argwhere(links):
        if (winner, loser) not in counted.locked:
            stronger = {pair for pair in counted.locked if links[pair] >= links[winner, loser]}
            assert reaches(stronger, loser, winner), "left out, though it closed no ring"


def reaches(pairs, start, end):
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        waiting += [to for of, to in pairs if of == here and to not in seen]
        seen |= {to for of, to in pairs if of == here}
    return end in seen


# What the methods promise ------------------------------------------------------------------------------------------


@given(BALLOTS)
@often
def test_who_beats_everyone_wins_schulze_and_ranked_pairs(ballots):
    table = pairwise(profile(ballots))
    winners = condorcet(table).winners
    assume(winners)
    assert schulze(table, lots()).winners == ranked_pairs(table, lots()).winners == winners


@given(BALLOTS, st.randoms(use_true_random=False))
@often
def test_neither_the_order_of_ballots_nor_that_of_candidates_changes_a_result(ballots, dice):
    assume(any(any(ranks) for ranks, _ in ballots))
    told = tally(profile(ballots), SIDE_BY_SIDE, lots())
    shuffled = [([ranks[index] for index in (2, 0, 3, 1)], count) for ranks, count in ballots]
    dice.shuffle(shuffled)
    names = tuple(NAMES[index] for index in (2, 0, 3, 1))
    other = tally(profile(shuffled, names), SIDE_BY_SIDE, lots(names))
    assert {m: r["winners"] for m, r in told["methods"].items()} == {
        m: r["winners"] for m, r in other["methods"].items()
    }
    assert told["methods"]["schulze"]["order"] == other["methods"]["schulze"]["order"]
    assert told["methods"]["irv"]["ties"] == other["methods"]["irv"]["ties"]


@given(BALLOTS)
@often
def test_lifting_the_winner_never_harms_them_in_schulze_ranked_pairs_and_borda(ballots):
    table = pairwise(profile(ballots))
    for method in (schulze, ranked_pairs, lambda table, lots: borda(table, sum(n for _, n in ballots), lots)):
        counted = method(table, lots())
        (winner,) = counted.winners
        ranks, count = ballots[0]
        lifted = [rank + 1 if rank else 0 for rank in ranks]
        lifted[winner] = 1
        again = method(pairwise(profile([(lifted, count), *ballots[1:]])), lots())
        if not counted.ties and not again.ties:
            assert again.winners == (winner,)


@given(st.lists(st.tuples(st.permutations(range(4)), st.integers(0, 4), st.integers(1, 5)), min_size=1, max_size=9))
@often
def test_a_twin_of_a_loser_changes_neither_schulze_nor_instant_runoff(orders):
    # A twin stands right behind on every ballot; only where nothing is tied is the winner the same by promise.
    ballots = [
        ([2 * order.index(place) + 1 if order.index(place) < named else 0 for place in range(4)], count)
        for order, named, count in orders
    ]
    assume(any(any(ranks) for ranks, _ in ballots))
    for method in (TallyMethod.SCHULZE, TallyMethod.IRV):
        before = tally(profile(ballots), [method], lots())["methods"][method]
        place = next(place for place, name in enumerate(NAMES) if name not in before["winners"])
        names = (*NAMES, "双胞胎")
        twins = [([*ranks, ranks[place] + 1 if ranks[place] else 0], count) for ranks, count in ballots]
        after = tally(profile(twins, names), [method], lots(names))["methods"][method]
        if not before["ties"] and not after["ties"]:
            assert after["winners"] == before["winners"]


# Boundaries --------------------------------------------------------------------------------------------------------


def test_the_same_ballots_elect_another_by_each_method_and_the_table_shows_why():
    # The example of Tennessee, https://en.wikipedia.org/wiki/Instant-runoff_voting: the middle beats everyone.
    counted = ranked("42 甲乙丙丁", "26 乙丙丁甲", "15 丙丁乙甲", "17 丁丙乙甲")
    told = tally(counted, SIDE_BY_SIDE, lots())
    winners = {method: result["winners"] for method, result in told["methods"].items()}
    assert winners["plurality"] == ["甲"]
    assert winners["irv"] == winners["stv"] == ["丁"]
    assert winners["schulze"] == winners["ranked_pairs"] == winners["condorcet"] == winners["borda"] == ["乙"]
    assert told["pairwise"][1] == [58, 0, 68, 68]
    assert told["methods"]["irv"]["rounds"][0]["excluded"] == "丙"


def test_schulze_and_ranked_pairs_part_where_the_ring_is_long():
    # The example of 45 ballots, https://en.wikipedia.org/wiki/Schulze_method.
    names = ("A", "B", "C", "D", "E")
    orders = "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC"
    table = pairwise(ranked(*orders, names=names))
    assert [names[index] for index in schulze(table, Lots.drawn(names)).order] == ["E", "A", "C", "B", "D"]
    assert [names[index] for index in ranked_pairs(table, Lots.drawn(names)).order] == ["A", "C", "E", "B", "D"]


def test_a_ring_has_no_condorcet_winner_and_its_tie_is_reported():
    table = pairwise(ranked("1 甲乙丙", "1 乙丙甲", "1 丙甲乙"))
    assert condorcet(table).winners == ()
    for method, at in ((schulze, TieAt.WINNER), (ranked_pairs, TieAt.PAIR)):
        counted = method(table, lots())
        assert counted.ties[0].at == at
        assert set(counted.ties[0].among) == {0, 1, 2}
        assert counted.order[-1] == 3


def test_of_two_majorities_of_as_many_votes_the_one_with_fewer_against_it_is_stronger():
    links = majorities(np.array([[0, 5, 0, 0], [1, 0, 0, 0], [0, 0, 0, 5], [6, 0, 3, 0]]))
    assert links.tolist() == [[0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [3, 0, 0, 0]]


def test_a_majority_that_closes_a_ring_by_itself_ties_with_none_as_strong():
    # 甲 over 乙 and 乙 over 丙 are locked; 丙 over 甲 is out, whatever becomes of 甲 over 丁, which is as strong.
    table = np.array([[0, 10, 3, 7], [0, 0, 9, 8], [7, 1, 0, 6], [3, 2, 4, 0]])
    counted = ranked_pairs(table, lots())
    assert counted.order == (0, 1, 2, 3)
    assert counted.ties == ()


def test_equal_majorities_are_no_tie_where_their_order_changes_nothing():
    table = pairwise(ranked("3 甲乙丙丁"))
    assert ranked_pairs(table, lots()).ties == ()


def test_an_overvote_ends_where_it_is_reached_unless_only_one_of_them_is_left():
    only = {index: [int(place == index) for place in range(4)] for index in range(4)}
    ballots = [([1, 1, 2, 0], 4), ([0, 2, 2, 1], 1), (only[0], 3), (only[1], 3), (only[2], 3), (only[3], 1)]
    assert list(plurality(profile(ballots), lots()).scores) == [3, 3, 3, 2]
    counted = instant_runoff(profile(ballots), lots())
    assert counted.rounds[0].exhausted == 4
    assert counted.rounds[0].excluded == 3
    # One paper of 丁 names 乙 and 丙 together next, and both are in: nobody can say which was meant. One names nobody.
    assert counted.rounds[1].exhausted == 4 + 1 + 1
    # Here 乙 has left before the rank of 乙 and 丙 is reached.
    later = [([1, 2, 2, 0], 2), (only[0], 1), (only[2], 4), (only[3], 5)]
    assert [dict(each.votes)[2] for each in instant_runoff(profile(later), lots()).rounds] == [4, 4, 6]


def test_half_of_the_ballots_is_no_majority_and_one_more_is():
    assert len(instant_runoff(ranked("3 甲", "2 乙", "1 丙", names=NAMES[:3]), lots()).rounds) == 2
    assert len(instant_runoff(ranked("4 甲", "2 乙", "1 丙", names=NAMES[:3]), lots()).rounds) == 1


def test_ties_go_by_the_order_of_sha256_of_seed_and_name():
    drawn = sorted(NAMES, key=lambda name: hashlib.sha256(f"公布的种子\n{name}".encode()).hexdigest())
    assert [NAMES[index] for index in lots().in_order(range(4))] == drawn
    tied = plurality(ranked("1 甲", "1 乙", "1 丙", "1 丁"), lots())
    assert NAMES[tied.winners[0]] == drawn[0]
    assert tied.ties[0].among == tuple(lots().in_order(range(4)))
    last = instant_runoff(ranked("2 甲", "1 乙", "1 丙", "1 丁"), lots())
    assert NAMES[last.rounds[0].excluded or 0] == [name for name in drawn if name != "甲"][-1]


def test_another_seed_draws_another_order():
    assert len({tuple(lots(seed=str(seed)).in_order(range(4))) for seed in range(30)}) > 10


def test_ballots_that_name_nobody_are_counted_as_such_and_elect_nobody():
    blank = ranked("5 ")
    refusal = why_not_tally(blank, 1)
    assert refusal is not None
    assert refusal.code == "nobody_named"
    told = tally(ranked("5 ", "1 乙"), SIDE_BY_SIDE, lots())
    assert (told["blank"], told["truncated"], told["ballots"]) == (5, 1, 6)
    assert {tuple(result["winners"]) for result in told["methods"].values()} == {("乙",)}


def test_more_seats_than_candidates_are_refused():
    refusal = why_not_tally(ranked("1 甲"), 5)
    assert refusal is not None
    assert refusal.code == "more_seats_than_candidates"


@pytest.mark.parametrize(
    ("names", "ranks", "weights"),
    [
        (("甲", "甲"), [[1, 2]], None),
        (("甲", "乙"), [[1, -1]], None),
        (("甲", "乙"), [[1.0, 2.0]], None),
        (("甲", "乙"), [[1, 2, 3]], None),
        (("甲", "乙"), [[1, 70_000]], None),
        (("甲", "乙"), [[1, 2]], [1, 1]),
        (("甲", "乙"), [[1, 2]], [-1]),
        (("甲", "乙"), [[1, 2]], [100_000_001]),
    ],
)
def test_arrays_that_are_no_ballots_are_refused(names, ranks, weights):
    with pytest.raises(ValueError, match=r"\w"):
        Profile.of(names, np.array(ranks), weights)


@pytest.mark.parametrize("last", [254, 255, 256, 65_535])
def test_large_ranks_stay_better_than_none(last):
    counted = Profile.of(("甲", "乙"), np.array([[last, 0]]))
    assert pairwise(counted).tolist() == [[0, 1], [0, 0]]
    assert list(approval(counted, Lots.drawn(("甲", "乙"))).scores) == [1, 0]
