"""Whether words tell of a danger that is here now, and whom to call."""

import re
from collections.abc import Iterator

from cogov.problems.rules.lexicon import Emergency, Lexicon
from cogov.problems.rules.reading import CLAUSE_ENDS, Found, clause_before, cue, sentences

NUMBERS_IN_ORDER = ("119", "120", "110", "122")
ASKS = re.compile(r"(吗|么|吧|呢)$")


def numbers_to_call(words: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the emergency numbers that fit, none when no danger is told or it is denied, feared, past or over."""
    text = sentences(words)
    told = {number for kind in lexicon.emergencies if _is_here(kind, text, lexicon) for number in kind.numbers}
    return tuple(number for number in NUMBERS_IN_ORDER if number in told)


def is_mentioned(words: str, lexicon: Lexicon) -> bool:
    """Say whether a danger is spoken of at all, be it only to deny it; a person should look then."""
    text = sentences(words)
    return any(_mentions(kind, text) for kind in lexicon.emergencies)


def _is_here(kind: Emergency, text: tuple[str, ...], lexicon: Lexicon) -> bool:
    return any(
        _counts(sentence, found, lexicon) and not _is_over(kind, (sentence[found.end :], *text[index + 1 :]), lexicon)
        for index, sentence in enumerate(text)
        for found in _founds(kind, sentence)
    )


def _mentions(kind: Emergency, text: tuple[str, ...]) -> bool:
    return any(True for sentence in text for _ in _founds(kind, sentence))


def _founds(kind: Emergency, sentence: str) -> Iterator[Found]:
    for each in kind.cues:
        yield from cue(each).found_in(sentence)


def _counts(sentence: str, found: Found, lexicon: Lexicon) -> bool:
    before, after = clause_before(sentence, found.at), sentence[found.end :]
    if lexicon.pattern("talk_of").search(after) or lexicon.pattern("supposed").search(before):
        return False
    if lexicon.pattern("denied").search(before):
        return _is_asked(sentence, found)
    # 怕着火 fears what may come, 怕着火了 may be what is happening: the second counts.
    if lexicon.pattern("feared").search(before) and not after.startswith("了"):
        return False
    return not _is_past(sentence[: found.at], before, lexicon)


def _is_asked(sentence: str, found: Found) -> bool:
    """Say whether a denial is a question (不是着火了吗), which leaves the danger open."""
    clause = CLAUSE_ENDS.split(sentence[found.end :])[0] or ""
    return ASKS.search(clause) is not None


def _is_past(before: str, clause: str, lexicon: Lexicon) -> bool:
    """Say whether the last mark of time before the danger is a past one: 去年 carries on until 今天."""
    past = [match.end() for match in lexicon.pattern("past").finditer(before)]
    present = [match.end() for match in lexicon.pattern("present").finditer(before)]
    return bool(past) and max(past) > max(present, default=0)


def _is_over(kind: Emergency, rest: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Say whether the words after the danger end it, and do not take that back."""
    return any(
        not lexicon.pattern("not_over").search(clause_before(part, match.start()))
        for part in rest
        for match in kind.over.finditer(part)
    )
