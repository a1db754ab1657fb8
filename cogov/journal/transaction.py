"""One verb, one transaction: the change, its entries and what must follow stand or fall together.

Only this file commits. Entries are numbered at the very end, under the chain's lock, so that a higher number is
never visible before a lower one and no verb holds the lock while it still thinks.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar, cast

import structlog
from sqlalchemy import Table, Text, bindparam, delete, func, insert, literal, select, true, update
from sqlalchemy import cast as as_type
from sqlalchemy.exc import DBAPIError, IntegrityError

from cogov.ground.clock import now
from cogov.ground.db import connection, session, writer
from cogov.ground.driver import commit_straight
from cogov.ground.prepared import Adding, Prepared, as_they_are
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say
from cogov.journal.chain import GENESIS, Linked, behind_number, link
from cogov.journal.event import Doer, Event, canonical
from cogov.journal.models import HandledRequest, JournalEntry, JournalHead

log = structlog.get_logger()

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Recorded:
    """An event with its address, as reactions see it before it is numbered."""

    event: Event
    by: Doer
    place_id: int | None
    problem_id: int | None
    subject_kind: str
    subject_id: int | None


Reaction = Callable[[Recorded], None]

_pending: ContextVar[list[Recorded] | None] = ContextVar("pending", default=None)
_follows: dict[type[Event], Sequence[Reaction]] = {}
_after_commit: list[Callable[[], None]] = []


def follow(table: Mapping[type[Event], Sequence[Reaction]]) -> None:
    """Install the table of what must follow what (``cogov.loop``)."""
    _follows.clear()
    _follows.update(table)


def after_commit(callback: Callable[[], None]) -> None:
    """Be called after each commit that wrote entries; a failure there undoes nothing."""
    if callback not in _after_commit:
        _after_commit.append(callback)


def record(
    event: Event,
    by: Doer,
    *,
    place_id: int | None = None,
    problem_id: int | None = None,
    subject: tuple[str, int] | None = None,
) -> None:
    """Say in the journal what has just been done, in the transaction that does it."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("record() outside a transaction")
    session().flush()
    kind, subject_id = subject or ("", None)
    pending.append(Recorded(event, by, place_id, problem_id, kind, subject_id))


@contextmanager
def transaction() -> Iterator[None]:
    """Open a writing transaction, or join the one that is open."""
    if _pending.get() is not None:
        yield
        return
    pending: list[Recorded] = []
    token = _pending.set(pending)
    try:
        with writer(by_session=True):
            try:
                yield
                _react(pending)
                _number(pending)
                session().commit()
            except BaseException:
                session().rollback()
                raise
    finally:
        _pending.reset(token)
    if pending:
        for callback in _after_commit:
            _tell_of_commit(callback)


def _tell_of_commit(callback: Callable[[], None]) -> None:
    """Let one be told who wished to be; the act is kept, so nothing that fails there may look as if it were not."""
    try:
        callback()
    except Exception:
        log.exception("not_told_of_commit", callback=getattr(callback, "__qualname__", ""))


def _react(pending: list[Recorded]) -> None:
    # Reactions may record further events; the list grows while it is read.
    for recorded in pending:
        for reaction in _follows.get(type(recorded.event), ()):
            reaction(recorded)


def _number(pending: list[Recorded]) -> None:
    if not pending:
        return
    session().flush()
    if len(pending) == 1 and _linked_by_the_database(pending[0]):
        return
    held = _LOCKED_HEAD.one_or_none({})
    number, last = held or (0, GENESIS)
    rows = []
    for recorded in pending:
        number += 1
        entry = _entry(number, recorded)
        last = link(last, entry)
        rows.append({**vars(entry), "hash": last})
    _ENTER.run_many(rows)
    (_FIRST_HEAD if held is None else _NEXT_HEAD).run({"id": 1, "number": number, "hash": last})
    on = connection()
    if commit_straight(on):
        on.connection.info[_BEGUN] = True


def _linked_by_the_database(recorded: Recorded) -> bool:
    """Have PostgreSQL number, link and commit an entry in one way; say whether that could be done.

    Everybody who writes waits for the head, so it is held for no way of ours and no turn of this thread. The entry's
    time is that before the wait, so times may go back where numbers go on. On a connection that has not seen the chain
    begun, it may have to be begun.
    """
    on = connection()
    if not on.connection.info.get(_BEGUN):
        return False
    entry = _entry(0, recorded)
    return _LINK.run_last({**vars(entry), "rest": behind_number(entry)})


def _entry(number: int, recorded: Recorded) -> Linked:
    return Linked(
        number=number,
        kind=type(recorded.event).__name__,
        actor_id=recorded.by.person_id,
        organization_id=recorded.by.organization_id,
        place_id=recorded.place_id,
        problem_id=recorded.problem_id,
        subject_kind=recorded.subject_kind,
        subject_id=recorded.subject_id,
        facts=canonical(recorded.event.facts()),
        at=now(),
    )


# Each verb ends with these.
_HEAD = cast("Table", JournalHead.__table__)
_LOCKED_HEAD = Prepared(select(_HEAD.c.number, _HEAD.c.hash).with_for_update(), as_they_are)
_ENTER = Adding(JournalEntry)
_FIRST_HEAD = Prepared(insert(_HEAD).inline(), int, columns=("id", "number", "hash"))
_NEXT_HEAD = Prepared(update(_HEAD), int, columns=("number", "hash"))
_HANDLED = Adding(HandledRequest)

_BEGUN = "the journal is begun"
"""Under which name a connection knows that the head is there: it is never taken away."""


def _linking() -> Prepared[int]:
    """Return the statement that moves the head on and adds the entry it then names; ``chain.link`` does the same."""
    number = _HEAD.c.number + 1
    content = func.concat('["', _HEAD.c.hash, '",', as_type(number, Text), bindparam("rest", type_=Text))
    linked = func.encode(func.sha256(func.convert_to(content, "UTF8")), "hex")
    head = update(_HEAD).values(number=number, hash=linked).returning(_HEAD.c.number, _HEAD.c.hash).cte("head")
    entries = cast("Table", JournalEntry.__table__)
    told = [column for column in entries.columns if column.name not in ("number", "hash", "told_at")]
    given = [bindparam(column.name, type_=column.type).label(column.name) for column in told]
    # Without a head there would be no row, and so no entry of what is committed with it: an entry of no number fails.
    one = select(literal(1).label("one")).subquery("one")
    entry = select(head.c.number, head.c.hash, *given).select_from(one.outerjoin(head, true()))
    names = ["number", "hash", *(column.name for column in told)]
    return Prepared(insert(entries).from_select(names, entry, include_defaults=False), int)


_LINK = _linking()

_RETRIES = 5
_TRANSIENT = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock detected


def _is_transient(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _TRANSIENT


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Make a command one transaction; a deadlock that PostgreSQL broke is tried again from the start."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(_RETRIES):
            try:
                with transaction():
                    return function(*args, **kwargs)
            except DBAPIError as error:
                joined = _pending.get() is not None
                if joined or attempt == _RETRIES - 1 or not _is_transient(error):
                    raise
        raise AssertionError("unreachable")

    return run


_ALREADY_RECEIVED = Refusal(
    "already_received",
    say("这一条已经收到了，没有重复记录。"),
    what_next=say("请回到卷宗查看；要再写一条，请重新打开表单。"),
)


def why_not_again(by: Doer, token: str | None) -> Refusal | None:
    """Say that a request of this person was handled before, ahead of rules that would judge what it has changed."""
    if not token or by.person_id is None:
        return None
    handled = select(HandledRequest.token).where(
        HandledRequest.person_id == by.person_id, HandledRequest.token == token[:64]
    )
    return None if session().scalar(handled) is None else _ALREADY_RECEIVED


def insist_once(by: Doer, token: str | None) -> None:
    """Refuse a request that this person has already sent; a request without a token is taken as new."""
    if not token or by.person_id is None:
        return
    try:
        _HANDLED.run(person_id=by.person_id, token=token[:64], at=now())
    except IntegrityError as error:
        # The refusal ends the transaction, so nothing of it has to be put back here.
        raise Refused(_ALREADY_RECEIVED) from error


def forget_handled_requests(before: datetime) -> None:
    """Delete the tokens of requests so old that no form of theirs can still be open."""
    with transaction():
        session().execute(delete(HandledRequest).where(HandledRequest.at < before))
