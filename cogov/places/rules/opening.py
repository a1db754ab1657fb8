"""Setting a community up: grids written line by line, and why nothing is raised before it is opened."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import Words, say

MOST_GRIDS = 99
MOST_BUILDINGS = 200


class Step(StrEnum):
    """The five things a community needs before its people raise anything."""

    GRIDS = "grids"
    PEOPLE = "people"
    DUTIES = "duties"
    CALENDAR = "calendar"
    RULES = "rules"


STEP_WORDS: dict[Step, Words] = {
    Step.GRIDS: say("网格"),
    Step.PEOPLE: say("人员和岗位"),
    Step.DUTIES: say("事项目录和权责清单"),
    Step.CALENDAR: say("日历"),
    Step.RULES: say("规则"),
}


@dataclass(frozen=True)
class GridLine:
    """A grid as somebody writes it: its name, and the names of its buildings."""

    name: str
    buildings: tuple[str, ...]


def grid_lines(text: str) -> tuple[GridLine, ...]:
    """Return the grids of a text with one grid a line, `第一网格：1 号楼、2 号楼`; refuse what cannot be meant."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    grids = tuple(_grid_line(number, line) for number, line in enumerate(lines, start=1))
    refusal = _why_not_grids(grids)
    if refusal is not None:
        raise Refused(refusal)
    return grids


def _grid_line(number: int, line: str) -> GridLine:
    name, _, rest = re.sub("[:]", "：", line).partition("：")
    buildings = tuple(part for part in re.split(r"[、，,;；\t]+|\s{2,}", rest.strip()) if part.strip())
    if len(buildings) == 1 and re.fullmatch(r"[0-9A-Za-z]+( [0-9A-Za-z]+)+", buildings[0]):
        buildings = tuple(buildings[0].split())  # "1 2 3"
    return GridLine(name.strip() or f"第 {number} 网格", tuple(_building(part) for part in buildings))


def _building(text: str) -> str:
    plain = " ".join(text.split())
    return f"{plain} 号楼" if re.fullmatch(r"[0-9]{1,4}", plain) else plain


def _why_not_grids(grids: tuple[GridLine, ...]) -> Refusal | None:
    if not 0 < len(grids) <= MOST_GRIDS:
        return _wrong("grids_count", say("请写 1 到 {n} 个网格，一行一个。", n=MOST_GRIDS))
    buildings = [building for grid in grids for building in grid.buildings]
    if len(buildings) > MOST_BUILDINGS:
        return _wrong("buildings_count", say("一次最多 {n} 栋楼；更多请用表格导入。", n=MOST_BUILDINGS))
    for names, longest in (([grid.name for grid in grids], 80), (buildings, 20)):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return _wrong("name_twice", say("“{name}”写了两次。", name=twice))
        long = next((name for name in names if len(name) > longest), None)
        if long is not None:
            return _wrong("name_long", say("“{name}”太长，最多 {n} 个字。", name=long[:20], n=longest))
    bare = next((grid.name for grid in grids if not grid.buildings), None)
    if bare is not None:
        return _wrong("grid_bare", say("“{name}”没有写楼栋。在名称后面写冒号，再写楼栋，用顿号隔开。", name=bare))
    return None


def _wrong(code: str, message: Words) -> Refusal:
    return Refusal(code, message, status=422)


def why_not_open_yet(community: str, *, closed: bool, planned_on: date | None) -> Refusal | None:
    """Nothing is raised in a community that is still being set up; the refusal says when it opens."""
    if not closed:
        return None
    when = (
        say("计划 {day} 开通。开通以后这里就能提出问题。", day=planned_on)
        if planned_on
        else say("五项准备做完、由管理员开通以后，这里就能提出问题；日期会写在这里。")
    )
    return Refusal(
        "community_not_open",
        say("{community}还在准备，现在还不能提出问题。", community=community),
        what_next=when,
        appeal=say("急事请打 110、119、120，其他事可以打 12345。"),
        status=409,
    )


def why_not_open(missing: Iterable[Step], *, opened: bool) -> Refusal | None:
    """A community opens when all five are done, and once."""
    if opened:
        return Refusal("community_open", say("这里已经开通。"))
    left = [str(STEP_WORDS[step]) for step in missing]
    if left:
        return Refusal(
            "set_up_unfinished",
            say("还差 {n} 项：{names}。", n=len(left), names="、".join(left)),
            what_next=say("请先做完这几项，再来开通。"),
            status=409,
        )
    return None
