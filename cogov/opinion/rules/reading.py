"""A published map in words: what all groups share, what divides them and how, and how far it can be relied on.

What pages, programs and sheets of paper say, they say from here, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cogov.ground.words import Words, say

APART = 0.3
"""Two groups are divided by a statement when their shares of agreement lie this far apart."""

AGAINST = 30
"""Where this many in a hundred of a group disagree with what all share, it is told beside it."""

LONGEST = 5
STEADY, ROUGHLY = 0.8, 0.5

LETTERS = (say("甲组"), say("乙组"), say("丙组"), say("丁组"), say("戊组"))
"""Names of groups, from the largest on."""


@dataclass(frozen=True)
class Cell:
    """How the people of one group answered a statement, in a hundred, and about how many of them did (ten or more)."""

    share: int
    against: int
    about: int


@dataclass(frozen=True)
class StatementShown:
    """A statement, how all answered, and how each group shown did, None where that is hidden."""

    key: str
    """The statement in what is published; its name is what people call it by."""

    name: str
    text: str
    counts: tuple[int, int, int]
    cells: tuple[Cell | None, ...]
    at_least: int | None
    """How many in a hundred agree at the least in each group (of those that are told, if not `every_group`)."""

    every_group: bool
    bridging: float
    rank: int
    consensus: bool

    @property
    def shares(self) -> tuple[int | None, ...]:
        """How many in a hundred of each group agree."""
        return tuple(None if cell is None else cell.share for cell in self.cells)

    @property
    def passed(self) -> int:
        """How many passed."""
        agree, disagree, answered = self.counts
        return answered - agree - disagree

    @property
    def counted(self) -> Words:
        """How all answered, in words."""
        agree, disagree, _ = self.counts
        return say(
            "{agree} 人同意，{disagree} 人不同意，{passed} 人说不准", agree=agree, disagree=disagree, passed=self.passed
        )

    @property
    def gap(self) -> float:
        """How far the shares of two groups lie apart at most."""
        known = [share for share in self.shares if share is not None]
        return (max(known) - min(known)) / 100 if known else 0.0

    @property
    def least(self) -> Words | None:
        """How many agree at the least in each group, in words; nothing where no group is told."""
        if self.at_least is None:
            return None
        if self.every_group:
            return say("每一组至少 {share}% 同意", share=self.at_least)
        return say("公布数字的各组里，每组至少 {share}% 同意", share=self.at_least)


@dataclass(frozen=True)
class Stand:
    """What a group thinks of a statement that stands for it."""

    statement: StatementShown
    agrees: bool
    cell: Cell

    @property
    def words(self) -> Words:
        """How many of the group think so, of how many."""
        if self.agrees:
            return say("约 {n} 人回答，{share}% 同意", n=self.cell.about, share=self.cell.share)
        return say("约 {n} 人回答，{share}% 不同意", n=self.cell.about, share=self.cell.against)


@dataclass(frozen=True)
class GroupShown:
    """A group of ten or more: how many are in it, and what stands for it."""

    name: Words
    people: int
    stands_for: tuple[Stand, ...]


@dataclass(frozen=True)
class Dissent:
    """That part of one group disagrees with what all groups share."""

    statement: StatementShown
    group: Words
    cell: Cell


@dataclass(frozen=True)
class Published:
    """Everything that is published of a map, with the words of its statements."""

    people: int
    answers: int
    groups: tuple[GroupShown, ...]
    hidden_groups: int
    shared: tuple[StatementShown, ...]
    dividing: tuple[StatementShown, ...]
    refused: tuple[StatementShown, ...]
    """What most of all who answered disagree with."""

    dissent: tuple[Dissent, ...]
    statements: tuple[StatementShown, ...]
    steadiness: Words | None
    notes: tuple[Words, ...]


def published(public: Mapping[str, Any], texts: Mapping[str, str], names: Mapping[str, str] | None = None) -> Published:
    """Read what is published of a map; `texts` are what statements say today, `names` what they are called."""
    ranks = _ranks(public)
    statements = {
        name: _statement(name, kept, ranks[name], texts.get(name, ""), (names or {}).get(name, name))
        for name, kept in public["statements"].items()
        if name not in public["out"]
    }
    each = statements.values()
    shared = tuple(sorted((one for one in each if one.consensus), key=_keenness, reverse=True))
    return Published(
        public["people"],
        public["answers"],
        tuple(_group(place, group, statements) for place, group in enumerate(public["groups"])),
        public["hidden_groups"],
        shared,
        tuple(sorted((one for one in each if one.gap >= APART), key=lambda one: -one.gap)[:LONGEST]),
        tuple(sorted((one for one in each if _refused(one)), key=lambda one: -one.counts[1])[:LONGEST]),
        tuple(_dissent(shared)),
        tuple(sorted(each, key=lambda one: -one.counts[2])),
        _steadiness(public["stability"]["mean"]),
        tuple(_notes(public["flagged"])),
    )


def _keenness(statement: StatementShown) -> tuple[bool, int, float]:
    """First what every group is known to share; what only some groups are told of may be less sure than it looks."""
    return statement.every_group, -1 if statement.at_least is None else statement.at_least, statement.bridging


def _ranks(public: Mapping[str, Any]) -> dict[str, int]:
    order = sorted(public["statements"], key=lambda name: -public["statements"][name]["bridging"])
    return {name: place for place, name in enumerate(order, start=1)}


def _statement(name: str, kept: Mapping[str, Any], rank: int, text: str, called: str) -> StatementShown:
    agree, disagree, answered = kept["counts"]
    least = kept["at_least"]
    return StatementShown(
        name,
        called,
        text,
        (agree, disagree, answered),
        tuple(None if cell is None else Cell(*cell) for cell in kept["cells"]),
        None if least is None else round(least * 100),
        kept["every_group"],
        kept["bridging"],
        rank,
        kept["consensus"],
    )


def _group(place: int, kept: Mapping[str, Any], statements: Mapping[str, StatementShown]) -> GroupShown:
    stands = []
    for name, agrees in kept["stands_for"]:
        statement = statements.get(name)
        cell = statement.cells[place] if statement is not None else None
        if statement is not None and cell is not None:
            stands.append(Stand(statement, agrees, cell))
    return GroupShown(named(place), kept["people"], tuple(stands))


def named(place: int) -> Words:
    """Return the name of a group that is shown; there are five at most where groups are found, more where given."""
    return LETTERS[place] if place < len(LETTERS) else say("第 {n} 组", n=place + 1)


def _refused(statement: StatementShown) -> bool:
    agree, disagree, answered = statement.counts
    return 2 * disagree > answered and disagree > agree


def _dissent(shared: Sequence[StatementShown]) -> list[Dissent]:
    """Return where, in what all groups share, a good part of one disagrees: agreement hides nobody."""
    found = [
        Dissent(statement, named(place), cell)
        for statement in shared
        for place, cell in enumerate(statement.cells)
        if cell is not None and cell.against >= AGAINST
    ]
    return sorted(found, key=lambda one: -one.cell.against)


def _steadiness(mean: float | None) -> Words | None:
    """Say how far the groups can be relied on."""
    if mean is None:
        return None
    share = f"{mean:.2f}"
    if mean >= STEADY:
        return say("分组很稳：换一批人再分，差不多一样（相似程度 {share}，1 是完全一样）。", share=share)
    if mean >= ROUGHLY:
        return say("分组大致可信：换一批人再分，有一部分人会换组（相似程度 {share}，1 是完全一样）。", share=share)
    return say("分组不稳，请不要拿组说事：换一批人再分，很不一样（相似程度 {share}，1 是完全一样）。", share=share)


def _notes(marked: Mapping[str, Any]) -> list[Words]:
    """Say whose answers look like no opinion, and what would be without them."""
    without = marked["without"]
    if not (marked["straight_liners"] or marked["duplicates"] or marked["speeders"]) or without is None:
        return [say("没有发现像是乱答的。")]
    lost, found = len(without["no_longer_consensus"]), len(without["newly_consensus"])
    told = say(
        "有几份答案像是乱答（几乎都选同一个、和别人完全一样，或快得来不及读），没有去掉；"
        "去掉以后，各组都同意的少 {lost} 条、多 {found} 条。",
        lost=lost,
        found=found,
    )
    return [told] if lost or found else [told, say("所以留着他们，结论一样。")]
