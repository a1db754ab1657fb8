"""What asked somebody to act asks no longer once it is settled, by whomever: it stays as news, without the call."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator

import structlog
from sqlalchemy import select, update

from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.tell.audience.finding import asks, audience
from cogov.tell.models import Notification

log = structlog.get_logger()

_ASKED_BY = {
    **dict.fromkeys(
        ("AmendmentAccepted", "AmendmentRejected", "AmendmentPromoted", "AmendmentWithdrawn"),
        (frozenset({"AmendmentProposed"}), "amendment"),
    ),
    **dict.fromkeys(
        ("ConcernAnswered", "ConcernOverruled", "ConcernWithdrawn"),
        (frozenset({"ConcernRaised", "ConcernOverdue"}), "concern"),
    ),
}
"""By what settles something: what asked for it, and the fact in which both name it."""


Settled = tuple[int, int, set[int]]
"""By which entry something was settled, by which it was asked for, and of whom."""


def settled_by(entries: Iterable[JournalEntry]) -> list[Settled]:
    """Return what these entries settle; where that cannot be found out, the call stays until it is read."""
    found: list[Settled] = []
    for number, kind in [(entry.number, entry.kind) for entry in entries]:
        if kind in _ASKED_BY:
            try:
                found += _settled(number)
            except Exception:
                session().rollback()
                log.exception("call_not_settled", number=number)
    return found


def _settled(number: int) -> Iterator[Settled]:
    entry = session().scalars(select(JournalEntry).where(JournalEntry.number == number)).one()
    for asking in _asking(entry):
        asked = {person for person, why in audience(asking).items() if asks(asking.kind, why)}
        # Who settled it may have come to the office after it was asked.
        yield number, asking.number, asked | ({entry.actor_id} if entry.actor_id is not None else set())


def quieten(settled: Iterable[Settled], numbers: Collection[int]) -> None:
    """Take the call from the notifications of what some entries settled, of each person by the index of theirs."""
    for number, asking, people in settled:
        if number in numbers:
            session().execute(
                update(Notification)
                .where(
                    Notification.person_id.in_(people),
                    Notification.entry_number == asking,
                    Notification.needs.is_(True),
                )
                .values(needs=False)
                .execution_options(synchronize_session=False)
            )


def _asking(entry: JournalEntry) -> list[JournalEntry]:
    kinds, name = _ASKED_BY[entry.kind]
    query = select(JournalEntry).where(
        JournalEntry.subject_kind == entry.subject_kind,
        JournalEntry.subject_id == entry.subject_id,
        JournalEntry.kind.in_(kinds),
        JournalEntry.number < entry.number,
    )
    about = json.loads(entry.facts)[name]
    return [each for each in session().scalars(query) if json.loads(each.facts)[name] == about]
