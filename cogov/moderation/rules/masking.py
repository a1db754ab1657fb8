"""What identifies a person in a text is masked before anybody reads it: telephone, identity card, plate, room.

Patterns are those of mainland China. What stands there instead says what was masked, so that the text can be followed
and its author sees what happened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.words import Words, say
from cogov.moderation.rules.covering import unmarked


class Mask(StrEnum):
    """What was masked."""

    IDENTITY = "identity"
    PHONE = "phone"
    PLATE = "plate"
    ROOM = "room"


@dataclass(frozen=True)
class Masked:
    """A text as it may be shown, and what was masked in it, each kind once."""

    text: str
    found: tuple[Mask, ...] = ()


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def _is_identity(found: re.Match[str]) -> bool:
    """The last sign of an identity number (GB 11643-1999) is a checksum of the others; other long numbers stay."""
    digits = re.sub(r"[\s-]", "", found.group()).upper()
    return (
        _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True)) % 11]
        == digits[17]
    )


def _always(_found: re.Match[str]) -> bool:
    return True


_APART = r"[\s-]?"
_RULES: tuple[tuple[Mask, re.Pattern[str], str, Callable[[re.Match[str]], bool]], ...] = (
    (
        Mask.IDENTITY,
        re.compile(
            rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_APART}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]){_APART}\d{{3}}[\dXx](?![0-9A-Za-z])"
        ),
        "【已遮住证件号】",
        _is_identity,
    ),
    (
        Mask.PHONE,
        re.compile(rf"(?<![0-9A-Za-z])(?:\+?86{_APART})?1[3-9]\d{_APART}\d{{4}}{_APART}\d{{4}}(?![0-9A-Za-z])"),
        "【已遮住电话】",
        _always,
    ),
    (
        Mask.PHONE,
        re.compile(r"(?<![0-9A-Za-z])\(?0(?:10|2\d|[3-9]\d\d)\)?[\s-]?[2-8]\d{6,7}(?![0-9A-Za-z])"),
        "【已遮住电话】",
        _always,
    ),
    (
        Mask.PLATE,
        re.compile(
            rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z]\s?[·•・]?\s?(?=[A-Za-z]*\d)[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}(?![0-9A-Za-z])"
        ),
        "【已遮住车牌】",
        _always,
    ),
    (
        Mask.ROOM,
        # Building and staircase stay: they say where it is. The door says whose it is.
        re.compile(r"(?<![0-9A-Za-z])\d{3,4}\s?室|(?<=单元)\s?\d{3,4}(?!\s?[0-9A-Za-z户家人年月日号元块米平万千百])"),
        "【已遮住门牌】",
        _always,
    ),
)

_WORDS = {
    Mask.IDENTITY: say("证件号"),
    Mask.PHONE: say("电话"),
    Mask.PLATE: say("车牌"),
    Mask.ROOM: say("门牌"),
}


def mask(text: str, *, spare: Collection[Mask] = (), marks: Collection[str] = ()) -> Masked:
    """Return a text with what identifies somebody masked; written in full width, it is found as well.

    ``spare`` names what stays: where duty has to go to the door, the door is said. Nobody types the mark that stands
    where words were taken down; ``marks`` are those that stand in the text already.
    """
    found: list[Mask] = []
    for kind, pattern, instead, holds in _RULES:
        if kind in spare:
            continue
        # Digits and letters of full width are one sign each, so places in both texts agree.
        plain = text.translate(_PLAIN)
        pieces, end = [], 0
        for match in pattern.finditer(plain):
            if holds(match):
                pieces += [text[end : match.start()], instead]
                end = match.end()
                found.append(kind)
        text = "".join((*pieces, text[end:]))
    return Masked(unmarked(text, marks), tuple(dict.fromkeys(found)))


_PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def marks_in(*texts: str) -> tuple[Mask, ...]:
    """Return what stands masked in texts, each kind once: so their author is told of what was kept, not of a guess."""
    marks = {kind: instead for kind, _, instead, _ in _RULES}
    return tuple(kind for kind, instead in marks.items() if any(instead in text for text in texts))


def mask_words(kind: Mask) -> Words:
    """Return what was masked."""
    return _WORDS[kind]


def masked_words(found: Collection[Mask]) -> Words | None:
    """Return the sentence that tells authors what was masked in their words, if anything was."""
    return say("为了保护个人信息，遮住了里面的{kinds}。", kinds=listed(found)) if found else None


def listed(found: Collection[Mask]) -> Words:
    """Return what was masked, or will be, as a list within a sentence."""
    first, *others = found
    return say("{first}、{rest}", first=mask_words(first), rest=listed(others)) if others else mask_words(first)
