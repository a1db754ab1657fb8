"""Notifications: spread from the journal after the commit, one per entry and person, safe to repeat."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by
from cogov.tell.audience import audience
from cogov.tell.models import Notification

log = structlog.get_logger()

_BATCH = 100
PAGE = 30


def spread(limit: int = _BATCH) -> int:
    """Tell people of the entries that nobody has been told of; return how many entries were handled."""
    with transaction():
        query = (
            select(JournalEntry)
            .where(JournalEntry.told_at.is_(None))
            .order_by(JournalEntry.number)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        entries = session().scalars(query).all()
        rows = [row for entry in entries for row in _tried(entry)]
        if rows:
            session().execute(insert(Notification), rows)
        if entries:
            numbers = [entry.number for entry in entries]
            session().execute(
                update(JournalEntry)
                .where(JournalEntry.number.in_(numbers))
                .values(told_at=now())
                .execution_options(synchronize_session=False)
            )
    return len(entries)


def spread_all() -> int:
    """Spread until nothing is left untold."""
    total = 0
    while handled := spread():
        total += handled
    return total


def _tried(entry: JournalEntry) -> Sequence[dict[str, object]]:
    """Tell of one entry; one that cannot be told is logged and holds up no other."""
    nested = session().begin_nested()
    try:
        rows = _rows(entry)
    except Exception:
        nested.rollback()
        log.exception("entry_not_told", number=entry.number)
        return []
    nested.commit()
    return rows


def _rows(entry: JournalEntry) -> Sequence[dict[str, object]]:
    kind = KINDS.get(entry.kind)
    if kind is None or not kind.told:
        return []
    at = now()
    return [
        {"person_id": person, "entry_number": entry.number, "problem_id": entry.problem_id, "at": at}
        for person in sorted(audience(entry))
    ]


def _of(by: Actor) -> ColumnElement[bool]:
    """Whose they are, and only those about problems that exist for the reader now: one may be hidden afterwards."""
    seen = exists().where(Problem.id == Notification.problem_id, seen_by(by))
    return and_(Notification.person_id == by.person_id, or_(Notification.problem_id.is_(None), seen))


def unread(by: Actor) -> int:
    """Return how many notifications a person has not read."""
    return session().scalar(select(func.count()).where(_of(by), Notification.read_at.is_(None))) or 0


def notifications(by: Actor, before: int | None = None) -> list[tuple[Notification, JournalEntry]]:
    """Return a page of a person's notifications with their entries, the latest first."""
    query = (
        select(Notification, JournalEntry)
        .join(JournalEntry, Notification.entry_number == JournalEntry.number)
        .where(_of(by))
        .order_by(Notification.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Notification.id < before)
    return [(notification, entry) for notification, entry in session().execute(query)]


def mark_read(by: Actor, up_to: int) -> None:
    """Mark one's notifications read up to one of them."""
    with transaction():
        session().execute(
            update(Notification)
            .where(Notification.person_id == by.person_id, Notification.id <= up_to, Notification.read_at.is_(None))
            .values(read_at=now())
        )
