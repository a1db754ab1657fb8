"""A connection that lay idle is asked whether it is still there; one used a moment ago is not."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cogov.ground import db as connections
from cogov.ground.db import db, session

postgres = pytest.mark.parametrize("backend", ["postgres"], indirect=True)


def _process() -> int:
    """Return the server's process that answers, and put its connection back."""
    process = int(session().execute(text("SELECT pg_backend_pid()")).scalar_one())
    session().remove()
    return process


def _end(process: int) -> None:
    """End one of the server's processes, as a restart would."""
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
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
