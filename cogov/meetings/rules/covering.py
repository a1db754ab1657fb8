"""Minutes repeat motions and titles by the letter: which words are a mark while what they repeat is taken down."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

UNLIKE_OTHERS = 8
"""Words so long stand in minutes only because somebody moved them."""

TITLE_UNLIKE_OTHERS = 4
"""A title so long is looked for anywhere: rather are some words too many covered than one of a title left."""

_QUOTED = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ('"', '"'))


@dataclass(frozen=True)
class Covered:
    """What was taken down: the mark that names it, and the words that lie sealed.

    Words shorter than ``least`` are looked for only between what stands around them in ``places``.
    """

    mark: str
    words: str
    least: int = UNLIKE_OTHERS
    places: Sequence[tuple[str, str]] = (("：", "（"),)
    """Where the draft puts motions, unless said otherwise."""


def title_covered(mark: str, title: str, number: str) -> Covered:
    """Return the title of a problem as what is covered: short, it is found where it is quoted or heads its number."""
    return Covered(mark, title, TITLE_UNLIKE_OTHERS, (*_QUOTED, ("", f"（{number}）")))


def told_anew(minutes: str, before: Collection[Covered], now: Collection[Covered]) -> str:
    """Return minutes as they read while other motions and titles are down than before.

    First everything is said as it was written, then the longest words are covered first: so what is within the words
    of another motion neither keeps these from being found nor comes back with them.
    """
    for each in before:
        minutes = minutes.replace(each.mark, each.words)
    for each in sorted(now, key=lambda covered: len(covered.words), reverse=True):
        around = (("", ""),) if len(each.words) >= each.least else each.places
        for left, right in around:
            minutes = minutes.replace(f"{left}{each.words}{right}", f"{left}{each.mark}{right}")
    return minutes


def retitled(minutes: str, number: str, title: str) -> str:
    """Return minutes in which the item about a problem is headed by what the problem is called now."""
    heading = re.compile(rf"^([0-9]+\. ).*（{re.escape(number)}）$", re.MULTILINE)
    return heading.sub(lambda found: f"{found[1]}{title}（{number}）", minutes)


def titles_of(minutes: str, number: str) -> frozenset[str]:
    """Return how the draft of minutes calls the problem of a number, where it has an item of its own."""
    heading = re.compile(rf"^[0-9]+\. (.+)（{re.escape(number)}）$", re.MULTILINE)
    return frozenset(heading.findall(minutes))


@dataclass(frozen=True)
class Hidden:
    """An item about a problem that a reader may not see now: its place on the agenda, and how the minutes say it."""

    place: int
    number: str
    title: str

    @property
    def marks(self) -> tuple[str, str, str]:
        """What stands where the minutes treat the item, and elsewhere for the title and the number of its problem."""
        item = f"【现在不公开：第 {self.place} 项"
        return f"{item}】", f"{item}的标题】", f"{item}的编号】"


def veiled(minutes: str, hidden: Collection[Hidden]) -> str:
    """Return minutes without what a reader may not see; the words themselves stay as they were written."""
    for each in sorted(hidden, key=lambda one: len(one.title), reverse=True):
        treated, title, number = each.marks
        minutes = _treated(each).sub(lambda found, mark=treated: f"{found[1]}{mark}", minutes, count=1)  # type: ignore[misc]
        minutes = told_anew(minutes, (), [title_covered(title, each.title, each.number)] if each.title else [])
        minutes = minutes.replace(each.number, number)
    return minutes


def unveiled(minutes: str, hidden: Collection[Hidden], before: str) -> str:
    """Return edited minutes with what their writer could not see, as it stood in the version before."""
    for each in sorted(hidden, key=lambda one: len(one.title)):
        treated, title, number = each.marks
        stood = _treated(each).search(before)
        minutes = minutes.replace(treated, stood[2] if stood else "").replace(title, each.title)
        minutes = minutes.replace(number, each.number)
    return minutes


def _treated(item: Hidden) -> re.Pattern[str]:
    """Return where the draft treats an item: its heading and what follows, up to the next empty line or heading."""
    heading = rf"^([0-9]+\. )(.*（{re.escape(item.number)}）$(?:\n(?![0-9]+\. ).+)*)"
    return re.compile(heading, re.MULTILINE)
