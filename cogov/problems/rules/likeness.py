"""How alike two texts are, cheaply: shared pairs of characters."""

import re
import unicodedata
from fractions import Fraction

ENOUGH = 4
"""Bigrams below which a text is too short to be found in another."""

NOT_WORDS = re.compile(r"[\W_]+")


def likeness(one: str, other: str) -> Fraction:
    """Return the Jaccard likeness of the character bigrams, from 0 to 1; two texts without any are alike if equal."""
    first, second = _bigrams(one), _bigrams(other)
    if not first and not second:
        return Fraction(int(_plain(one) == _plain(other)))
    return Fraction(len(first & second), len(first | second))


def contained(part: str, whole: str) -> Fraction:
    """Return how much of a short text's character bigrams a longer one holds, from 0 to 1; of too few, nothing."""
    few = _bigrams(part)
    return Fraction(len(few & _bigrams(whole)), len(few)) if len(few) >= ENOUGH else Fraction(0)


def _plain(text: str) -> str:
    return NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).lower())


def _bigrams(text: str) -> frozenset[str]:
    plain = _plain(text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))
