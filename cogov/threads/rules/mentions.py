"""Mentioning people who take part: by their number on the dossier, or by the name under which they spoke."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

MOST_MENTIONS = 8

_MARK = re.compile(r"(?<![\w@])[@＠](?=[^\s@＠])")
_NUMBERED = re.compile(r"(?<![\w@])[@＠](?:\u4f4f[\u6237\u6236]|[Rr]esident)\s?(\d{1,9})(?!\d)")


def mentions_somebody(text: str) -> bool:
    """Say whether there is anything in a text that could be a mention."""
    return _MARK.search(text) is not None


def numbers_in(text: str) -> frozenset[int]:
    """Return the numbers on the dossier that a text mentions."""
    return frozenset(int(number) for number in _NUMBERED.findall(text))


def named_in(text: str, names: Mapping[str, int]) -> frozenset[int]:
    """Return who of those with a name of their own is mentioned; of names that begin alike the longest counts."""
    found = set()
    for mark in _MARK.finditer(text):
        rest = text[mark.end() :]
        name = max((each for each in names if each and rest.startswith(each)), key=len, default="")
        if name:
            found.add(names[name])
    return frozenset(found)


def why_not_mention(text: str, known: Collection[int]) -> Refusal | None:
    """A message mentions a handful of people, and of the numbers only those that stand on the dossier."""
    marks = sum(1 for _ in _MARK.finditer(text))
    if marks > MOST_MENTIONS:
        return Refusal(
            "too_many_mentions",
            say("一条发言最多提到 {n} 个人，现在有 {m} 处。", n=MOST_MENTIONS, m=marks),
            what_next=say("要告诉所有人，请直接写在发言里，参与的人都会看到。"),
            status=422,
        )
    unknown = sorted(numbers_in(text) - set(known))
    if unknown:
        return Refusal(
            "mention_unknown",
            say("住户 {n} 没有参与这件事，不能提到。", n=unknown[0]),
            what_next=say("请核对号码，号码写在每条发言上面。"),
            status=422,
        )
    return None
