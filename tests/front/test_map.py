"""The drawing of a community keeps its grids and pins where they are."""

from __future__ import annotations

from cogov.front.map import WIDTH, Spot, draw
from cogov.places.models import GridShape, Place
from cogov.places.queries import grids_of, shapes_of
from tests.cast import Cast


def test_the_grids_fill_the_width_and_the_pin_lies_inside(cast: Cast) -> None:
    longitude, latitude = cast.inside
    spot = Spot(longitude, latitude, "议", "ours", "/problems/1", "井盖")
    drawing = draw(shapes_of(cast.community_id), grids_of(cast.community_id), [spot], cast.grid_ids[0])
    assert drawing is not None
    assert drawing.width == WIDTH
    assert [area.own for area in drawing.areas] == [True, False]
    pin = drawing.pins[0]
    assert 0 < pin.x < WIDTH // 2
    assert 0 < pin.y < drawing.height


def test_a_community_without_grids_has_no_drawing() -> None:
    no_shapes: list[GridShape] = []
    no_grids: list[Place] = []
    assert draw(no_shapes, no_grids, [], None) is None
