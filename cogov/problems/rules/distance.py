"""How far two pins are from each other."""

from __future__ import annotations

import math

# One millionth of a degree of a meridian, in metres; a neighbourhood is small enough for a flat map.
METRES = 40_007_863 / 360 / 1_000_000


def metres_between(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Return the distance of two (longitude, latitude) in 1e-6 degrees, to the metre."""
    middle = math.radians((one[1] + other[1]) / 2_000_000)
    return round(math.hypot((one[0] - other[0]) * math.cos(middle), one[1] - other[1]) * METRES)


def reach(metres: int, latitude: int) -> tuple[int, int]:
    """Return how many 1e-6 degrees of longitude and latitude surely cover a distance here."""
    north = math.ceil(metres / METRES)
    return math.ceil(north / max(math.cos(math.radians(latitude / 1_000_000)), 0.01)), north
