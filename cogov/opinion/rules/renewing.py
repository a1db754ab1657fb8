"""When what is published of a map is renewed: once ten people have answered first or otherwise, or left, since.

Whoever keeps two maps of one conversation may subtract them. What is left is what those did who are in one of them
only, or answered otherwise in between; of fewer than ten it would say how they answered. So no two published maps lie
closer together: not while people answer, not at the close, and not when an account is erased after it. Who came too
late for the last renewal stands in the plain totals of each statement, and the page says how many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from cogov.opinion.rules.sight import LEAST

GONE = "gone"
"""Under this the number of those who were counted and have been forgotten since."""


def counted(votes: Iterable[tuple[int, int, int]]) -> dict[str, int]:
    """Return one number for all that each person answered, from rows of person, statement and answer."""
    rows: dict[int, list[tuple[int, int]]] = {}
    for who, what, value in votes:
        rows.setdefault(who, []).append((what, value))
    return {str(who): _number(answered) for who, answered in rows.items()}


def _number(answered: list[tuple[int, int]]) -> int:
    return int.from_bytes(sha256(repr(sorted(answered)).encode()).digest()[:6])


def changed(before: Mapping[str, int], now: Mapping[str, int]) -> int:
    """Return how many answered first or otherwise, took all back, or were forgotten."""
    people = {*before, *now} - {GONE}
    return before.get(GONE, 0) + sum(before.get(each) != now.get(each) for each in people)


def without(before: Mapping[str, int], person: int) -> dict[str, int]:
    """Return what was counted without anything of one person but that there was somebody."""
    left = {who: number for who, number in before.items() if who != str(person)}
    return left | {GONE: before.get(GONE, 0) + (len(left) < len(before))}


def is_renewed(behind: int) -> bool:
    """Say whether enough people stand between two maps."""
    return behind >= LEAST
