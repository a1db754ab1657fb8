"""The closing of an account, and the copy that one takes before it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.kept import kept
from cogov.journal.models import JournalEntry
from cogov.people.models import Leaving
from cogov.people.rules import Actor


def last_export(actor: Actor) -> datetime | None:
    """Return when a person last took a copy of what is kept about them."""
    query = select(JournalEntry.at).where(
        JournalEntry.subject_kind == "person",
        JournalEntry.subject_id == actor.person_id,
        JournalEntry.kind == "DataExported",
    )
    return session().scalar(query.order_by(JournalEntry.number.desc()).limit(1))


def closing_of(person_id: int | None) -> Leaving | None:
    """Return the closing of an account that was asked for and has yet to come."""
    query = select(Leaving).where(
        Leaving.person_id == person_id, Leaving.taken_back_at.is_(None), Leaving.done_at.is_(None)
    )
    return session().scalars(query).one_or_none()


def closing_due(person_id: int | None) -> datetime | None:
    """Return when a person's account is going to be closed; asked for with every home page, and rarely so."""
    return kept(("closings",), _closings).get(person_id or 0)


def _closings() -> dict[int, datetime]:
    query = select(Leaving.person_id, Leaving.due_at).where(Leaving.taken_back_at.is_(None), Leaving.done_at.is_(None))
    return {row.person_id: row.due_at for row in session().execute(query)}
