"""Quoting a part of what somebody said: which signs of which version; the words themselves stand where they were said.

So a quote goes when its message goes, shows what was said when it was quoted, and holds no quotes of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

QUOTE_LENGTH = 500


@dataclass(frozen=True)
class Quoted:
    """A part of a version of a message."""

    message_id: int
    version: int
    start: int
    end: int


def found_in(message_id: int, versions: Iterable[tuple[int, str]], part: str) -> Quoted | None:
    """Return where a part stands in the first of these versions that has it; an empty part is the whole."""
    for version, text in versions:
        start = text.find(part)
        if start >= 0 and text:
            return Quoted(message_id, version, start, start + (len(part) or len(text)))
    return None


def why_not_quote(quoted: Quoted | None, *, stands: bool) -> Refusal | None:
    """What is quoted was said in this thread, word for word, still stands, and is no longer than a paragraph."""
    if not stands:
        return Refusal("quoted_unknown", say("您要引用的发言不在这个卷宗里，或者已经不在了。"), status=422)
    if quoted is None:
        return Refusal(
            "quote_differs",
            say("引用的话要和原文一字不差。"),
            what_next=say("请从原文里留下要引用的一段，不要改字。"),
            status=422,
        )
    if quoted.end - quoted.start > QUOTE_LENGTH:
        return Refusal(
            "quote_too_long",
            say("引用最多 {n} 字，现在有 {m} 字。", n=QUOTE_LENGTH, m=quoted.end - quoted.start),
            what_next=say("请只留您要回应的那一段。"),
            status=422,
        )
    return None
