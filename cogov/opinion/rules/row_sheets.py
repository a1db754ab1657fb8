"""The answers of a conversation row by row, in the format of a Polis export, with no time and no name in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cogov.ground.sheets import harmless


@dataclass(frozen=True)
class Row:
    """A statement as an export shows it."""

    name: int
    text: str
    out: bool
    agree: int
    disagree: int


def row_sheets(
    question: str, statements: Sequence[Row], answers: Sequence[Mapping[int, int]], groups: Sequence[str]
) -> dict[str, str]:
    """Return the sheets by the names of their files; participants stand in the order they come in."""
    return {
        "votes.csv": _sheet(
            ("comment-id", "voter-id", "vote"),
            ((name, who, value) for who, given in enumerate(answers) for name, value in sorted(given.items())),
        ),
        "comments.csv": _sheet(
            ("comment-id", "agrees", "disagrees", "moderated", "comment-body"),
            ((each.name, each.agree, each.disagree, -1 if each.out else 1, each.text) for each in statements),
        ),
        "participants-votes.csv": _sheet(
            ("participant", "group-id", "n-votes", "n-agree", "n-disagree", *(each.name for each in statements)),
            (
                (
                    who,
                    group,
                    len(given),
                    sum(value == 1 for value in given.values()),
                    sum(value == -1 for value in given.values()),
                    *(given.get(each.name, "") for each in statements),
                )
                for who, (given, group) in enumerate(zip(answers, groups, strict=True))
            ),
        ),
        "summary.csv": _sheet(("topic", question), (("voters", len(answers)), ("comments", len(statements)))),
    }


def _sheet(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_cell(each) for each in head])
    writer.writerows([_cell(each) for each in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value
