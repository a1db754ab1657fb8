"""Who took part, by class, as a result may say it: buildings and staircases, and owners beside tenants.

The buildings are the shortage board once more (`shortage.py`), at the close. Two tables over the same people could be
laid against each other: where tenants are nearly one building, the two figures differ by the vote of a single door. So
owners and tenants are told apart only where no set of cells of the other table comes within ten units of either of
them; and, as on the board, only in groups of ten or more, none of which is within one of all or of none.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cogov.decisions.rules.shortage import SMALLEST, Cell, Row, Sight, rows_of
from cogov.ground.words import Words, say


class Tenure(StrEnum):
    """Whether the household that lives in a unit owns it or rents it."""

    OWNER = "owner"
    TENANT = "tenant"


TENURE_WORDS = {Tenure.OWNER: say("房主一家住的"), Tenure.TENANT: say("租住的")}


@dataclass(frozen=True)
class ClassCell:
    """Units of one staircase with one tenure, and those for which somebody took part; no tenure where all own."""

    building_id: int
    staircase: str
    tenure: Tenure | None
    units: int
    voted: int


@dataclass(frozen=True)
class TenureRow:
    """Owners or tenants: how many units, and how many of them took part."""

    tenure: Tenure
    units: int
    voted: int


@dataclass(frozen=True)
class Classes:
    """What a result says of who took part, counted up to a ballot; nothing at all of fewer than ten units."""

    ballots: int
    rows: tuple[Row, ...] = ()
    tenures: tuple[TenureRow, ...] = ()


def classes_of(cells: Iterable[ClassCell], ballots: int) -> Classes:
    """Return what may be said of who took part, from the finest cells there are."""
    fine = [cell for cell in cells if cell.units]
    if sum(cell.units for cell in fine) < SMALLEST:
        return Classes(ballots)
    rows = rows_of(_without_tenure(fine))
    return Classes(ballots, rows, _tenures(fine, rows))


def _without_tenure(cells: Sequence[ClassCell]) -> list[Cell]:
    sums: dict[tuple[int, str], list[int]] = {}
    for cell in cells:
        held = sums.setdefault((cell.building_id, cell.staircase), [0, 0])
        held[0], held[1] = held[0] + cell.units, held[1] + cell.voted
    return [Cell(building, staircase, units, voted) for (building, staircase), (units, voted) in sums.items()]


def _tenures(cells: Sequence[ClassCell], rows: Sequence[Row]) -> tuple[TenureRow, ...]:
    told = tuple(
        TenureRow(
            tenure,
            sum(cell.units for cell in cells if cell.tenure is tenure),
            sum(cell.voted for cell in cells if cell.tenure is tenure),
        )
        for tenure in Tenure
    )
    if not all(row.units >= SMALLEST and 1 < row.voted < row.units - 1 for row in told):
        return ()
    return told if apart(cells, rows) >= SMALLEST else ()


def apart(cells: Sequence[ClassCell], rows: Sequence[Row]) -> int:
    """Return by how many units, at the least, a union of cells with a figure differs from the tenants (or owners)."""
    with_figure = {(row.building_id, row.staircase) for row in rows if row.sight is Sight.FIGURE}
    sizes: dict[tuple[int | None, str | None], dict[Tenure | None, int]] = {}
    for cell in cells:
        place = _finest(cell, with_figure)
        of_place = sizes.setdefault(place, {})
        of_place[cell.tenure] = of_place.get(cell.tenure, 0) + cell.units
    return sum(min(each.get(Tenure.TENANT, 0), each.get(Tenure.OWNER, 0)) for each in sizes.values())


def _finest(cell: ClassCell, with_figure: set[tuple[int, str | None]]) -> tuple[int | None, str | None]:
    """Return the smallest cell with a figure in which a cell lies; what has none lies together in the whole."""
    if (cell.building_id, cell.staircase) in with_figure:
        return cell.building_id, cell.staircase
    return (cell.building_id, None) if (cell.building_id, None) in with_figure else (None, None)


# As text ------------------------------------------------------------------------------------------------------------


def write_classes(told: Classes) -> str:
    """Write what may be said as canonical JSON, to be kept with the close: who lives where changes afterwards."""
    rows = [[row.building_id, row.staircase, row.units, row.sight, row.voted] for row in told.rows]
    tenures = [[row.tenure, row.units, row.voted] for row in told.tenures]
    return json.dumps(
        {"ballots": told.ballots, "rows": rows, "tenures": tenures},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def read_classes(text: str) -> Classes | None:
    """Read what `write_classes` wrote; None where a close has none."""
    if not text:
        return None
    told = json.loads(text)
    return Classes(
        told["ballots"],
        tuple(
            Row(building, stair, units, Sight(sight), voted) for building, stair, units, sight, voted in told["rows"]
        ),
        tuple(TenureRow(Tenure(tenure), units, voted) for tenure, units, voted in told["tenures"]),
    )


def row_words(row: Row) -> Words:
    """Say of a row how many took part, or why that is not said."""
    if row.voted is not None:
        return say("{voted} / {units} 套参加", voted=row.voted, units=row.units)
    return _NOT_SAID[row.sight]


_NOT_SAID = {
    Sight.GROUPED: say("户数少，合在一起算，不单独显示"),
    Sight.UNEVEN: say("有的几乎都参加了或者几乎没有，不分开显示"),
    Sight.JUST_BEGUN: say("参加的很少，不分开显示"),
    Sight.NEARLY_ALL: say("几乎都参加了，不分开显示"),
}
