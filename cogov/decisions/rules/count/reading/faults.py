"""How a file is refused: the line, what is wrong with it, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NoReturn

from cogov.ground.sheets import refuse
from cogov.ground.words import Words, say

CODE = "ballots_unreadable"


def fault(line: int, what: Words) -> NoReturn:
    """Refuse a file for one of its lines."""
    refuse(CODE, say("第 {line} 行：{what}", line=line, what=what), say("请改正这一行再试；一张选票也没有计。"))


def unfit(what: Words) -> NoReturn:
    """Refuse a file as a whole."""
    refuse(CODE, what, say("请核对文件是不是完整；一张选票也没有计。"))


def whole(text: str) -> int | None:
    """Return a whole number written in plain digits, or None."""
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 15 else None


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold something, with their numbers as an editor shows them."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            yield number, line


def twice(values: Sequence[str]) -> str | None:
    """Return a value that stands there twice."""
    return next((value for value, times in Counter(values).items() if times > 1), None)
