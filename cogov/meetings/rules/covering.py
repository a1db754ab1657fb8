"""Minutes repeat motions by the letter: which of their words are a mark while motions are taken down."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

UNLIKE_OTHERS = 8
"""Words so long stand in minutes only because somebody moved them."""


@dataclass(frozen=True)
class Covered:
    """A motion that was taken down: the mark that names it, and the words that lie sealed."""

    mark: str
    words: str


def told_anew(minutes: str, before: Collection[Covered], now: Collection[Covered]) -> str:
    """Return minutes as they read while other motions are down than before.

    First everything is said as it was written, then the longest words are covered first: so what is within the words
    of another motion neither keeps these from being found nor comes back with them.
    """
    for each in before:
        minutes = minutes.replace(each.mark, each.words)
    for each in sorted(now, key=lambda covered: len(covered.words), reverse=True):
        if len(each.words) >= UNLIKE_OTHERS:
            minutes = minutes.replace(each.words, each.mark)
        else:  # a short one is looked for only where the draft puts motions
            minutes = minutes.replace(f"：{each.words}（", f"：{each.mark}（")
    return minutes


def retitled(minutes: str, number: str, title: str) -> str:
    """Return minutes in which the item about a problem is headed by what the problem is called now."""
    heading = re.compile(rf"^([0-9]+\. ).*（{re.escape(number)}）$", re.MULTILINE)
    return heading.sub(lambda found: f"{found[1]}{title}（{number}）", minutes)
