"""What the shortage board shows, and what nobody can work out from it who knows exactly how it is made."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.shortage import Cell, Sight, batched, board, first_batches, rows_of
from cogov.decisions.rules.thresholds import Turnout
from cogov.problems.rules.lanes import RuleCode

ORDINARY, ADVISORY = RULES[RuleCode.R1], RULES[RuleCode.R5]


def cells(*rows):
    return [Cell(*row) for row in rows]


def shown(rows):
    return {
        (row.building_id, row.staircase): row.voted if row.sight is Sight.FIGURE else row.sight.value for row in rows
    }


def test_large_cells_carry_their_figures():
    rows = rows_of(cells((1, "1", 24, 9), (1, "2", 24, 12), (2, "1", 40, 20)))
    assert shown(rows) == {(1, None): 21, (1, "1"): 9, (1, "2"): 12, (2, None): 20}
    assert str(rows[0].words) == "21 / 48 套已投"


def test_a_staircase_under_ten_takes_its_smallest_neighbour_with_it():
    rows = rows_of(cells((1, "1", 24, 9), (1, "2", 18, 8), (1, "3", 8, 3), (2, "", 30, 9)))
    assert shown(rows) == {(1, None): 20, (1, "1"): 9, (1, "2"): "grouped", (1, "3"): "grouped", (2, None): 9}
    assert str(rows[2].words) == "户数少，合在一起算，不单独显示"


def test_several_small_staircases_that_are_ten_together_leave_the_others_alone():
    rows = rows_of(cells((1, "1", 24, 9), (1, "2", 6, 2), (1, "3", 6, 3)))
    assert shown(rows) == {(1, None): 14, (1, "1"): 9, (1, "2"): "grouped", (1, "3"): "grouped"}


def test_a_small_building_takes_another_and_all_its_staircases_with_it():
    rows = rows_of(cells((1, "1", 24, 9), (1, "2", 24, 9), (2, "1", 12, 5), (2, "2", 12, 6), (3, "1", 6, 2)))
    assert shown(rows)[1, None] == 18
    assert {shown(rows)[key] for key in [(2, None), (2, "1"), (2, "2"), (3, None)]} == {"grouped"}


@pytest.mark.parametrize("voted", [0, 1, 39, 40])
def test_a_building_near_all_or_none_keeps_every_building_back(voted):
    rows = rows_of(cells((1, "", 40, voted), (2, "1", 30, 12), (2, "2", 30, 12), (3, "", 40, 20)))
    assert set(shown(rows).values()) == {"uneven"}


def test_a_staircase_near_all_or_none_keeps_back_its_building_s_staircases_only():
    rows = rows_of(cells((1, "1", 12, 12), (1, "2", 30, 12), (2, "1", 30, 12), (2, "2", 30, 12)))
    assert shown(rows) == {
        (1, None): 24, (1, "1"): "uneven", (1, "2"): "uneven", (2, None): 24, (2, "1"): 12, (2, "2"): 12,
    }  # fmt: skip


def test_words_speak_of_the_whole_when_it_has_just_begun_or_is_nearly_done():
    begun = rows_of(cells((1, "", 40, 0), (2, "", 40, 8)))
    assert [str(row.words) for row in begun] == ["刚开始，先不分开显示"] * 2
    done = rows_of(cells((1, "", 40, 40), (2, "", 40, 32)))
    assert [str(row.words) for row in done] == ["几乎都投了，先不分开显示"] * 2


def test_public_figures_move_in_steps_of_ten_ballots():
    assert [batched(n) for n in (0, 9, 10, 19, 20, 306)] == [0, 0, 10, 10, 20, 300]
    assert first_batches(range(25)) == range(20)


def test_the_board_gives_area_for_the_whole_only_with_what_is_missing():
    result = board(ORDINARY, Turnout(88, 880_000), Turnout(50, 500_001), cells((1, "", 48, 30), (2, "", 40, 20)))
    assert (result.met, result.turnout) == (False, Turnout(50, 500_001))
    assert result.missing is not None
    assert (result.missing.heads, result.missing.area, result.missing.square_metres) == (9, 86_666, 867)
    assert not any("area" in name for row in result.rows for name in row.__dataclass_fields__)


@pytest.mark.parametrize(("voted", "met"), [(5, False), (6, True)])
def test_an_electorate_under_ten_sees_only_met_or_not_yet(voted, met):
    result = board(ORDINARY, Turnout(9, 90_000), Turnout(voted, voted * 10_000), cells((1, "", 9, voted)))
    assert result.met is met
    assert (result.turnout, result.missing, result.rows) == (None, None, ())


def test_a_rule_without_a_quorum_is_neither_met_nor_not_yet():
    assert board(ADVISORY, Turnout(40, 0), Turnout(10, 0), cells((1, "", 40, 10))).met is None


def test_a_secret_vote_shows_the_whole_in_tens_and_nothing_within():
    """Nobody knows who is among the first tokens, so there are no cells; that does not make the electorate small."""
    result = board(ADVISORY, Turnout(40, 0), Turnout(10, 0), ())
    assert (result.met, result.turnout, result.rows) == (None, Turnout(10, 0), ())
    assert board(ADVISORY, Turnout(9, 0), Turnout(9, 0), ()).turnout is None


def test_more_votes_than_units_are_no_board():
    with pytest.raises(ValueError, match="more units"):
        rows_of(cells((1, "", 10, 11)))


# --- the attacker ---------------------------------------------------------------------------------------------------

BUILDINGS = [
    [[3, 12, 12], [11]],
    [[10, 10], [4, 10]],
    [[12], [12], [3]],
    [[2], [13], [2, 3, 11]],
    [[5, 5, 11], [10]],
    [[4, 4], [10, 11]],
    [[10], [10], [10]],
    [[9], [10], [1]],
    [[20, 3], [6]],
    [[11, 12], [1, 9]],
]


def leaves_of(shape):
    return [(b, str(s), units) for b, held in enumerate(shape) for s, units in enumerate(held)]


@pytest.mark.parametrize("shape", BUILDINGS, ids=str)
def test_who_knows_the_board_and_how_it_is_made_still_finds_no_small_cell_and_no_full_or_empty_one(shape):
    """Make the board of every possible turnout; turnouts with equal boards are what an attacker cannot tell apart."""
    leaves = leaves_of(shape)
    whole = sum(units for *_, units in leaves)
    worlds = defaultdict(list)
    for voted in product(*(range(units + 1) for *_, units in leaves)):
        rows = rows_of(Cell(b, s, units, count) for (b, s, units), count in zip(leaves, voted, strict=True))
        worlds[sum(voted), rows].append(voted)
    # What may be asked for: each staircase, and each building, of which the sums may be known, too.
    groups: set[tuple[int, ...]] = {(n,) for n in range(len(leaves))}
    groups |= {tuple(n for n, leaf in enumerate(leaves) if leaf[0] == b) for b in range(len(shape))}
    for (total, _), alike in worlds.items():
        if total in (0, whole):
            continue
        for group in groups:
            units = sum(leaves[n][2] for n in group)
            counts = {sum(voted[n] for n in group) for voted in alike}
            assert units >= 10 or len(counts) > 1, (shape, group, alike)
            assert counts not in ({0}, {units}), (shape, group, alike)


SHAPES = st.lists(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=5), min_size=1, max_size=6
)


@settings(max_examples=400, deadline=None)
@given(SHAPES)
def test_no_sum_or_difference_of_published_figures_is_a_cell_under_ten_or_a_full_or_empty_one(shape):
    """Every combination of published figures is a union of remainders: a figure minus the figures inside it."""
    drawn = [(b, str(s), u, min(v, u)) for b, held in enumerate(shape) for s, (u, v) in enumerate(held)]
    whole = (sum(u for *_, u, _ in drawn), sum(v for *_, v in drawn))
    buildings: dict[int, tuple[int, int]] = {}
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows_of(cells(*drawn)):
        if row.voted is not None:
            assert row.units >= 10
            assert 1 < row.voted < row.units - 1
            if row.staircase is None:
                buildings[row.building_id] = row.units, row.voted
            else:
                inside[row.building_id].append((row.units, row.voted))
    assert buildings.keys() >= inside.keys()
    figures = [(whole, list(buildings.values())), *((buildings[number], within) for number, within in inside.items())]
    for (units, voted), within in figures:
        left = (units - sum(units for units, _ in within), voted - sum(voted for _, voted in within))
        if within and left != (0, 0):
            assert left[0] >= 10
            assert 0 < left[1] < left[0]
