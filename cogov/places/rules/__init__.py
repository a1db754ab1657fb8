"""Codes of places, points in grids, how grids tile, what the roll may hold, and the sheets that bring it all."""

from cogov.places.rules.codes import CODE_LENGTH, PlaceKind, above, prefixes, why_not_code
from cogov.places.rules.drawing import Drawing, Field, Spot, draw, middle
from cogov.places.rules.rings import Ring, contains, doubled_area, home_of, touches, why_not_ring
from cogov.places.rules.roll import OwnerKind, ResidenceKind, UnitUse, why_not_own, why_not_share
from cogov.places.rules.settings import BOUNDS, DEFAULTS, MEANINGS, Setting, why_not_set

__all__ = [
    "BOUNDS",
    "CODE_LENGTH",
    "DEFAULTS",
    "MEANINGS",
    "Drawing",
    "Field",
    "OwnerKind",
    "PlaceKind",
    "ResidenceKind",
    "Ring",
    "Setting",
    "Spot",
    "UnitUse",
    "above",
    "contains",
    "doubled_area",
    "draw",
    "home_of",
    "middle",
    "prefixes",
    "touches",
    "why_not_code",
    "why_not_own",
    "why_not_ring",
    "why_not_set",
    "why_not_share",
]
