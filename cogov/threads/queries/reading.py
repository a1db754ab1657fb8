"""How far a reader has read a thread, and what has come since; nobody else learns of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.rules import Actor
from cogov.threads.models import ReadingMark

MOST_COUNTED = 100
POSTED = "MessagePosted"


@dataclass(frozen=True)
class Reading:
    """What is new to a reader: how many messages, at most a hundred, and the first of them."""

    marked: bool
    """Whether they have read here before; who has not finds nothing new, as everything is."""

    count: int = 0
    first: int | None = None


def reading(by: Actor, problem_id: int) -> Reading | None:
    """Return what is new to a reader, in one query; none is asked for who is not signed in."""
    if by.person_id is None:
        return None
    new = and_(
        JournalEntry.problem_id == problem_id,
        JournalEntry.number > ReadingMark.entry,
        JournalEntry.kind == POSTED,
        or_(JournalEntry.actor_id.is_(None), JournalEntry.actor_id != by.person_id),
    )
    query = (
        select(JournalEntry.subject_id)
        .select_from(ReadingMark)
        .outerjoin(JournalEntry, new)
        .where(ReadingMark.problem_id == problem_id, ReadingMark.person_id == by.person_id)
        .order_by(JournalEntry.number)
        .limit(MOST_COUNTED)
    )
    rows = list(session().scalars(query))
    fresh = [message_id for message_id in rows if message_id is not None]
    return Reading(bool(rows), len(fresh), fresh[0] if fresh else None)


def last_read_entry(problem_id: int, message_id: int | None) -> int:
    """Return the last entry before the first message that came after this one; the last of all where none did."""
    of_it = JournalEntry.problem_id == problem_id
    last = session().scalar(select(func.max(JournalEntry.number)).where(of_it)) or 0
    if message_id is None:
        return last
    later = select(func.min(JournalEntry.number)).where(
        of_it, JournalEntry.kind == POSTED, JournalEntry.subject_id > message_id
    )
    first = session().scalar(later)
    return last if first is None else first - 1
