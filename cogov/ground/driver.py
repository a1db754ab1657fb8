"""What is handed to a database's driver at once, past SQLAlchemy, and told as SQLAlchemy tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

STALE = "0A000"
"""What PostgreSQL says of a statement that was prepared before its table was changed: an upgrade while we serve."""


def is_stale(error: BaseException | None) -> bool:
    """Say whether a connection holds what was prepared for a table that has changed since; a new one does not."""
    return getattr(error, "sqlstate", None) == STALE


def execute(
    on: Connection, text: str, parameters: Any, *, returns: bool, many: bool = False, anew: bool = False
) -> Sequence[Sequence[Any]]:
    """Hand a statement to the driver, tell those who listen for statements, and return its rows.

    PostgreSQL thinks over a statement ``anew`` each time where the best way depends on what it is given.
    """
    driver = cast("Any", on.connection)
    cursor = driver.cursor()
    try:
        for listen in cast("Any", on).dispatch.before_cursor_execute:
            listen(on, cursor, text, parameters, None, many)
        how = {"prepare": False} if anew and on.dialect.name == "postgresql" else {}
        (cursor.executemany if many else cursor.execute)(text, parameters, **how)
        return cast("Sequence[Sequence[Any]]", cursor.fetchall() if returns else ())
    except on.dialect.loaded_dbapi.Error as error:
        raise _as_elsewhere(error, on, text, parameters, cursor) from error
    finally:
        cursor.close()


@contextmanager
def in_one_way(on: Connection) -> Iterator[Any]:
    """Send what is written inside all at once, and return the driver's connection, so that its COMMIT goes with it.

    It is None where that gains nothing, as SQLite is in this process. Nothing inside may ask for an answer.
    """
    driver = cast("Any", on.connection.dbapi_connection)
    if not hasattr(driver, "pipeline"):
        yield None
        return
    try:
        with driver.pipeline():
            yield driver
    except on.dialect.loaded_dbapi.Error as error:
        raise _as_elsewhere(error, on, "COMMIT", None, None) from error


def _as_elsewhere(error: Exception, on: Connection, text: str, parameters: Any, cursor: Any) -> BaseException:
    """Return an error of the driver as SQLAlchemy tells of it; a connection that is lost is used no more."""
    lost = is_stale(error) or on.dialect.is_disconnect(cast("Any", error), cast("Any", on.connection), cursor)
    if lost:
        on.invalidate(error)
    return DBAPIError.instance(
        text,
        parameters,
        error,
        cast("Any", on.dialect.loaded_dbapi.Error),
        hide_parameters=on.engine.hide_parameters,
        connection_invalidated=lost,
        dialect=on.dialect,
    )
