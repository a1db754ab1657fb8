"""Keeping how far somebody has read: theirs alone, and never written down in the journal."""

from __future__ import annotations

from sqlalchemy import select

from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import verb
from cogov.people.rules import Actor
from cogov.problems.queries import problem_for
from cogov.threads.models import ReadingMark
from cogov.threads.queries.reading import last_read_entry

_MARKED = Refusal("marked_meanwhile", say("已经记下您看到哪里了。"))


@verb
def mark_read(by: Actor, number: str, *, message: int | None = None) -> None:
    """Remember that a reader has read a thread up to a message, or all of it; the mark never goes back."""
    insist(Refusal("sign_in_first", say("请先登录。"), status=403) if by.person_id is None else None)
    problem = problem_for(by, number)
    entry = last_read_entry(problem.id, message)
    query = select(ReadingMark).where(ReadingMark.problem_id == problem.id, ReadingMark.person_id == by.person_id)
    # Two pages of one reader, read at once, do not take the mark back: each waits for the other.
    mark = session().scalars(for_change(query), execution_options={"populate_existing": True}).one_or_none()
    if mark is None:
        mark = ReadingMark(problem_id=problem.id, person_id=found(by.person_id), entry=entry)
        with unless_taken(_MARKED):
            session().add(mark)
    mark.entry = max(mark.entry, entry)
