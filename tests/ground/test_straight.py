"""The straight way: what is needed together stays prepared together, and who is interrupted spoils nothing."""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text

from cogov.ground.db import db, session
from cogov.ground.driver import STRAIGHT
from cogov.ground.straight import BEGIN, COMMIT, Straight
from cogov.journal.models import HandledRequest
from cogov.journal.sealing import verify
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.events import ProblemSeconded
from tests.cast import Cast

postgres = pytest.mark.parametrize("backend", ["postgres"], indirect=True)


@verb
def say_it(by: Actor, token: str) -> None:
    """Record one thing, and change a row besides."""
    insist_once(by, token)
    record(ProblemSeconded(1), by, subject=("problem", 7))


def _tokens() -> list[str]:
    return list(session().scalars(select(HandledRequest.token).order_by(HandledRequest.id)))


def _straight() -> Any:
    return session().connection().connection.info[STRAIGHT]


@postgres
def test_none_of_what_is_sent_together_gives_way_to_another(cast: Cast) -> None:
    say_it(cast.resident, "begun")
    say_it(cast.resident, "linked")
    straight: Any = _straight()
    straight._most = len(straight._prepared)
    linking = next(each for each in straight._prepared if each.startswith("WITH"))
    for first, missing in ((linking, COMMIT), (COMMIT, linking)):
        # The one is what was prepared longest ago, the other is not prepared, and there is room for no more.
        name = straight._prepared.pop(missing)
        straight._libpq.exec_(b"DEALLOCATE " + name)
        straight._prepared = {first: straight._prepared.pop(first), **straight._prepared}
        straight._most = len(straight._prepared)
        say_it(cast.resident, f"without {missing[:6]}")
        assert _straight() is straight
    assert _tokens() == ["begun", "linked", "without COMMIT", "without WITH h"]


@postgres
def test_what_every_act_needs_never_gives_way(app: Flask, cast: Cast) -> None:
    say_it(cast.resident, "begun")
    straight: Straight = _straight()
    straight._most = 4
    for number in range(12):
        straight.ask(f"SELECT {number}", ())
    assert {BEGIN, COMMIT} < set(straight._prepared)
    prepared = {row[0] for row in straight.ask("SELECT statement FROM pg_prepared_statements", ())}
    assert {BEGIN, COMMIT, "SELECT 11"} < prepared
    assert "SELECT 3" not in prepared


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _interrupt_who_waits(other: psycopg.Connection[Any]) -> None:
    """Send this process a signal once the server has somebody wait for a row."""
    for _ in range(200):
        if other.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone():
            break
        time.sleep(0.05)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)


@postgres
def test_who_is_interrupted_while_waiting_for_the_journal_is_told_so_and_keeps_nothing(app: Flask, cast: Cast) -> None:
    say_it(cast.resident, "before")
    process = session().scalar(text("SELECT pg_backend_pid()"))
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    session().remove()
    before = signal.signal(signal.SIGUSR1, _interrupted)
    try:
        with psycopg.connect(address) as holding, psycopg.connect(address, autocommit=True) as other:
            holding.execute("SELECT * FROM journal_head FOR UPDATE")
            interrupting = threading.Thread(target=_interrupt_who_waits, args=(other,))
            interrupting.start()
            with pytest.raises(KeyboardInterrupt):
                say_it(cast.resident, "interrupted")
            interrupting.join()
            # The server has given up before the row is free, so nothing of it can be kept behind our back.
            for _ in range(100):
                if not other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (process,)).fetchone():
                    break
                time.sleep(0.05)
            holding.rollback()
    finally:
        signal.signal(signal.SIGUSR1, before)
    say_it(cast.resident, "behind")
    assert _tokens() == ["before", "behind"]
    assert session().scalar(text("SELECT pg_backend_pid()")) != process
    assert verify().faults == ()
