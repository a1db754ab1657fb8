"""When a text waits for somebody's look before it is published: floods, repetition, links.

The figures are conventions; how many texts in ten minutes are a flood is the place's own setting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.moderation.rules.policy import HoldReason

WINDOW = timedelta(minutes=10)
REPEATED_WITHIN = timedelta(hours=24)
SHORT = 8
"""Texts shorter than this may be said again: thanks, agreed, well done."""

MOST_LINKS = 2
MOST_ALIKE = 2
LAST_LOOKED_AT = 20
"""How many of a person's last texts are looked at."""

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What a person said lately: when, and the words."""

    at: datetime
    text: str


def why_hold(text: str, lately: Sequence[Said], at: datetime, *, most: int) -> HoldReason | None:
    """Return why a text waits, None where it is published at once; with 0 for ``most`` none waits here."""
    if most == 0:
        return None
    if links_in(text) > MOST_LINKS:
        return HoldReason.LINKS
    same = _core(text)
    again = sum(_core(said.text) == same and at - said.at < REPEATED_WITHIN for said in lately)
    if len(same) >= SHORT and again >= MOST_ALIKE:
        return HoldReason.REPEATED
    if sum(at - said.at < WINDOW for said in lately) >= most:
        return HoldReason.FLOOD
    return None


def links_in(text: str) -> int:
    """Return how many addresses a text leads to."""
    return len(_LINK.findall(text))


def _core(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
