"""Which statement a person is asked next: first what too few have answered, then what teaches most.

Every statement gets its first `FIRST_ANSWERS`, whatever others think of it: the map's own priorities favour what is
agreed with, and would leave what is not without a verdict. After that a statement is drawn with a chance in proportion
to its priority (Polis); the lot is a hash, so that one person is asked in one order until a new map is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

FIRST_ANSWERS = 20
"""So many answers each statement gets before any statement is preferred to another; a convention."""

UNKNOWN = 1.0
"""The priority of a statement that is not on the map yet."""

LEAST_PRIORITY = 1e-6


@dataclass(frozen=True)
class Waiting:
    """A statement that a person has not answered: its id, and how many others have."""

    statement_id: int
    answered: int


def asked_next(
    participant: int, waiting: Iterable[Waiting], priorities: Mapping[str, float], first: int = FIRST_ANSWERS
) -> int | None:
    """Return the id of the statement that this participant is asked next, None when there is none left."""
    return (
        min(waiting, key=lambda each: _turn(participant, each, priorities, first), default=_NONE).statement_id or None
    )


_NONE = Waiting(0, 0)


def _turn(
    participant: int, each: Waiting, priorities: Mapping[str, float], first: int
) -> tuple[bool, float, float, int]:
    lot = _lot(participant, each.statement_id)
    if each.answered < first:
        return False, each.answered, lot, each.statement_id
    priority = max(LEAST_PRIORITY, priorities.get(str(each.statement_id), UNKNOWN))
    # The smallest of exponential lots with these rates is each statement with a chance in proportion to its rate.
    return True, -log(lot) / priority, lot, each.statement_id


def _lot(participant: int, statement_id: int) -> float:
    """Return a number above 0 and at most 1 that depends on nothing but who is asked and what."""
    drawn = hashlib.blake2b(f"{participant}.{statement_id}".encode(), digest_size=7).digest()
    return (int.from_bytes(drawn) + 1) / 2**56
