"""Which cells of a table may be shown: those of ten or more, as long as nothing gives the others away."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 10


def shown(total: int, cells: Sequence[int]) -> list[bool]:
    """Say which cells may be shown: those of ten or more, as long as what is left over is none or ten or more too."""
    may = [cell >= LEAST for cell in cells]
    while 0 < total - sum(cell for cell, fits in zip(cells, may, strict=True) if fits) < LEAST and any(may):
        may[min((cell, place) for place, cell in enumerate(cells) if may[place])[1]] = False
    return may
