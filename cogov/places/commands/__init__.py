"""Entering places, grids, buildings, units and the roll; importing them from files."""

from cogov.places.commands.enter import (
    change_setting,
    draw_grid,
    enter_building,
    enter_owner,
    enter_place,
    enter_unit,
    hand_over_grid,
    verify_owner,
    verify_residence,
)
from cogov.places.commands.imports import import_grids, import_places, import_roll

__all__ = [
    "change_setting",
    "draw_grid",
    "enter_building",
    "enter_owner",
    "enter_place",
    "enter_unit",
    "hand_over_grid",
    "import_grids",
    "import_places",
    "import_roll",
    "verify_owner",
    "verify_residence",
]
