"""What people type, before it is kept: tidied, and refused where it is empty, too long or not text."""

from __future__ import annotations

import unicodedata

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

_ALLOWED_CONTROLS = frozenset("\n\t")
_CONTENT = say("内容")


def tidy(text: str) -> str:
    """Return typed text with one kind of line end and nothing blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


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
