"""The map of a community: grids and pins stay where they are, and outsiders learn no more than the grid."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from cogov.front.map import problem_map
from cogov.ground.clock import now
from cogov.people.rules import ANYONE
from cogov.places.queries import drawing_of, place_by_id
from cogov.places.rules import Field, Spot, draw, middle
from cogov.places.rules.drawing import FOOT, WIDTH
from cogov.problems.rules.wanted import Wanted
from tests.cast import Cast
from tests.journeys.walking import raise_something

SQUARE = ((0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0))


def _spot(longitude: int, latitude: int, kind: str = "ours") -> Spot:
    return Spot(longitude, latitude, "议", kind, "/problems/1", "井盖")


def test_the_grids_fill_the_width_and_the_pin_lies_inside(cast: Cast) -> None:
    drawing = drawing_of(cast.community_id, [_spot(*cast.inside)], cast.grid_ids[0])
    assert drawing is not None
    assert drawing.width == WIDTH
    assert [area.own for area in drawing.areas] == [True, False]
    pin = drawing.pins[0]
    assert 0 < pin.x < WIDTH // 2
    assert 0 < pin.y < drawing.height


def test_a_community_without_grids_has_no_drawing() -> None:
    assert draw([]) is None


def test_a_square_on_the_equator_is_drawn_square_and_one_in_the_north_upright() -> None:
    on_the_equator = draw([Field(1, "第 1 网格", SQUARE)])
    up = 60_000_000  # a degree of longitude is half as long here
    in_the_north = draw([Field(1, "第 1 网格", tuple((x, y + up) for x, y in SQUARE))])
    assert on_the_equator is not None
    assert in_the_north is not None
    assert on_the_equator.height == WIDTH
    assert in_the_north.height == 2 * WIDTH


def test_north_is_up_and_a_pin_beyond_the_grids_is_left_out() -> None:
    drawing = draw([Field(1, "第 1 网格", SQUARE)], [_spot(100, 900), _spot(900, 100), _spot(500, 1001)])
    assert drawing is not None
    assert [(pin.x, pin.y) for pin in drawing.pins] == [(100, 100), (900, 900)]


def test_a_name_stands_at_the_foot_of_its_grid() -> None:
    drawing = draw([Field(1, "第 1 网格", SQUARE)])
    assert drawing is not None
    assert (drawing.areas[0].x, drawing.areas[0].y) == (500, 1000 - FOOT)


def test_the_middle_of_a_ring_does_not_depend_on_where_it_lies_or_how_it_is_walked() -> None:
    triangle = ((0, 0), (3000, 0), (0, 3000), (0, 0))
    far = tuple((x + 116_000_000, y + 39_000_000) for x, y in triangle)
    assert middle(triangle) == (1000, 1000)
    assert middle(far) == (116_001_000, 39_001_000)
    assert middle(far[::-1]) == (116_001_000, 39_001_000)


def test_pins_that_would_hide_each_other_are_drawn_as_one_and_danger_shows() -> None:
    spots = [_spot(100, 900), _spot(110, 890, "danger"), _spot(120, 880), _spot(800, 200, "body")]
    drawing = draw([Field(1, "第 1 网格", SQUARE)], spots)
    assert drawing is not None
    assert [(len(each.pins), each.kind) for each in drawing.clusters] == [(3, "danger"), (1, "body")]


def test_neighbours_see_the_pin_where_it_is_and_outsiders_only_its_grid(app: Flask, cast: Cast) -> None:
    near = cast.inside[0] + 150, cast.inside[1] + 100
    raise_something(cast, longitude=near[0], latitude=near[1])
    here, wanted = place_by_id(cast.community_id), Wanted(cast.community_id, ended=False)
    exact = drawing_of(cast.community_id, [_spot(*near)])
    assert exact is not None
    where = exact.pins[0].x, exact.pins[0].y

    def pin(by: Any) -> tuple[int, int]:
        drawing = problem_map(by, here, wanted, None, now())
        assert drawing is not None
        return drawing.pins[0].x, drawing.pins[0].y

    with app.test_request_context():
        assert pin(cast.neighbour) == where
        assert pin(ANYONE) == pin(cast.outsider) != where


def test_the_page_holds_each_pin_once_in_the_drawing_and_once_in_the_list(
    cast: Cast, client_of: Callable[[str | None], Any]
) -> None:
    number = raise_something(cast)
    text = client_of("neighbour").get("/").get_data(as_text=True)
    figure = text[text.index("<figure") : text.index("</figure>")]
    assert len(re.findall(r'data-at="\d+ \d+ ours 新"', figure)) == 1
    assert figure.count(f'href="/problems/{number}"') == 2


def test_what_one_may_not_see_has_no_pin(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    assert "data-at" in client_of("resident").get("/").get_data(as_text=True)
    for who in (None, "outsider", "complained_of", "neighbour"):
        assert "data-at" not in client_of(who).get("/").get_data(as_text=True), who
