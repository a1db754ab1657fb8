"""PostgreSQL numbers, links and commits an entry in one way: to the byte what we would do ourselves, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from cogov.ground.db import db, session
from cogov.ground.straight import Straight
from cogov.journal.models import HandledRequest, JournalEntry, JournalHead
from cogov.journal.sealing import verify
from cogov.journal.transaction import insist_once, record, transaction, verb
from cogov.people.rules import Actor
from cogov.problems.events import ProblemSeconded
from tests.cast import Cast
from tests.storms import at_once

postgres = pytest.mark.parametrize("backend", ["postgres"], indirect=True)
Counting = Callable[[], AbstractContextManager[Any]]


@verb
def say_it(by: Actor, what: Any, token: str | None = None) -> None:
    """Record one thing, and with a token change a row besides."""
    insist_once(by, token)
    record(ProblemSeconded(what), by, subject=("problem", 7))


@verb
def say_it_without_a_head(by: Actor) -> None:
    """Do as somebody would who has taken the head away."""
    session().execute(delete(JournalHead))
    say_it(by, 2, "lost")


@verb
def say_it_and_end(by: Actor, address: str, process: int) -> None:
    """Say something, and have the server end the process that would commit it."""
    say_it(by, 2, "lost")
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", (process,))


def _numbers() -> list[int]:
    return list(session().scalars(select(JournalEntry.number).order_by(JournalEntry.number)))


def _tokens() -> list[str]:
    return list(session().scalars(select(HandledRequest.token).order_by(HandledRequest.id)))


def _server() -> tuple[str, int]:
    """Return the address of the database, and the server's process that answers this session."""
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return address, int(session().execute(text("SELECT pg_backend_pid()")).scalar_one())


@postgres
@pytest.mark.parametrize("words", ["plain", '引号"和\\斜线', "🚲\n\t\u2028 %s {} $1 '", ""])
def test_what_the_database_links_is_to_the_byte_what_we_would_link(cast: Cast, counted: Counting, words: str) -> None:
    say_it(cast.resident, 1)  # on a connection that knows of no entry yet, we look for the head
    with counted() as count:
        say_it(cast.resident, words)
    assert [statement.split()[0] for statement in count.statements] == ["WITH"]
    assert session().scalars(select(JournalEntry.facts).order_by(JournalEntry.number.desc())).first()
    assert verify().faults == ()


@postgres
def test_many_at_once_are_numbered_one_after_the_other(app: Flask, cast: Cast) -> None:
    say_it(cast.resident, 0)
    before = _numbers()
    session().remove()

    def thrice(index: int) -> None:
        for turn in range(3):
            say_it(cast.resident, index, f"{index}-{turn}")

    assert at_once(app, 12, thrice) == [None] * 12
    assert _numbers() == [*before, *range(before[-1] + 1, before[-1] + 37)]
    assert len(_tokens()) == 36
    assert verify().faults == ()


@postgres
def test_the_first_act_of_all_begins_the_journal(cast: Cast) -> None:
    address, _ = _server()
    session().remove()
    db.engine.dispose()  # no connection has seen the journal begun
    with psycopg.connect(address) as other:
        other.execute("SET session_replication_role = replica")  # else the journal's triggers would refuse it
        other.execute("TRUNCATE journal_entry, journal_head CASCADE")
    say_it(cast.resident, 1, "first")
    say_it(cast.resident, 2, "second")
    assert (_numbers(), _tokens()) == ([1, 2], ["first", "second"])
    assert verify().faults == ()


@postgres
def test_where_the_head_is_gone_nothing_is_committed(cast: Cast) -> None:
    say_it(cast.resident, 1)
    before = _numbers()
    with pytest.raises(IntegrityError):
        say_it_without_a_head(cast.resident)
    assert (_numbers(), _tokens()) == (before, [])
    say_it(cast.resident, 3, "kept")
    assert (len(_numbers()), _tokens()) == (len(before) + 1, ["kept"])
    assert verify().faults == ()


@postgres
def test_a_commit_that_fails_leaves_no_entry_and_the_connection_as_it_was(cast: Cast) -> None:
    late = "ALTER TABLE handled_request ADD CONSTRAINT late UNIQUE (token) DEFERRABLE INITIALLY DEFERRED"
    with transaction():
        session().execute(text(late))
    say_it(cast.resident, 1, "once")
    before, (_, process) = _numbers(), _server()
    with pytest.raises(IntegrityError, match="late"):
        say_it(cast.neighbour, 2, "once")
    assert (_numbers(), _tokens()) == (before, ["once"])
    say_it(cast.neighbour, 3, "twice")
    assert (_tokens(), _server()[1]) == (["once", "twice"], process)
    assert verify().faults == ()


@postgres
def test_whoever_loses_the_connection_on_the_last_way_has_said_nothing(cast: Cast) -> None:
    say_it(cast.resident, 1)
    before = _numbers()
    address, process = _server()
    session().remove()
    with pytest.raises(OperationalError):
        say_it_and_end(cast.resident, address, process)
    session().remove()
    assert (_numbers(), _tokens()) == (before, [])
    say_it(cast.resident, 3)
    assert verify().faults == ()


@postgres
def test_several_entries_at_once_and_those_past_the_straight_way_are_linked_by_us(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, counted: Counting
) -> None:
    say_it(cast.resident, 1)
    with counted() as count, transaction():
        record(ProblemSeconded(2), cast.resident)
        record(ProblemSeconded(3), cast.resident)
    assert not any(statement.startswith("WITH") for statement in count.statements)
    monkeypatch.setattr(Straight, "is_open", lambda _straight: False)
    with counted() as count:
        say_it(cast.resident, 4)
    assert not any(statement.startswith("WITH") for statement in count.statements)
    say_it(cast.resident, 5)
    assert verify().faults == ()
