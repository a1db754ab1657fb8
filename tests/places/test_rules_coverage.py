"""Grids tile or do not tile: every gap and overlap is found exactly, and a point belongs to exactly one grid."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cogov.places.rules import Ring, contains, home_of, touches, why_not_ring
from cogov.places.rules.coverage import Grid, findings, survey

GEO = Path(__file__).parent / "geo" / "grids.geojson"


def _synthetic() -> dict[str, list[Grid]]:
    grids: dict[str, list[Grid]] = defaultdict(list)
    for feature in json.loads(GEO.read_text(encoding="utf-8"))["features"]:
        ring = tuple((round(x * 10**6), round(y * 10**6)) for x, y in feature["geometry"]["coordinates"][0])
        code = feature["properties"]["grid_code"]
        grids[code[:12]].append(Grid(code, ring))
    return grids


SYNTHETIC = _synthetic()


def _box(code: str, x: int, y: int, width: int = 10, height: int = 10) -> Grid:
    return Grid(code, ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)))


def _field(size: int, *left_out: tuple[int, int]) -> list[Grid]:
    return [_box(f"{i}{j}", 10 * i, 10 * j) for i in range(size) for j in range(size) if (i, j) not in left_out]


@pytest.mark.parametrize("community", SYNTHETIC)
def test_the_synthetic_grids_tile_their_communities(community: str) -> None:
    assert all(why_not_ring(grid.ring) is None for grid in SYNTHETIC[community])
    assert survey(SYNTHETIC[community]).is_whole


@pytest.mark.parametrize("community", SYNTHETIC)
def test_leaving_out_a_grid_that_has_neighbours_all_round_leaves_a_gap_between_them(community: str) -> None:
    grids = SYNTHETIC[community]
    edges = [frozenset(edge) for grid in grids for edge in pairwise(grid.ring)]
    inner = [grid for grid in grids if all(edges.count(frozenset(edge)) == 2 for edge in pairwise(grid.ring))]
    for lost in inner:
        gaps = survey([grid for grid in grids if grid is not lost]).gaps
        assert len(gaps) == 1
        assert len(gaps[0].beside) == 4
    assert inner


@given(some.sampled_from(sorted(SYNTHETIC)), some.data())
def test_a_point_of_a_community_belongs_to_exactly_one_grid_also_on_shared_edges(community: str, data) -> None:
    grids = SYNTHETIC[community]
    corners = sorted({point for grid in grids for point in grid.ring})
    xs, ys = sorted({x for x, _ in corners}), sorted({y for _, y in corners})
    x = data.draw(some.sampled_from(xs) | some.integers(xs[0], xs[-1]))
    y = data.draw(some.sampled_from(ys) | some.integers(ys[0], ys[-1]))
    inside = [grid for grid in grids if contains(grid.ring, x, y)]
    outermost = x == xs[-1] or y == ys[-1]
    assert len(inside) == (0 if outermost else 1)
    home = home_of(x, y, enumerate(grid.ring for grid in grids))
    assert home is not None
    assert contains(grids[home].ring, x, y) or touches(grids[home].ring, x, y)


@given(some.integers(-5, 45), some.integers(-5, 45))
def test_a_point_beyond_the_grids_belongs_to_none(x: int, y: int) -> None:
    home = home_of(x, y, enumerate(grid.ring for grid in _field(4)))
    assert (home is not None) == (0 <= x <= 40 and 0 <= y <= 40)


@given(some.lists(some.tuples(some.integers(0, 60), some.integers(0, 60)), min_size=2, max_size=2, unique=True))
def test_two_parts_of_a_slanted_cut_share_every_point_without_doubling_one(ends: list[tuple[int, int]]) -> None:
    (x1, y1), (x2, y2) = (0, ends[0][1]), (60, ends[1][1])
    below: Ring = ((0, -1), (60, -1), (x2, y2), (x1, y1), (0, -1))
    above: Ring = ((x1, y1), (x2, y2), (60, 61), (0, 61), (x1, y1))
    for x in range(60):
        for y in range(61):
            assert contains(below, x, y) + contains(above, x, y) == 1
    assert survey([Grid("below", below), Grid("above", above)]).is_whole


def test_neighbours_with_a_corner_on_the_others_edge_still_tile() -> None:
    assert survey([_box("a", 0, 0, 20, 10), _box("b", 0, 10), _box("c", 10, 10)]).is_whole


def test_an_overlap_as_narrow_as_a_micro_degree_is_found() -> None:
    assert survey([_box("a", 0, 0, 1000, 1000), _box("b", 999, 0, 1000, 1000)]).overlaps == (("a", "b"),)


@pytest.mark.parametrize(
    "other",
    [
        _box("b", 0, 0),
        _box("b", 2, 2, 3, 3),
        _box("b", -5, 3, 20, 2),
        _box("b", 5, 0),
        Grid("b", ((5, -5), (15, 5), (5, 15), (-5, 5), (5, -5))),
        Grid("b", ((0, 0), (1000, 1), (1000, 2), (0, 0))),
    ],
    ids=["same", "inside", "cross", "shifted along an edge", "turned", "sliver"],
)
def test_any_two_grids_with_common_area_overlap(other: Grid) -> None:
    assert survey([_box("a", 0, 0), other]).overlaps == (("a", "b"),)
    assert survey([Grid("a", _box("a", 0, 0).ring[::-1]), other]).overlaps == (("a", "b"),)


@given(some.integers(0, 24), some.integers(0, 24), some.integers(1, 9), some.integers(1, 9))
def test_a_box_laid_over_a_field_overlaps_exactly_the_boxes_whose_inside_it_meets(
    x: int, y: int, w: int, h: int
) -> None:
    field = _field(3)
    expected = {
        ("laid", f"{i}{j}")
        for i in range(3)
        for j in range(3)
        if x < 10 * i + 10 and 10 * i < x + w and y < 10 * j + 10 and 10 * j < y + h
    }
    found = survey([*field, _box("laid", x, y, w, h)]).overlaps
    assert {("laid", one if two == "laid" else two) for one, two in found} == expected


@pytest.mark.parametrize(
    ("left_out", "gaps", "parts"),
    [
        ([], 0, 1),
        ([(0, 0)], 0, 1),  # a notch in the outline is no gap
        ([(1, 1)], 1, 1),
        ([(1, 1), (2, 2)], 2, 1),  # two holes that touch in a point
        ([(1, 1), (0, 0)], 1, 1),  # a hole that touches the outline in a point
        ([(1, 1), (1, 2)], 1, 1),
        ([(1, j) for j in range(4)], 0, 2),
    ],
)
def test_holes_are_told_from_the_outline(left_out: list[tuple[int, int]], gaps: int, parts: int) -> None:
    coverage = survey(_field(4, *left_out))
    assert (len(coverage.gaps), coverage.parts, coverage.overlaps) == (gaps, parts, ())


def test_a_grid_lying_free_in_a_hole_leaves_the_gap_round_it() -> None:
    coverage = survey([*_field(3, (1, 1)), _box("free", 12, 12, 5, 5)])
    assert (len(coverage.gaps), coverage.parts) == (1, 2)


def test_a_sliver_from_a_corner_beside_the_neighbours_edge_is_a_gap_or_an_overlap() -> None:
    south = Grid("south", ((0, -10), (10, -10), (10, 3), (0, 0), (0, -10)))

    def north(y: int) -> list[Grid]:
        return [
            Grid("west", ((0, 0), (5, y), (5, 20), (0, 20), (0, 0))),
            Grid("east", ((5, y), (10, 3), (10, 20), (5, 20), (5, y))),
        ]

    assert survey([south, *north(1)]).overlaps == (("east", "south"), ("south", "west"))
    assert [gap.beside for gap in survey([south, *north(2)]).gaps] == [("east", "south", "west")]


def test_crossing_edges_meet_in_fractions_and_nothing_is_rounded() -> None:
    triangle = Grid("a", ((0, 0), (3, 1), (0, 2), (0, 0)))
    coverage = survey([triangle, Grid("b", ((1, -1), (2, 4), (-1, 4), (1, -1)))])
    assert coverage.overlaps == (("a", "b"),)


def test_findings_are_sentences_that_name_the_grids() -> None:
    grids = [*_field(3, (1, 1)), _box("free", 40, 0), _box("over", 45, 5)]
    sentences = [str(words) for words in findings(survey(grids), {grid.code: f"{grid.code} 号" for grid in grids})]
    assert sentences == [
        "网格 free（free 号）与网格 over（over 号）重叠。",
        "网格 01、10、12、21 之间有一块没有网格覆盖，靠近 0.000010, 0.000010。",
        "网格分成了互不相连的 2 片。",
    ]


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (((0, 0), (1, 0), (1, 1), (0, 0)), None),
        (((0, 0), (1, 0), (1, 1)), "ring_open"),
        (((0, 0), (2, 0), (1, 0), (0, 0)), "ring_flat"),
        (((0, 0), (4, 4), (4, 0), (0, 3), (0, 0)), "ring_crossed"),
        (((0, 0), (4, 0), (4, 4), (2, 0), (0, 4), (0, 0)), "ring_crossed"),  # touches its own edge
        (((0, 0), (4, 0), (4, 4), (4, 8), (4, 4), (0, 4), (0, 0)), "ring_crossed"),  # a spike
        (((0, 0), (2, 0), (4, 0), (4, 4), (0, 4), (0, 0)), None),  # a corner on a straight edge
        (((0, 0), (90, 0), (90, 91_000_000), (0, 0)), "ring_out_of_range"),
        ((*((n, n * n) for n in range(1000)), (0, 0)), "ring_too_fine"),
    ],
)
def test_a_ring_is_sound_or_says_why_not(ring: Ring, code: str | None) -> None:
    refusal = why_not_ring(ring)
    assert (refusal.code if refusal else None) == code
