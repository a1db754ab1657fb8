"""Pabulib's files of participatory budgets (pabulib.org/format): META, PROJECTS and VOTES, cells between semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from cogov.decisions.rules.count.budget import LARGEST_SUM, Poll
from cogov.decisions.rules.count.reading.faults import fault, numbered, twice, unfit, whole
from cogov.ground.words import say

SECTIONS = ("META", "PROJECTS", "VOTES")
NEEDED = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
KINDS = ("approval", "ordinal", "cumulative", "scoring", "choose-1")
WITH_POINTS = {"cumulative", "scoring"}
AMOUNT = re.compile(r"\d{1,15}(?:[.,]\d{1,6})?")

Row = Mapping[str, str]
Rows = list[tuple[int, Row]]


@dataclass(frozen=True)
class Budgeted:
    """A poll as a file brings it, and how many votes were left out because they ask for more than was allowed."""

    poll: Poll
    kind: str
    overvoted: int
    truncated: int


@dataclass(frozen=True)
class _Limits:
    kind: str
    shortest: int
    longest: int | None
    points: int | None


def read_pabulib(text: str) -> Budgeted:
    """Return what was voted on and how; votes are read by the limits that the file itself states."""
    sections = _sections(text)
    facts = {row["key"]: (number, row["value"]) for number, row in sections["META"]}
    limits = _limits(facts)
    for key, section in (("num_projects", "PROJECTS"), ("num_votes", "VOTES")):
        said = _number(facts, key)
        if said is not None and said != len(sections[section]):
            unfit(say("文件说 {key} 是 {n}，文件里有 {m} 行。", key=key, n=said, m=len(sections[section])))
    if not sections["PROJECTS"] or not sections["VOTES"]:
        unfit(say("文件里没有项目，或者没有选票。"))
    if "budget" not in facts:
        unfit(say("META 里没有 {key}。", key="budget"))
    ids = [row["project_id"] for _, row in sections["PROJECTS"]]
    if (id_ := twice(ids)) is not None:
        unfit(say("项目 {id} 出现了两次。", id=id_))
    if (voter := twice([row["voter_id"] for _, row in sections["VOTES"]])) is not None:
        unfit(say("投票人 {id} 出现了两次。", id=voter))
    votes = [(row["voter_id"], _vote(number, row, limits, set(ids))) for number, row in sections["VOTES"]]
    counted = [(voter, vote) for voter, vote in votes if not _is_over(vote, limits)]
    if not counted:
        unfit(say("没有一张选票合乎文件里的限制。"))
    short = sum(len(vote) < limits.shortest for _, vote in counted)
    poll = _poll(sections["PROJECTS"], _amount(*facts["budget"]), counted)
    return Budgeted(poll, limits.kind, len(votes) - len(counted), short)


# Lines -------------------------------------------------------------------------------------------------------------


def _sections(text: str) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    section = ""
    titles: list[str] = []
    for number, line in numbered(text):
        if line.strip().upper() in SECTIONS:
            section, titles = line.strip().upper(), []
            if section in found:
                fault(number, say("{section} 出现了两次。", section=section))
            found[section] = []
        elif not section:
            fault(number, say("文件要从 META 一行开始。"))
        elif not titles:
            titles = _titles(number, line, section)
        else:
            found[section].append((number, _row(number, line, titles)))
    for section in SECTIONS:
        if section not in found:
            unfit(say("文件里没有 {section} 这一段。", section=section))
    return found


def _titles(number: int, line: str, section: str) -> list[str]:
    titles = _cells(number, line)
    for needed in NEEDED[section]:
        if needed not in titles:
            fault(number, say("{section} 的表头缺少 {key}。", section=section, key=needed))
    return titles


def _row(number: int, line: str, titles: Sequence[str]) -> Row:
    cells = _cells(number, line)
    if len(titles) == len(NEEDED["META"]) and titles[0] == "key":
        cells = [cells[0], ";".join(cells[1:])]  # a remark may hold semicolons
    if len(cells) > len(titles) and any(cells[len(titles) :]):
        fault(number, say("这一行有 {n} 格，表头有 {m} 格。", n=len(cells), m=len(titles)))
    # Trailing cells that are empty may be left out; the needed ones come first.
    return dict(zip(titles, [*cells, *[""] * (len(titles) - len(cells))], strict=False))


def _cells(number: int, line: str) -> list[str]:
    try:
        (cells,) = csv.reader([line], delimiter=";", strict=True)
    except (csv.Error, ValueError):
        fault(number, say("引号没有配对，或者这一行太长。"))
    return [cell.strip() for cell in cells]


# Facts -------------------------------------------------------------------------------------------------------------


def _limits(facts: Mapping[str, tuple[int, str]]) -> _Limits:
    _, kind = facts.get("vote_type", (0, ""))
    if kind not in KINDS:
        unfit(say("vote_type 是“{kind}”，能读的有：{kinds}。", kind=kind[:40], kinds="、".join(KINDS)))
    longest = 1 if kind == "choose-1" else _number(facts, "max_length")
    return _Limits(kind, _number(facts, "min_length") or 1, longest, _number(facts, "max_sum_points"))


def _number(facts: Mapping[str, tuple[int, str]], key: str) -> int | None:
    line, text = facts.get(key, (0, ""))
    if not text:
        return None
    value = whole(text)
    if value is None:
        fault(line, say("{key} 应当是整数，不是“{text}”。", key=key, text=text[:40]))
    return value


def _amount(line: int, text: str) -> Fraction:
    if not AMOUNT.fullmatch(text):
        fault(line, say("金额“{text}”读不懂。", text=text[:40]))
    return Fraction(text.replace(",", "."))


def _vote(number: int, row: Row, limits: _Limits, known: set[str]) -> dict[str, int]:
    """Return the projects of a vote with their points, 1 each where there are none."""
    named = [id_.strip() for id_ in row["vote"].split(",")] if row["vote"] else []
    for id_ in named:
        if id_ not in known:
            fault(number, say("没有编号是“{id}”的项目。", id=id_[:40]))
    if (again := twice(named)) is not None:
        fault(number, say("一张选票里项目 {id} 出现了两次。", id=again))
    points = [1] * len(named)
    if limits.kind in WITH_POINTS:
        given = [whole(point) for point in row.get("points", "").split(",")] if named else []
        points = [point for point in given if point is not None]
        if len(points) != len(named) or len(given) != len(named):
            fault(number, say("项目有 {n} 个，分数应当也有 {n} 个，都是整数。", n=len(named)))
    return {id_: point for id_, point in zip(named, points, strict=True) if point > 0}


def _is_over(vote: Mapping[str, int], limits: _Limits) -> bool:
    over_length = limits.longest is not None and len(vote) > limits.longest
    return over_length or (limits.points is not None and sum(vote.values()) > limits.points)


def _poll(projects: Rows, budget: Fraction, votes: Sequence[tuple[str, Mapping[str, int]]]) -> Poll:
    amounts = [_amount(number, row["cost"]) for number, row in projects]
    for (number, _), amount in zip(projects, amounts, strict=True):
        if not amount:
            fault(number, say("项目的费用应当大于零。"))
    unit = lcm(budget.denominator, *(amount.denominator for amount in amounts))
    if budget * unit * len(votes) > LARGEST_SUM:
        unfit(say("金额太大，算不准。"))
    place = {row["project_id"]: index for index, (_, row) in enumerate(projects)}
    approvals = np.zeros((len(projects), len(votes)), np.bool_)
    points = [0] * len(projects)
    for column, (_, vote) in enumerate(votes):
        for id_, point in vote.items():
            approvals[place[id_], column] = True
            points[place[id_]] += point
    return Poll(
        projects=tuple(place),
        names=tuple(row.get("name", "") or row["project_id"] for _, row in projects),
        costs=tuple(int(amount * unit) for amount in amounts),
        budget=int(budget * unit),
        unit=unit,
        voters=tuple(voter for voter, _ in votes),
        approvals=approvals,
        votes=tuple(points),
    )
