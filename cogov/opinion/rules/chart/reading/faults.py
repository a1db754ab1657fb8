"""How a file is refused: the line, what is wrong with it, and what to do."""

from __future__ import annotations

from typing import NoReturn

from cogov.ground.sheets import refuse
from cogov.ground.words import Words, say

CODE = "votes_unreadable"


def fault(line: int, what: Words) -> NoReturn:
    """Refuse a file for one of its lines."""
    refuse(CODE, say("第 {line} 行：{what}", line=line, what=what), say("请改正这一行再试；一票也没有算。"))


def unfit(what: Words) -> NoReturn:
    """Refuse a file as a whole."""
    refuse(CODE, what, say("请核对文件是不是完整；一票也没有算。"))
