"""A connection that lay idle is asked whether it is still there; one that is only read from begins no transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from typing import cast as cast_to

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import NotSupportedError, OperationalError, ProgrammingError

from cogov.ground import db as connections
from cogov.ground.clock import now
from cogov.ground.db import db, session, writer
from cogov.ground.prepared import Prepared
from cogov.journal.models import HandledRequest, JournalHead
from tests.cast import Cast

postgres = pytest.mark.parametrize("backend", ["postgres"], indirect=True)


_HEADS = Prepared(select(JournalHead.hash), str)


def _through_the_session() -> list[str]:
    return list(session().scalars(select(JournalHead.hash)))


def _past_the_session() -> list[str]:
    return _HEADS.all({})


def _process() -> int:
    """Return the server's process that answers, and put its connection back."""
    process = int(session().execute(text("SELECT pg_backend_pid()")).scalar_one())
    session().remove()
    return process


def _address() -> str:
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _end(process: int) -> None:
    """End one of the server's processes, as a restart would."""
    with psycopg.connect(_address(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))


@postgres
def test_a_connection_that_is_gone_is_replaced_unseen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _process()
    _end(before)
    monkeypatch.setattr(connections, "IDLE", 0.0)
    assert _process() != before


@postgres
def test_one_that_goes_the_moment_it_is_used_fails_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE", 3600.0)
    before = _process()
    assert _process() == before  # the one put back last, and not asked
    _end(before)
    with pytest.raises(OperationalError):
        _process()
    session().remove()
    assert _process() != before


def _in_transaction() -> bool:
    """Say whether a transaction is open on the session's connection, as its driver knows it."""
    driver = cast_to("Any", session().connection().connection.dbapi_connection)
    return bool(driver.info.transaction_status != psycopg.pq.TransactionStatus.IDLE)


@postgres
def test_what_is_only_read_begins_no_transaction_and_stays_prepared(app: Flask) -> None:
    for _ in range(8):
        session().execute(text("SELECT number FROM journal_head WHERE number = 8"))
        assert not _in_transaction()
        session().remove()
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%number = 8'")
    assert session().scalar(prepared) == 1


@postgres
def test_what_is_read_as_of_one_moment_has_its_transaction_and_leaves_its_connection_as_it_was(app: Flask) -> None:
    process = _process()
    session().connection(execution_options={"isolation_level": "REPEATABLE READ"})
    assert session().scalar(text("SHOW transaction_isolation")) == "repeatable read"
    assert _in_transaction()
    session().remove()
    assert _process() == process
    assert not _in_transaction()


@postgres
@pytest.mark.parametrize("reading", [True, False])
def test_what_is_written_is_taken_back_whole_whether_something_was_read_before_or_not(
    app: Flask, cast: Cast, reading: bool
) -> None:
    if reading:
        session().execute(text("SELECT 1"))
    with writer(by_session=True):
        session().add(HandledRequest(person_id=cast.tenant.person_id, token="t", at=now()))
        session().flush()
        assert _in_transaction()
        session().rollback()
    assert session().scalars(select(HandledRequest)).all() == []


@postgres
@pytest.mark.parametrize("ask", [_through_the_session, _past_the_session])
def test_who_serves_while_a_table_is_changed_fails_once_and_goes_on(app: Flask, ask: Callable[[], list[str]]) -> None:
    for _ in range(8):
        there = ask()
        session().remove()
    with psycopg.connect(_address(), autocommit=True) as other:
        other.execute("ALTER TABLE journal_head ALTER hash TYPE varchar(100)")
    with pytest.raises(NotSupportedError):
        ask()
    session().remove()
    assert ask() == there


@postgres
@pytest.mark.parametrize("ask", [_through_the_session, _past_the_session])
def test_what_is_prepared_stays_so_when_something_is_taken_back(app: Flask, ask: Callable[[], list[str]]) -> None:
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%journal_head%'")
    for _ in range(8):
        ask()
    session().remove()
    before = session().scalar(prepared)
    with writer(by_session=True):
        session().execute(text("SELECT 1"))
        session().rollback()
    assert ask() == ask()
    assert session().scalar(prepared) == before == 1


@postgres
@pytest.mark.parametrize("ask", [_through_the_session, _past_the_session])
@pytest.mark.parametrize("forget", ["DEALLOCATE ALL", "DISCARD ALL"])
def test_who_is_made_to_forget_what_was_prepared_fails_once_and_goes_on(
    app: Flask, ask: Callable[[], list[str]], forget: str
) -> None:
    for _ in range(8):
        there = ask()
        session().remove()
    driver = cast_to("Any", session().connection().connection.dbapi_connection)
    driver.pgconn.exec_(forget.encode())  # behind the back of psycopg, as what stands between it and the server does it
    with pytest.raises(ProgrammingError):
        ask()
    session().remove()
    assert ask() == there


@postgres
def test_a_table_that_is_changed_costs_one_error_and_not_one_for_each_connection(app: Flask) -> None:
    with db.engine.connect() as one, db.engine.connect() as other:
        _HEADS.run({}, one)
        _HEADS.run({}, other)
    with psycopg.connect(_address(), autocommit=True) as elsewhere:
        elsewhere.execute("ALTER TABLE journal_head ALTER hash TYPE varchar(100)")
    with db.engine.connect() as one, pytest.raises(NotSupportedError):
        _HEADS.run({}, one)
    with db.engine.connect() as one, db.engine.connect() as other:
        _HEADS.run({}, one)
        _HEADS.run({}, other)


@postgres
def test_psycopg_forgets_on_a_rollback_by_what_we_tell_it_not_to(app: Flask) -> None:
    asked: list[str] = []

    def clear() -> bool:
        asked.append("clear")
        return False

    with psycopg.connect(_address()) as driver:
        cast_to("Any", driver)._prepared.clear = clear
        driver.execute("SELECT 1")
        driver.rollback()
    assert asked


def test_who_waits_to_write_keeps_no_connection_from_who_writes(app: Flask) -> None:
    all_there_are = sum(connections.IN_THIS_PROCESS)
    all_hold_one = threading.Barrier(all_there_are + 1)

    def read_then_write(_: int) -> int:
        with app.app_context():
            session().execute(text("SELECT 1"))
            all_hold_one.wait(30)
            with writer(by_session=True):
                return int(session().scalar(text("SELECT 2")) or 0)

    with ThreadPoolExecutor(all_there_are) as pool:
        with writer():
            waiting = [pool.submit(read_then_write, each) for each in range(all_there_are)]
            all_hold_one.wait(30)
            assert session().scalar(text("SELECT 3")) == 3  # from the pool, which gives up after half a minute
            session().remove()
        assert [each.result(30) for each in waiting] == [2] * all_there_are
