"""What may stand beside the words of a message."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

MOST_ENCLOSURES = 4
"""As many as a problem is raised with: what needs more is told in several messages, each with its own words."""

WORDS_LENGTH = 200
"""Signs in which it is said what is on a file, for who does not see it."""


def why_not_enclose(count: int) -> Refusal | None:
    """Beside one message stand four files at most."""
    if count <= MOST_ENCLOSURES:
        return None
    return Refusal(
        "too_many_enclosures",
        say("一条发言最多附 {n} 个文件。", n=MOST_ENCLOSURES),
        what_next=say("请分成几条发，每条写明里面是什么。"),
        status=422,
    )
