"""Who took part and what they say, by class known from the roll: building, floor, owner or tenant.

A class is known of everybody by their neighbours, other than a group on a map. So figures are given of ten households
or ten people or more, never where all or none (or all but one) took part, and agreement in tenths, of which the first
and the last are open. Three tables over the same people could be laid upon each other: a table is left out where one
of its classes differs by fewer than ten people from some classes of an earlier table.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cogov.ground.words import Words, say
from cogov.opinion.rules.sight import LEAST, shown


class Class(StrEnum):
    """By what people are told apart."""

    BUILDING = "building"
    FLOOR = "floor"
    TENURE = "tenure"


class Floor(StrEnum):
    """How high a home lies; above the sixth floor a house needs a lift."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    UNKNOWN = "unknown"


class Tenure(StrEnum):
    """Whether who lives in a home owns it or rents it."""

    OWNED = "owned"
    RENTED = "rented"


CLASS_WORDS = {
    Class.BUILDING: say("按楼栋"),
    Class.FLOOR: say("按楼层"),
    Class.TENURE: say("按自住和租住"),
}
FLOOR_WORDS = {
    Floor.LOW: say("1、2 层"),
    Floor.MIDDLE: say("3 到 6 层"),
    Floor.HIGH: say("7 层以上"),
    Floor.UNKNOWN: say("楼层不明"),
}
TENURE_WORDS = {Tenure.OWNED: say("房主一家住的"), Tenure.RENTED: say("租住的")}

_DOOR = re.compile(r"\D*(\d{1,3})\d{2}\D*")
LOW, MIDDLE = 2, 6
MOST = 9

Label = Callable[["Home"], str]


@dataclass(frozen=True)
class Home:
    """A home on the roll: its building (a number), its floor, and whether it is rented."""

    building: str
    floor: Floor
    tenure: Tenure


@dataclass(frozen=True)
class ClassRow:
    """A class: of how many homes on the roll somebody took part, None where that is hidden."""

    name: str
    homes: int
    took_part: int | None


@dataclass(frozen=True)
class Answers:
    """How a class answers a statement: how many tenths agree, 0 for fewer than one and 9 for nine or more."""

    tenths: int | None
    about: int


def floor_of(door: str) -> Floor:
    """Return how high a door lies: 302 is on the third floor, 1504 on the fifteenth."""
    found = _DOOR.fullmatch(door.strip())
    number = int(found[1]) if found else 0
    if not number:
        return Floor.UNKNOWN
    return Floor.LOW if number <= LOW else Floor.MIDDLE if number <= MIDDLE else Floor.HIGH


LABELS: dict[Class, Label] = {
    Class.BUILDING: lambda home: home.building,
    Class.FLOOR: lambda home: home.floor.value,
    Class.TENURE: lambda home: home.tenure.value,
}


def classes_of(
    homes: Mapping[int, Home], living: Mapping[str, int], answers: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    """Return the tables that may be published, as plain values.

    `homes` are all on the roll, `living` says in which of them each participant lives (who lives in none is in no
    table), `answers` what each participant answered to each statement.
    """
    living = {who: home for who, home in living.items() if home in homes}
    took_part = set(living.values())
    told: list[dict[str, Any]] = []
    earlier: list[Mapping[int, str]] = []
    for kind in Class:
        label = LABELS[kind]
        rows = _rows(Counter(map(label, homes.values())), Counter(label(homes[home]) for home in took_part))
        seen = {row.name for row in rows if row.took_part is not None}
        # What has no figure lies together.
        parts = {home: name if (name := label(homes[home])) in seen else "" for home in took_part}
        if not seen or any(_nearly_the_same(parts, other) for other in earlier):
            told.append({"by": kind.value, "rows": [], "answers": {}})
            continue
        earlier.append(parts)
        told.append(
            {
                "by": kind.value,
                "rows": [[row.name, row.homes, row.took_part] for row in rows],
                "answers": _answered(rows, {who: label(homes[home]) for who, home in living.items()}, answers),
            }
        )
    return told


def _rows(homes: Mapping[str, int], took_part: Mapping[str, int]) -> list[ClassRow]:
    names = sorted(homes, key=_by_number)
    counts = [took_part.get(name, 0) for name in names]
    # Everybody of a class, or all but one, is a figure about each of them.
    plain = [count if homes[name] - count > 1 else 0 for name, count in zip(names, counts, strict=True)]
    may = shown(sum(counts), plain)
    return [
        ClassRow(name, homes[name], count if fits else None)
        for name, count, fits in zip(names, counts, may, strict=True)
    ]


def _by_number(name: str) -> tuple[int, str]:
    return (int(name), "") if name.isdecimal() else (0, name)


def _nearly_the_same(parts: Mapping[int, str], other: Mapping[int, str]) -> bool:
    """Say whether some classes of one table are nearly one class of another: their figures would tell the rest."""
    return _near(parts, other) or _near(other, parts)


def _near(parts: Mapping[int, str], other: Mapping[int, str]) -> bool:
    sizes = Counter(other.values())
    both: dict[str, Counter[str]] = defaultdict(Counter)
    for home, name in parts.items():
        both[name][other[home]] += 1
    for name, held in both.items():
        apart = sum(min(count, sizes[beside] - count) for beside, count in held.items())
        if name and 0 < apart < LEAST:
            return True
    return False


def _answered(
    rows: Sequence[ClassRow], living: Mapping[str, str], answers: Mapping[str, Mapping[str, int]]
) -> dict[str, list[list[int] | None]]:
    """Return of each statement how each class answers it: tenths that agree, and about how many answered."""
    counted: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for who, name in living.items():
        for statement, answer in answers.get(who, {}).items():
            cell = counted[statement][name]
            cell[0] += answer > 0
            cell[1] += 1
    told = {}
    for statement, cells in counted.items():
        may = shown(sum(cell[1] for cell in cells.values()), [cells[row.name][1] for row in rows])
        told[statement] = [
            _tenths(*cells[row.name]) if fits and row.took_part is not None else None
            for row, fits in zip(rows, may, strict=True)
        ]
    return {name: cells for name, cells in told.items() if any(cells)}


def _tenths(agree: int, answered: int) -> list[int]:
    return [min(MOST, 10 * agree // answered), max(LEAST, (answered + 2) // 5 * 5)]


# In words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassTable:
    """A table of classes: its rows with their names, and how many of them are hidden."""

    name: Words
    rows: tuple[tuple[str | Words, ClassRow], ...]
    kind: Class

    @property
    def quietest(self) -> tuple[str | Words, ...]:
        """The classes of which the fewest took part, or so few that there is no figure."""
        return tuple(name for name, row in self.rows if row.took_part is None or 3 * row.took_part < row.homes)


def class_tables(kept: Iterable[Mapping[str, Any]], buildings: Mapping[str, str]) -> list[ClassTable]:
    """Read tables that may be published; `buildings` are the names of buildings by number."""
    told = []
    for table in kept:
        kind = Class(table["by"])
        rows = tuple(
            (_named(kind, name, buildings), ClassRow(name, homes, took)) for name, homes, took in table["rows"]
        )
        told.append(ClassTable(CLASS_WORDS[kind], rows, kind))
    return told


def class_answers(kept: Iterable[Mapping[str, Any]], statement: str) -> dict[Class, list[Answers]]:
    """Return how the classes of each table answer a statement."""
    told = {}
    for table in kept:
        cells = table["answers"].get(statement)
        if cells is not None:
            told[Class(table["by"])] = [Answers(None, 0) if cell is None else Answers(*cell) for cell in cells]
    return told


def _named(kind: Class, name: str, buildings: Mapping[str, str]) -> str | Words:
    if kind is Class.BUILDING:
        return buildings.get(name, name)
    return FLOOR_WORDS[Floor(name)] if kind is Class.FLOOR else TENURE_WORDS[Tenure(name)]


def took_words(row: ClassRow) -> Words:
    """Say of how many homes of a class somebody took part."""
    if row.took_part is None:
        return say("不公布：不到 10 户，或者能看出是谁")
    return say("{n} / {homes} 户，{share}%", n=row.took_part, homes=row.homes, share=100 * row.took_part // row.homes)


def tenths_words(cell: Answers) -> Words:
    """Say how many of a class agree."""
    if cell.tenths is None:
        return say("不公布")
    if not cell.tenths:
        return say("不到一成同意（约 {n} 人）", n=cell.about)
    if cell.tenths == MOST:
        return say("九成以上同意（约 {n} 人）", n=cell.about)
    return say("{n} 成多同意（约 {m} 人）", n=cell.tenths, m=cell.about)
