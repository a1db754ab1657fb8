"""Ballots as a sheet (CSV): a line for each ballot, or for each kind of ballot with how many voted it.

Two forms. Columns are candidates and cells ranks (1 the best; empty, 0 or - none), or columns are ranks (1, 2, … or
第1选择, rank 1, 1st choice) and cells candidates, where `甲=乙` gives one rank to two.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from cogov.decisions.rules.count.profile import MOST_BALLOTS, Profile
from cogov.decisions.rules.count.reading.faults import fault, numbered, twice, unfit, whole
from cogov.ground.sheets import DELIMITERS
from cogov.ground.words import say

COUNTS = {"count", "counts", "ballots", "number", "weight", "n", "张数", "票数", "数量"}
ASIDE = {"voter", "voterid", "ballotid", "id", "编号", "选票编号"}
RANK = re.compile(r"(?:rank|choice|第|选择)?(\d{1,4})(?:st|nd|rd|th)?(?:rank|choice|选择|志愿|名|位)?")
LARGEST_RANK = 10_000

Ballot = tuple[int, ...]


def read_sheet(text: str) -> Profile:
    """Return the ballots of a sheet, its candidates in the order in which it names them."""
    lines = numbered(text)
    number, first = next(lines, (0, ""))
    if not number:
        unfit(say("文件里没有选票。"))
    delimiter = max(DELIMITERS, key=first.count)
    titles = _cells(number, first, delimiter)
    counts = [place for place, title in enumerate(titles) if _plain(title) in COUNTS]
    columns = [place for place, title in enumerate(titles) if _plain(title) not in COUNTS | ASIDE]
    if len(counts) > 1 or not columns:
        fault(number, say("表头要有候选项或名次的列，张数的列最多一个。"))
    form = _Ranks if _are_ranks([titles[place] for place in columns]) else _Candidates
    sheet = form(number, [titles[place] for place in columns])
    ballots: dict[Ballot, int] = {}
    for number, line in lines:
        cells = _cells(number, line, delimiter)
        if len(cells) != len(titles):
            fault(number, say("这一行有 {n} 格，表头有 {m} 格。", n=len(cells), m=len(titles)))
        ballot = sheet.ballot(number, [cells[place] for place in columns])
        ballots[ballot] = ballots.get(ballot, 0) + (_count(number, cells[counts[0]]) if counts else 1)
    if not sum(ballots.values()):
        unfit(say("文件里没有选票。"))
    if sum(ballots.values()) > MOST_BALLOTS:
        unfit(say("选票多于 {n} 张。", n=MOST_BALLOTS))
    return _profile(sheet.names, ballots)


class _Candidates:
    """Columns are candidates, cells their ranks."""

    def __init__(self, number: int, titles: list[str]) -> None:
        if not all(titles):
            fault(number, say("表头里有一列没有名称。"))
        if (title := twice(titles)) is not None:
            fault(number, say("表头里“{title}”出现了两次。", title=title))
        self.names = titles

    def ballot(self, number: int, cells: Sequence[str]) -> Ballot:
        """Return the rank of each candidate, 0 for none."""
        return tuple(self._rank(number, cell) for cell in cells)

    def _rank(self, number: int, cell: str) -> int:
        rank = 0 if cell in {"", "-"} else whole(cell)
        if rank is None or rank > LARGEST_RANK:
            fault(number, say("名次“{cell}”应当是正整数，没有排就留空。", cell=cell[:40]))
        return rank


class _Ranks:
    """Columns are ranks, cells the candidates; a rank left out moves those behind it up."""

    def __init__(self, number: int, titles: list[str]) -> None:
        self.names: list[str] = []
        self._places: dict[str, int] = {}

    def ballot(self, number: int, cells: Sequence[str]) -> Ballot:
        """Return the rank of each candidate known so far, 0 for none."""
        ranks: dict[int, int] = {}
        for rank, cell in enumerate(cells, start=1):
            for name in (part.strip() for part in cell.split("=")) if cell else ():
                if not name or self._place(name) in ranks:
                    fault(number, say("“{cell}”里有空的或者重复的候选项。", cell=cell[:40]))
                ranks[self._place(name)] = rank
        return tuple(ranks.get(place, 0) for place in range(max(ranks, default=-1) + 1))

    def _place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self.names)
            self.names.append(name)
        return self._places[name]


def _are_ranks(titles: Sequence[str]) -> bool:
    found = [RANK.fullmatch(_plain(title)) for title in titles]
    return [int(match[1]) for match in found if match] == list(range(1, len(titles) + 1))


def _plain(title: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", title)).casefold()


def _cells(number: int, line: str, delimiter: str) -> list[str]:
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        fault(number, say("引号没有配对，或者这一行太长。"))
    return [cell.strip() for cell in cells]


def _count(number: int, cell: str) -> int:
    count = whole(cell)
    if count is None or count > MOST_BALLOTS:
        fault(number, say("张数“{cell}”应当是整数。", cell=cell[:40]))
    return count


def _profile(names: Sequence[str], ballots: dict[Ballot, int]) -> Profile:
    if not names:
        unfit(say("没有一张选票写了候选项。"))
    ranks = np.zeros((len(ballots), len(names)), np.uint16)
    for row, ballot in enumerate(ballots):
        ranks[row, : len(ballot)] = ballot
    return Profile.of(names, ranks, list(ballots.values()))
