"""Places, settings, grids, households and the roll, as other rooms read them."""

from cogov.places.queries.exporting import export_for
from cogov.places.queries.grids import GridRow, drawing_of, fields_of, grid_at, grid_rows, holders_of, is_drawn
from cogov.places.queries.homes import HomeShown, home_shown, homes_of, lived_in
from cogov.places.queries.households import grid_of, household_of, lives_at
from cogov.places.queries.opening import set_up_of, why_not_open_here
from cogov.places.queries.roll import residents, roll
from cogov.places.queries.settings import above, second_factor_asked, setting, setting_column
from cogov.places.queries.tree import (
    buildings_of,
    chain,
    communities,
    communities_with_grids,
    community_by_code,
    community_choices,
    grids_of,
    home_community,
    place_by_code,
    place_by_id,
    place_names,
    places_by_id,
)

__all__ = [
    "GridRow",
    "HomeShown",
    "above",
    "buildings_of",
    "chain",
    "communities",
    "communities_with_grids",
    "community_by_code",
    "community_choices",
    "drawing_of",
    "export_for",
    "fields_of",
    "grid_at",
    "grid_of",
    "grid_rows",
    "grids_of",
    "holders_of",
    "home_community",
    "home_shown",
    "homes_of",
    "household_of",
    "is_drawn",
    "lived_in",
    "lives_at",
    "place_by_code",
    "place_by_id",
    "place_names",
    "places_by_id",
    "residents",
    "roll",
    "second_factor_asked",
    "set_up_of",
    "setting",
    "setting_column",
    "why_not_open_here",
]
