"""Reading a report's Chinese words: which cues they hold, and which of those are denied, feared, past or over.

A cue is written `甲|乙+丙|丁+!戊`: one sentence holds 甲 or 乙, and 丙 or 丁, and not 戊.
Reading errs on the side of danger: what is unsure (不知道是不是着火了) counts, what is plainly denied does not.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

SENTENCE_ENDS = re.compile(r"[。！？!?;；\n]+")
CLAUSE_ENDS = re.compile(r"[，,、：:\s]+|但是?|不过|可是|然而|就是(?=[怕想说])|只是")
QUESTION = re.compile(r"(吗|么|吧)?$")


class Found(NamedTuple):
    """A cue that was found: where its first word stands in the sentence, and how many characters its words have."""

    at: int
    end: int
    weight: int


@dataclass(frozen=True)
class Cue:
    """Words of which one of each group must stand in a sentence, and words that must not."""

    groups: tuple[tuple[str, ...], ...]
    barred: tuple[str, ...]

    def could_be_in(self, text: str) -> bool:
        """Say whether a text has a word of each group at all, so that its sentences are worth reading."""
        return all(any(word in text for word in words) for words in self.groups)

    def found_in(self, sentence: str) -> Iterator[Found]:
        """Yield each place of a word of the first group, if the other groups are there too and nothing barred is."""
        here = [word for word in self.groups[0] if word in sentence]
        if not here or any(word in sentence for word in self.barred):
            return
        others = [_longest(words, sentence) for words in self.groups[1:]]
        if not all(others):
            return
        for word in here:
            for match in re.finditer(re.escape(word), sentence):
                yield Found(match.start(), match.end(), len(word) + sum(map(len, others)))


@lru_cache(maxsize=4096)
def cue(text: str) -> Cue:
    """Return the cue that is written so; texts are read in lower case."""
    parts = text.lower().split("+")
    groups = tuple(tuple(part.split("|")) for part in parts if not part.startswith("!"))
    barred = tuple(word for part in parts if part.startswith("!") for word in part[1:].split("|"))
    return Cue(groups, barred)


def sentences(words: str) -> tuple[str, ...]:
    """Return the sentences of a text: full-width forms narrowed, spaces inside gone."""
    plain = unicodedata.normalize("NFKC", words).lower()
    # A question mark belongs to its sentence's meaning, a space typed between characters does not.
    return tuple(part for part in (re.sub(r"[ \t]+", "", p) for p in SENTENCE_ENDS.split(plain)) if part)


def clause_before(sentence: str, at: int) -> str:
    """Return what stands between the last clause end and this place."""
    return CLAUSE_ENDS.split(sentence[:at])[-1] or ""


def weight_of(cues: Iterable[str], text: Iterable[str], not_this: re.Pattern[str]) -> int:
    """Return the weight of the heaviest cue in the text that is not disowned (不是要…); 0 when there is none."""
    text = tuple(text)
    whole = "\n".join(text)
    return max(
        (
            found.weight
            for each in map(cue, cues)
            if each.could_be_in(whole)
            for sentence in text
            for found in each.found_in(sentence)
            if not not_this.search(clause_before(sentence, found.at))
        ),
        default=0,
    )


def _longest(words: Iterable[str], sentence: str) -> str:
    return max((word for word in words if word in sentence), key=len, default="")
