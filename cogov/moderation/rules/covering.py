"""What stands where words were taken down: a mark in brackets, as where a telephone number is masked.

The mark lies in the row itself. So it is what every page, list, document and export shows that shows the words, also
one that knows nothing of moderation; where there is room, a line beside it says under which clause, or by whose order.
Whether words are covered is said by rows (`Cover`) and never by the mark, which anybody can type. So that no reader
takes typed words for covered ones, the brackets of a typed mark become others in whatever is published (`mask`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.moderation.rules.policy import ReviewState

MARK_OF_ITS_AUTHOR = "【作者已撤下】"
"""What stands where an author took their own words away."""

_MARKS: Mapping[ReviewState, str] = {ReviewState.REMOVED: "已移除", ReviewState.ORDERED: "按命令移除"}
_LIKE_A_MARK = re.compile(r"【(\s*(?:已移除|按命令移除|作者已撤下)[^】]*)】")


def mark_of(state: ReviewState, about: str = "") -> str:
    """Return what stands where words were; ``about`` tells it from others where the words were quoted by the letter."""
    return f"【{_MARKS[state]}：{about}】" if about else f"【{_MARKS[state]}】"


def unmarked(words: str, besides: Collection[str] = ()) -> str:
    """Return typed words in which nothing looks as if somebody had taken it down but the marks that stand there."""
    if "【" not in words:
        return words
    return _LIKE_A_MARK.sub(lambda found: found[0] if found[0] in besides else f"〔{found[1]}〕", words)


def fold(words: Mapping[str, str]) -> str:
    """Return the words of several columns as one text that can be sealed."""
    return json.dumps(dict(words), ensure_ascii=False)


def unfold(sealed: str) -> dict[str, str]:
    """Return the words of each column of a sealed text; once its author has had it erased, there are none."""
    return {str(name): str(words) for name, words in json.loads(sealed).items()} if sealed else {}


def as_one(words: Mapping[str, str]) -> str:
    """Return the words of several columns as somebody reads them who decides about them."""
    return "\n\n".join(text for text in words.values() if text)


def why_not_build_on(*, covered: bool) -> Refusal | None:
    """What was taken down is not taken over into something else while its author may still appeal."""
    if not covered:
        return None
    return Refusal(
        "taken_down",
        say("这段话已经移除，不能再用。"),
        what_next=say("请写一份新的；写的人申诉成功，原来的会恢复。"),
    )
