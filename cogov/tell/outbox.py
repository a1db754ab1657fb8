"""What goes outside: rows that are due, each sent by one worker at a time, outside any transaction.

A message is made once, by its key, in the transaction that knows of it. Sending takes a row by a lease in a short
transaction of its own, lets the channel's writer render it (which asks permission anew), carries it with no
transaction open, and marks it in another. Two workers never hold the same row. A worker that dies between taking and
marking leaves its lease behind: when that has run out the row is sent again, under the same key, from which channels
make their Message-ID or idempotency id, so that the receiver can tell a repetition. Nothing can do better than that
with a mail server that knows no transactions; where nobody dies, every key has exactly one effect.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import InstrumentedAttribute

from cogov.ground.clock import now
from cogov.ground.db import Model, session
from cogov.journal.transaction import transaction
from cogov.tell.channels import Channel
from cogov.tell.models import Sending

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
"""Longer than any sender may take; each sets its own time-outs well below."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 14

_AT_A_TIME = 500


class Later(Exception):
    """Sending failed for now, or waits for a moment (``at``) of its own instead of the growing pause.

    The code is short and names nobody; ``whole`` says that the channel reaches nobody at all just now.
    """

    def __init__(self, code: str, *, at: datetime | None = None, whole: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.whole = whole


class Never(Exception):
    """This message is not to be sent, now or later: not wanted, not permitted, already done, refused for good."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox in the hands of the one worker that sends it."""

    id: int
    key: str
    channel: Channel
    person_id: int | None
    robot_id: int | None
    payload: Mapping[str, str | int | None]
    due_at: datetime
    tries: int


Carry = Callable[[], None]
"""Hands the finished message over; called with no transaction open, and must not use the database."""

SENDERS: dict[Channel, Callable[[Outgoing], Carry]] = {}
"""For each channel what renders a message and returns what will carry it.

Both may raise ``Later`` (tried again after a growing pause) or ``Never`` (given up with its code).
"""


@dataclass(frozen=True)
class Due:
    """A message that is to be sent once, from a moment on, to a person or a robot."""

    key: str
    channel: Channel
    due_at: datetime
    person_id: int | None = None
    robot_id: int | None = None
    payload: Mapping[str, str | int | None] | None = None


def put(
    key: str,
    channel: Channel,
    *,
    due_at: datetime,
    person_id: int | None = None,
    robot_id: int | None = None,
    payload: Mapping[str, str | int | None] | None = None,
) -> bool:
    """Put a message into the outbox unless one with this key was ever there; return whether it is new.

    The payload holds numbers and codes, never words and never an address. Joins the transaction that is open.
    """
    return put_all([Due(key, channel, due_at, person_id, robot_id, payload)]) == 1


def put_all(dues: Iterable[Due]) -> int:
    """Put many messages into the outbox, each unless its key was there; return how many are new."""
    rows = [_row(due) for due in dues]
    made = 0
    with transaction():
        for start in range(0, len(rows), _AT_A_TIME):
            made += insert_new(Sending, rows[start : start + _AT_A_TIME], (Sending.key,))
    return made


def _row(due: Due) -> dict[str, object]:
    return {
        "key": due.key,
        "channel": due.channel,
        "person_id": due.person_id,
        "robot_id": due.robot_id,
        "payload": json.dumps(due.payload or {}, sort_keys=True, separators=(",", ":")),
        "due_at": due.due_at,
        "next_try_at": due.due_at,
        "tries": 0,
        "error": "",
    }


def insert_new(model: type[Model], rows: list[dict[str, object]], unique: Sequence[InstrumentedAttribute[Any]]) -> int:
    """Insert rows but for those that are there, by the columns that tell them apart; return how many are new."""
    on_sqlite = session().get_bind().dialect.name == "sqlite"
    insert = insert_on_sqlite if on_sqlite else insert_on_postgresql
    statement = insert(model).values(rows).on_conflict_do_nothing(index_elements=list(unique)).returning(unique[0])
    return len(session().scalars(statement).all())


def send_due(limit: int = 500, *, seconds: float = 30.0) -> int:
    """Send what is due, one after the other, for so many rows and about so long at most; return how many were sent.

    The rest waits for the next call: clocks that run out must not wait for a slow mail server.
    """
    sent, asleep, until = 0, set[Channel](), time.monotonic() + seconds
    for _ in range(limit):
        outgoing = _take(asleep) if time.monotonic() < until else None
        if outgoing is None:
            break
        try:
            sent += _send(outgoing)
        except Later as later:
            _put_off(outgoing, later)
            if later.whole:
                asleep.add(outgoing.channel)
    return sent


def _send(outgoing: Outgoing) -> int:
    try:
        if outgoing.tries > MOST_TRIES:
            raise Never("worker_died")
        carry = SENDERS[outgoing.channel](outgoing)
        # Rendering has read; what it read with is given back before anything goes over the network.
        session().rollback()
        carry()
    except Later:
        raise
    except Never as never:
        _mark(_held(outgoing), gave_up_at=now(), error=never.code)
        return 0
    except Exception as error:
        log.exception("sending_failed", sending=outgoing.id, channel=outgoing.channel)
        raise Later("failed") from error
    # It has gone out, whoever else may believe to hold it.
    _mark(Sending.id == outgoing.id, sent_at=now(), error="")
    return 1


def _take(asleep: Iterable[Channel]) -> Outgoing | None:
    """Take the row that has waited longest, for as long as the lease; every taking counts as a try."""
    with transaction():
        row = session().scalars(_waiting(now(), asleep)).one_or_none()
        if row is None:
            return None
        row.taken_until = now() + LEASE
        row.tries += 1
        return Outgoing(
            id=row.id,
            key=row.key,
            channel=row.channel,
            person_id=row.person_id,
            robot_id=row.robot_id,
            payload=json.loads(row.payload),
            due_at=row.due_at,
            tries=row.tries,
        )


def _waiting(at: datetime, asleep: Iterable[Channel]) -> Select[Sending]:
    return (
        select(Sending)
        .where(
            Sending.sent_at.is_(None),
            Sending.gave_up_at.is_(None),
            Sending.next_try_at <= at,
            or_(Sending.taken_until.is_(None), Sending.taken_until <= at),
            Sending.channel.in_(set(SENDERS) - set(asleep)),
        )
        .order_by(Sending.next_try_at, Sending.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _held(outgoing: Outgoing) -> ColumnElement[bool]:
    """Say that nobody has taken the row since: each taking has a number of its own."""
    return (Sending.id == outgoing.id) & (Sending.tries == outgoing.tries)


def _mark(which: ColumnElement[bool], **values: object) -> None:
    with transaction():
        session().execute(
            update(Sending)
            .where(which, Sending.sent_at.is_(None), Sending.gave_up_at.is_(None))
            .values(taken_until=None, **values)
            .execution_options(synchronize_session=False)
        )


def _put_off(outgoing: Outgoing, later: Later) -> None:
    if outgoing.tries >= MOST_TRIES:
        _mark(_held(outgoing), gave_up_at=now(), error=later.code)
    else:
        again = later.at or now() + pause_after(outgoing.tries)
        _mark(_held(outgoing), next_try_at=again, error=later.code)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: a minute, two, four … never more than six hours."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, 16)
    return min(LONGEST_PAUSE, doubled)


def to_send_between(after: datetime, until: datetime) -> bool:
    """Say whether a row that is still to be sent came to its time after one moment, up to another."""
    its_time = (Sending.next_try_at > after) & (Sending.next_try_at <= until)
    still = (Sending.sent_at.is_(None)) & (Sending.gave_up_at.is_(None))
    return bool(session().scalar(select(exists().where(its_time, still))))


def forget_done(before: datetime) -> None:
    """Delete what was sent or given up so long ago that its key can never be put again."""
    with transaction():
        session().execute(delete(Sending).where(or_(Sending.sent_at < before, Sending.gave_up_at < before)))
