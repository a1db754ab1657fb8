"""What search finds beside what has been written: whether every text is found by what it says now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cogov.front.search import astray
from cogov.ground.search import keep
from cogov.journal.transaction import verb


def found_texts() -> Iterator[str]:
    """Yield a sentence for every kind of text of which some are found by other words than they hold."""
    for kind, number in sorted(Counter(kind for kind, *_ in astray()).items()):
        yield f"搜索：{kind} 有 {number} 处和原文不符，cogov check --repair 会按原文重建。"


@verb
def repair_texts() -> list[str]:
    """Make every text found by what it says now; return a sentence when anything was changed."""
    found = list(astray())
    for kind, subject_id, problem_id, words in found:
        keep(None, kind, subject_id, problem_id, words)
    return [f"搜索：{len(found)} 处已按原文重建。"] if found else []
