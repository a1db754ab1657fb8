"""What of a map may be published, and in which words: groups of ten or more, and nothing from which fewer follow.

Plain values in, plain values and sentences out; a page, a sheet of paper and a reading aloud say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from cogov.ground.words import Words, say

LEAST = 10
APART = 0.3
"""Two groups are divided by a statement when their shares of agreement lie this far apart."""

LONGEST = 5
STEADY, ROUGHLY = 0.8, 0.5

Count = tuple[int, int, int]
"""Who agree, who disagree, and all who answered."""


@dataclass(frozen=True)
class GroupShown:
    """A group of ten or more: how many are in it, where it stands, how widely, and what stands for it."""

    name: Words
    people: int
    x: float
    y: float
    spread: float
    stands_for: tuple[Stand, ...]


@dataclass(frozen=True)
class Stand:
    """What a group thinks of a statement that stands for it."""

    statement: StatementShown
    agrees: bool


@dataclass(frozen=True)
class StatementShown:
    """A statement, how all answered, and of each group shown how many in a hundred agree, None where that is hidden."""

    name: str
    text: str
    counts: Count
    every_group: int
    shares: tuple[int | None, ...]

    @property
    def counted(self) -> Words:
        """How all answered, in words."""
        agree, disagree, answered = self.counts
        passed = answered - agree - disagree
        return say(
            "{agree} 人同意，{disagree} 人不同意，{passed} 人跳过", agree=agree, disagree=disagree, passed=passed
        )

    @property
    def gap(self) -> float:
        """How far the shares of two groups lie apart at most."""
        known = [share for share in self.shares if share is not None]
        return (max(known) - min(known)) / 100 if known else 0.0


@dataclass(frozen=True)
class Published:
    """Everything that is published of a map."""

    people: int
    answers: int
    groups: tuple[GroupShown, ...]
    hidden_groups: int
    shared: tuple[StatementShown, ...]
    dividing: tuple[StatementShown, ...]
    statements: tuple[StatementShown, ...]
    notes: tuple[Words, ...]


def shown(total: int, cells: Sequence[int]) -> list[bool]:
    """Say which cells may be shown: those of ten or more, as long as what is left over is none or ten or more too."""
    may = [cell >= LEAST for cell in cells]
    while 0 < total - sum(cell for cell, fits in zip(cells, may, strict=True) if fits) < LEAST and any(may):
        may[min((cell, place) for place, cell in enumerate(cells) if may[place])[1]] = False
    return may


def published(told: Mapping[str, Any], totals: Mapping[str, Count], texts: Mapping[str, str]) -> Published:
    """Return what may be published of a map; `texts` are what the statements say, where that is known."""
    names = list(told["group_votes"])
    sizes = [told["group_votes"][name]["n-members"] for name in names]
    people = len(told["participants"])
    open_groups = [name for name, fits in zip(names, shown(people, sizes), strict=True) if fits]
    statements = {name: _statement(name, told, totals[name], texts, open_groups) for name in told["statements"]}
    consensus = [statements[name] for name, read in told["readings"].items() if read["consensus"]]
    divided = [each for each in statements.values() if each.gap >= APART]
    return Published(
        people,
        sum(answered for _, _, answered in totals.values()),
        tuple(_group(place, name, told, statements) for place, name in enumerate(open_groups, start=1)),
        len(names) - len(open_groups),
        tuple(sorted(consensus, key=lambda each: -each.every_group)),
        tuple(sorted(divided, key=lambda each: -each.gap)[:LONGEST]),
        tuple(sorted(statements.values(), key=lambda each: -each.counts[2])),
        tuple(_notes(told)),
    )


def _statement(
    name: str, told: Mapping[str, Any], counts: Count, texts: Mapping[str, str], groups: Sequence[str]
) -> StatementShown:
    votes = [told["group_votes"][group]["votes"][name] for group in groups]
    may = shown(counts[2], [vote["S"] for vote in votes])
    shares = tuple(_percent(vote["A"], vote["S"]) if fits else None for vote, fits in zip(votes, may, strict=True))
    every_group = int(told["readings"][name]["every_group_at_least"] * 100)
    return StatementShown(name, texts.get(name, ""), counts, every_group, shares)


def _percent(part: int, whole: int) -> int:
    return (200 * part + whole) // (2 * whole)


def _group(place: int, name: str, told: Mapping[str, Any], statements: Mapping[str, StatementShown]) -> GroupShown:
    votes = told["group_votes"][name]
    points = [told["projections"][person] for person, group in told["groups"].items() if group == votes["id"]]
    x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    spread = sum(hypot(point[0] - x, point[1] - y) for point in points) / len(points)
    stood = ((statements[str(entry["tid"])], entry["repful-for"] == "agree") for entry in told["representative"][name])
    stands = tuple(Stand(statement, agrees) for statement, agrees in stood if statement.shares[place - 1] is not None)
    return GroupShown(say("第 {n} 组", n=place), votes["n-members"], x, y, spread, stands)


def _notes(told: Mapping[str, Any]) -> list[Words]:
    """Say how far the groups can be relied on, and whose answers look like no opinion."""
    notes = [_steadiness(told["stability"]["mean"])] if told["stability"]["mean"] is not None else []
    marked = told["flagged"]
    strange = len(marked["straight_liners"]) + len(marked["duplicates"]) + len(marked["speeders"])
    without = marked["without"]
    if not strange or without is None:
        return [*notes, say("没有发现像是乱答的。")]
    lost, found = len(without["no_longer_consensus"]), len(without["newly_consensus"])
    return [
        *notes,
        say(
            "有几份答案像是乱答（几乎都选同一个、和别人完全一样，或快得来不及读），没有去掉；"
            "去掉以后，各组都同意的少 {lost} 条、多 {found} 条。",
            lost=lost,
            found=found,
        ),
    ]


def _steadiness(mean: float) -> Words:
    share = f"{mean:.2f}"
    if mean >= STEADY:
        return say("分组很稳：换一批人再分，差不多一样（相似程度 {share}，1 是完全一样）。", share=share)
    if mean >= ROUGHLY:
        return say("分组大致可信：换一批人再分，有一部分人会换组（相似程度 {share}，1 是完全一样）。", share=share)
    return say("分组不稳，请不要拿组说事：换一批人再分，很不一样（相似程度 {share}，1 是完全一样）。", share=share)
