"""PrefLib's files of orders (preflib.org, format of 2022): soc, soi, toc, toi.

s: no candidates of equal rank, t: some may be (`{1,2}`); c: every ballot ranks everyone, i: ballots may be short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from cogov.decisions.rules.count.profile import MOST_BALLOTS, Profile
from cogov.decisions.rules.count.reading.faults import fault, numbered, twice, unfit, whole
from cogov.ground.words import say

HEADING = re.compile(r"#\s*([A-Z ]+?)\s*(\d{0,6})\s*:\s*(.*)")
_ONE = r"(?:\d{1,6}|\{\d{1,6}(?:,\d{1,6})*\})"
ORDER = re.compile(rf"{_ONE}(?:,{_ONE})*")
RANK = re.compile(r"\{([^}]*)\}|(\d+)")
MOST_CANDIDATES = 10_000

Order = tuple[tuple[int, ...], ...]


class OrderKind(StrEnum):
    """What the orders of a file may be."""

    SOC = "soc"
    SOI = "soi"
    TOC = "toc"
    TOI = "toi"

    @property
    def strict(self) -> bool:
        """Say whether no two candidates may share a rank."""
        return self in {OrderKind.SOC, OrderKind.SOI}

    @property
    def complete(self) -> bool:
        """Say whether every ballot ranks everyone."""
        return self in {OrderKind.SOC, OrderKind.TOC}


@dataclass
class _Heading:
    facts: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def number(self, key: str) -> int | None:
        return whole(self.facts.get(key, ""))


def read_preflib(text: str, kind: OrderKind) -> Profile:
    """Return the ballots of a file; a line that its kind does not allow, and sums that do not agree, are refused."""
    heading = _Heading()
    orders: dict[Order, int] = {}
    lines = 0
    for number, line in numbered(text):
        if line.startswith("#"):
            _head(heading, line)
            continue
        if not lines:
            _check_heading(heading, kind, number)
        lines += 1
        count, order = _ballot(number, line, len(heading.names), kind)
        orders[order] = orders.get(order, 0) + count
    _check_sums(heading, orders, lines)
    return _profile(_distinct(heading.names), orders)


def _head(heading: _Heading, line: str) -> None:
    found = HEADING.fullmatch(line.strip())
    if found and found[1] == "ALTERNATIVE NAME" and found[2]:
        heading.names[int(found[2])] = found[3].strip()
    elif found:
        heading.facts[found[1]] = found[3].strip()


def _check_heading(heading: _Heading, kind: OrderKind, line: int) -> None:
    if not heading.facts:
        fault(line, say("前面没有 PrefLib 的文件头（以 # 开头的行）。"))
    if (said := heading.facts.get("DATA TYPE", kind)) != kind:
        unfit(say("文件头说是 {said}，文件名说是 {kind}。", said=said, kind=str(kind)))
    expected = heading.number("NUMBER ALTERNATIVES")
    if not heading.names or expected != len(heading.names) or set(heading.names) != set(range(1, expected + 1)):
        unfit(say("文件头说有 {n} 个候选项，列出的名称有 {m} 个。", n=expected or 0, m=len(heading.names)))
    if expected > MOST_CANDIDATES or not all(heading.names.values()):
        unfit(say("候选项多于 {n} 个，或者有的没有名称。", n=MOST_CANDIDATES))


def _ballot(number: int, line: str, candidates: int, kind: OrderKind) -> tuple[int, Order]:
    before, colon, after = line.partition(":")
    count, bare = whole(before), re.sub(r"\s", "", after)
    if count is None or not colon or not 0 < count <= MOST_BALLOTS:
        fault(number, say("应当是“张数: 排序”，张数是不大于 {n} 的正整数。", n=MOST_BALLOTS))
    if bare and not ORDER.fullmatch(bare):
        fault(number, say("排序“{order}”读不懂；应当像 2,3,1 或 3,{1,2}。", order=after.strip()[:40]))
    order = tuple(tuple(int(one) for one in (tied or single).split(",")) for tied, single in RANK.findall(bare))
    _check_order(number, [one for rank in order for one in rank], candidates, kind)
    if kind.strict and any(len(rank) > 1 for rank in order):
        fault(number, say("{kind} 文件里一个名次只能有一个候选项。", kind=str(kind)))
    return count, order


def _check_order(number: int, named: list[int], candidates: int, kind: OrderKind) -> None:
    for one in named:
        if not 1 <= one <= candidates:
            fault(number, say("没有第 {n} 号候选项。", n=one))
    if len(set(named)) != len(named):
        fault(number, say("第 {n} 号候选项出现了两次。", n=twice([str(one) for one in named])))
    if kind.complete and len(named) != candidates:
        fault(number, say("{kind} 文件里每张选票都要排完 {n} 个候选项。", kind=str(kind), n=candidates))


def _check_sums(heading: _Heading, orders: dict[Order, int], lines: int) -> None:
    if not lines:
        unfit(say("文件里没有选票。"))
    voters, unique = heading.number("NUMBER VOTERS"), heading.number("NUMBER UNIQUE ORDERS")
    if voters is not None and voters != sum(orders.values()):
        unfit(say("文件头说有 {n} 张选票，各行加起来是 {m} 张。", n=voters, m=sum(orders.values())))
    if unique is not None and unique != len(orders):
        unfit(say("文件头说有 {n} 种排序，文件里有 {m} 种。", n=unique, m=len(orders)))
    if sum(orders.values()) > MOST_BALLOTS:
        unfit(say("选票多于 {n} 张。", n=MOST_BALLOTS))


def _distinct(names: dict[int, str]) -> list[str]:
    """Return the names in the order of the file; of equal ones each says its number, as results are given by name."""
    ordered = [names[number] for number in sorted(names)]
    return [name if ordered.count(name) == 1 else f"{name} ({number})" for number, name in enumerate(ordered, start=1)]


def _profile(names: list[str], orders: dict[Order, int]) -> Profile:
    ranks = np.zeros((len(orders), len(names)), np.uint16)
    for row, order in enumerate(orders):
        for rank, tied in enumerate(order, start=1):
            ranks[row, [one - 1 for one in tied]] = rank
    return Profile.of(names, ranks, list(orders.values()))
