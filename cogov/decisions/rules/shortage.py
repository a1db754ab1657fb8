"""The shortage board: what may be shown of a turnout while the vote runs, so that nobody is found out.

The attack: a cell of few units, or one in which all or none have voted, says of a door whether it has voted. It need
not be printed: a building minus its staircases, or the whole minus the buildings, gives it away; and so does the very
fact that a cell was left out, to anyone who knows why cells are left out. Words such as "nearly all" beside exact
neighbours narrow a count just the same. So:

1. Cells are put into *groups* by their size alone: a cell of ten units or more is a group, all smaller ones of a
   parent are one group together, and where these are fewer than ten units the smallest large cell joins them. No
   figure tells members of a group apart.
2. A parent's groups are shown all or not at all: not while any of them lies within one of all or none.
3. Below a building without a figure nothing is shown. What is said instead ("just begun") speaks of the parent's
   public figure.

Why that holds: with figures, each group has a known sum that is neither all nor none, and one vote can move within
it. Without them, a group at 0 could as well be at 1 (or at all, at all but one) with one vote moved from elsewhere:
it would still be within one of the end, so the board would be the same. The tests make the board of every turnout and
look which of them an attacker can tell apart.

Area is given for the whole only, since areas to 0.01 m² name the flat; heads and area move in steps of ten ballots.
An electorate under ten sees "met" or "not yet". Cells count units (the façade's windows), the whole counts heads: one
owner of two flats is one head.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.outcome import Missing, participation_tests, still_missing
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.words import Words, say

T = TypeVar("T")

SMALLEST = 10
"""No figure for fewer units than this, and no refresh for fewer ballots."""


class Sight(StrEnum):
    """What a row lets see: its figure, why there is none, or how far its parent is as a whole."""

    FIGURE = "figure"
    GROUPED = "grouped"
    UNEVEN = "uneven"
    JUST_BEGUN = "just_begun"
    NEARLY_ALL = "nearly_all"


@dataclass(frozen=True)
class Cell:
    """A staircase (a building without staircases is one): its units, and those for which a ballot is in."""

    building_id: int
    staircase: str
    units: int
    voted: int


SAYINGS = {
    Sight.GROUPED: say("户数少，合在一起算，不单独显示"),
    Sight.UNEVEN: say("有的几乎都投了或者刚开始，先不分开显示"),
    Sight.JUST_BEGUN: say("刚开始，先不分开显示"),
    Sight.NEARLY_ALL: say("几乎都投了，先不分开显示"),
}


@dataclass(frozen=True)
class Row:
    """A line of the board; `staircase` is None for a whole building, `voted` is known only with a figure."""

    building_id: int
    staircase: str | None
    units: int
    sight: Sight
    voted: int | None

    @property
    def words(self) -> Words:
        """Say what the row lets see."""
        if self.voted is not None:
            return say("{voted} / {units} 套已投", voted=self.voted, units=self.units)
        return SAYINGS[self.sight]


@dataclass(frozen=True)
class Board:
    """What everybody may see before closing.

    `met` is None where the rule has no quorum. For an electorate under ten it is all there is.
    """

    met: bool | None
    turnout: Turnout | None = None
    missing: Missing | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Node:
    """A cell of the tree: the whole, a building, a staircase."""

    building_id: int | None
    staircase: str | None
    units: int
    voted: int
    children: tuple["Node", ...] = ()


def batched(ballots: int) -> int:
    """Return how many ballots the public figures may take in: full tens."""
    return ballots - ballots % SMALLEST


def first_batches(in_order_of_casting: Sequence[T]) -> Sequence[T]:
    """Return the heads that the public figures may take in, given all heads in the order of their first ballot."""
    return in_order_of_casting[: batched(len(in_order_of_casting))]


def board(rule: DecisionRule, totals: Turnout, turnout: Turnout, cells: Iterable[Cell]) -> Board:
    """Return what may be shown of a running vote.

    `turnout` and `cells` are those of the full batches (`first_batches`); of all ballots in an electorate under ten.
    Without cells (a secret vote, where nobody knows who is among the first ones) there is a figure for the whole only.
    """
    cells = tuple(cells)
    tests = participation_tests(rule, totals, turnout)
    met = all(test.met for test in tests) if tests else None
    if totals.heads < SMALLEST or (cells and sum(cell.units for cell in cells) < SMALLEST):
        return Board(met)
    return Board(met, turnout, still_missing(rule, totals, turnout), rows_of(cells))


def rows_of(cells: Iterable[Cell]) -> tuple[Row, ...]:
    """Return a row for each building and, where it has several, for each of its staircases."""
    rows = []
    whole = tree(cells)
    for building, sight in zip(whole.children, sights(whole), strict=True):
        rows.append(row(building, sight))
        below = sights(building) if sight is Sight.FIGURE else (sight,) * len(building.children)
        rows += [row(staircase, seen) for staircase, seen in zip(building.children, below, strict=True)]
    return tuple(rows)


def tree(cells: Iterable[Cell]) -> Node:
    """Put the cells under their buildings and the buildings under the whole, each in order."""
    buildings: dict[int, list[Node]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell.building_id, cell.staircase)):
        if not 0 <= cell.voted <= cell.units:
            raise ValueError("more units voted than there are")
        if cell.units:
            buildings[cell.building_id].append(Node(cell.building_id, cell.staircase, cell.units, cell.voted))
    return over(None, [over(building_id, held) for building_id, held in buildings.items()])


def over(building_id: int | None, children: list[Node]) -> Node:
    """Sum nodes up; a building of a single staircase is that staircase, and is said once."""
    units, voted = sum(child.units for child in children), sum(child.voted for child in children)
    said_once = building_id is not None and len(children) == 1
    return Node(building_id, None, units, voted, () if said_once else tuple(children))


def sights(parent: Node) -> tuple[Sight, ...]:
    """Decide for the children of a node whose own figure is public."""
    together = grouped(parent.children)
    alone = [child for child in parent.children if child not in together]
    groups = [(child.units, child.voted) for child in alone]
    if together:
        groups.append((sum(child.units for child in together), sum(child.voted for child in together)))
    instead = None if all(1 < voted < units - 1 for units, voted in groups) else stage(parent)
    return tuple(Sight.GROUPED if child in together else instead or Sight.FIGURE for child in parent.children)


def grouped(children: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the children counted together: the small ones, and the smallest large one where these are too few.

    Sizes alone decide, never counts, so that nothing can be learnt from it.
    """
    by_size = sorted(children, key=lambda child: child.units)
    small = [child for child in by_size if child.units < SMALLEST]
    if small and sum(child.units for child in small) < SMALLEST:
        small = by_size[: len(small) + 1]
    return tuple(small)


def stage(parent: Node) -> Sight:
    """Say how far a whole is, from its own public figure, in place of the figures inside it."""
    if parent.voted * 10 <= parent.units:
        return Sight.JUST_BEGUN
    return Sight.NEARLY_ALL if parent.voted * 10 >= parent.units * 9 else Sight.UNEVEN


def row(node: Node, sight: Sight) -> Row:
    """Write a decided node down."""
    assert node.building_id is not None
    return Row(node.building_id, node.staircase, node.units, sight, node.voted if sight is Sight.FIGURE else None)
