"""What people type, before it is kept: tidied, and refused where it is empty, too long or not text."""

from __future__ import annotations

import re
import unicodedata

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

_ALLOWED_CONTROLS = frozenset("\n\t")
_CONTENT = say("内容")

MOST_MARKS = 4
"""So many marks stand on one sign in any writing that people use; more are piled up to cover the lines around."""

_TURNS = "[\u202a-\u202e\u2066-\u2069]"
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_WILD = re.compile(f"{_TURNS}|({_MARKS}{{{MOST_MARKS}}}){_MARKS}+")
"""What turns the words of others around, or covers them."""


def tidy(text: str) -> str:
    """Return typed text with one kind of line end, nothing blank around it, and nothing that disturbs its neighbours.

    Signs that turn the direction of what follows are left out, as Arabic and Hebrew are read rightly without them; of
    marks piled up on one sign the first few stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _WILD.sub(lambda found: found[1] or "", text).strip() if is_wild(text) else text


def is_wild(text: str) -> bool:
    """Say whether a text has what disturbs its neighbours."""
    return not text.isascii() and _WILD.search(text) is not None


def _is_text(text: str) -> bool:
    # Databases refuse NUL, UTF-8 refuses half a pair, and the other controls show nothing to anybody.
    return all(sign in _ALLOWED_CONTROLS or unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)


def why_not_wording(text: str, *, longest: int, least: int = 1, what: Words = _CONTENT) -> Refusal | None:
    """Typed text has between `least` and `longest` characters and none that cannot be shown."""
    if len(text) < least:
        return Refusal("words_missing", say("{what}还没有写。", what=what), status=422)
    if len(text) > longest:
        return Refusal(
            "words_too_long",
            say("{what}最多 {n} 字，现在有 {m} 字。", what=what, n=longest, m=len(text)),
            what_next=say("请分成几条写，或者只留要点。"),
            status=422,
        )
    if not _is_text(text):
        return Refusal("words_unreadable", say("{what}里有显示不出来的字符。", what=what), status=422)
    return None
