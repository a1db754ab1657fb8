"""A published map as tables of cells: for a spreadsheet and for programs; nothing that the page does not say.

A cell stands for ten people or more, or it is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cogov.ground.words import Words, say
from cogov.opinion.rules.classing import ClassTable, class_answers
from cogov.opinion.rules.publishing import percent
from cogov.opinion.rules.reading import Published, StatementShown, named
from cogov.opinion.rules.sight import LEAST

Line = tuple[object, ...]

HEAD: tuple[Words, ...] = (
    say("观点"),
    say("原话"),
    say("谁"),
    say("约多少人回答"),
    say("同意 %"),
    say("不同意 %"),
    say("各组都同意"),
)


def lines(found: Published, public: Mapping[str, Any], classes: Sequence[ClassTable]) -> list[Line]:
    """Return a line for each statement and all people, each group, each class: a sheet that can be filtered."""
    return [
        line
        for statement in found.statements
        for line in (*_of_all(statement), *_of_groups(statement), *_of_classes(statement, public, classes))
    ]


def _of_all(statement: StatementShown) -> list[Line]:
    agree, disagree, answered = statement.counts
    if answered < LEAST:
        return []
    share, against = percent(agree, answered), percent(disagree, answered)
    return [(statement.name, statement.text, say("所有人"), answered, share, against, _yes(statement.consensus))]


def _of_groups(statement: StatementShown) -> list[Line]:
    return [
        (statement.name, statement.text, named(place), cell.about, cell.share, cell.against, "")
        for place, cell in enumerate(statement.cells)
        if cell is not None
    ]


def _of_classes(statement: StatementShown, public: Mapping[str, Any], classes: Sequence[ClassTable]) -> list[Line]:
    answered = class_answers(public.get("classes", ()), statement.key)
    return [
        (statement.name, statement.text, name, cell.about, _decade(cell.tenths), "", "")
        for table in classes
        for (name, _), cell in zip(table.rows, answered.get(table.kind, ()), strict=False)
        if cell.tenths is not None
    ]


def _decade(tenths: int) -> str:
    return f"{10 * tenths}–{10 * tenths + 10}"


def _yes(so: bool) -> Words | str:
    return say("是") if so else ""
