"""The sheets of a Polis export: votes, comments (statements), and who is in which group."""

from __future__ import annotations

from cogov.ground.words import say
from cogov.opinion.rules.chart.reading.cast import Cast, Given
from cogov.opinion.rules.chart.reading.faults import fault, unfit
from cogov.opinion.rules.chart.reading.rows import GROUP, PARTICIPANT, rows, told_of, votes_of


def read_votes(votes: str, comments: str | None = None, groups: str | None = None) -> Given:
    """Return the votes of an export, with what its other sheets say of statements and groups."""
    cast = Cast()
    for each in votes_of(votes):
        cast.take(each.line, each.who, each.what, each.value, each.time)
    told = told_of(comments) if comments is not None else None
    return cast.given(told, read_groups(groups) if groups is not None else None)


def read_groups(text: str) -> dict[str, str]:
    """Return who is in which group; an empty cell is no group."""
    groups: dict[str, str] = {}
    for line, cells in rows(text, {"who": PARTICIPANT, "group": GROUP}, {}):
        if groups.setdefault(cells["who"], cells["group"]) != cells["group"]:
            fault(line, say("同一个参与者写了两个组。"))
    groups = {name: group for name, group in groups.items() if group}
    if not groups:
        unfit(say("分组的文件里没有一个人有组。"))
    return groups
