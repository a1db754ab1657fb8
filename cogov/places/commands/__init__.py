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
from cogov.places.commands.keeping import (
    Named,
    begin_set_up,
    check_residence,
    community_of,
    confirm_rules,
    hold_grid,
    register_building,
    register_place,
    register_unit,
    set_threshold,
    set_up_for_change,
    write_grids,
)
from cogov.places.commands.moving import end_residence, move_out, settle_before_moving
from cogov.places.commands.posts import NAMELESS, Post, fill_post, usual_name
from cogov.places.commands.sharing import set_shares

__all__ = [
    "NAMELESS",
    "Named",
    "Post",
    "begin_set_up",
    "change_setting",
    "check_residence",
    "community_of",
    "confirm_rules",
    "draw_grid",
    "end_residence",
    "enter_building",
    "enter_owner",
    "enter_place",
    "enter_unit",
    "fill_post",
    "hand_over_grid",
    "hold_grid",
    "import_grids",
    "import_places",
    "import_roll",
    "move_out",
    "register_building",
    "register_place",
    "register_unit",
    "set_shares",
    "set_threshold",
    "set_up_for_change",
    "settle_before_moving",
    "usual_name",
    "verify_owner",
    "verify_residence",
    "write_grids",
]
