"""Where a problem is, drawn small beside its picture: the grid for everybody, the pin for those who live here."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.places.queries import drawing_of
from cogov.places.rules.drawing import Area, Pin, Spot
from cogov.problems.models import Problem

MARGIN = 5
"""A fifth of the grid is shown round it."""


@dataclass(frozen=True)
class PlaceShown:
    """The part of the community's drawing round one grid."""

    view: str
    areas: tuple[Area, ...]
    pins: tuple[Pin, ...]


def place_of(problem: Problem, *, inside: bool) -> PlaceShown | None:
    """Return the drawing, or None where the grid has no shape."""
    spots = []
    if inside and problem.longitude is not None and problem.latitude is not None:
        spots.append(Spot(problem.longitude, problem.latitude, "", "ours", "", problem.title))
    drawing = drawing_of(problem.community_id, spots, problem.grid_id)
    own = next((area for area in drawing.areas if area.own), None) if drawing is not None else None
    if drawing is None or own is None:
        return None
    return PlaceShown(_view(own), drawing.areas, drawing.pins)


def _view(area: Area) -> str:
    corners = [tuple(map(int, corner.split(","))) for corner in area.points.split()]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    north, south = min(y for _, y in corners), max(y for _, y in corners)
    across, down = (east - west) // MARGIN, (south - north) // MARGIN
    return f"{west - across} {north - down} {east - west + 2 * across} {south - north + 2 * down}"
