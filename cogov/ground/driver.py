"""What is handed to a database's driver at once, past SQLAlchemy, and told as SQLAlchemy tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from cogov.ground.straight import Straight

STRAIGHT = "straight"
"""Under which name a connection holds its straight way."""

STALE = "0A000"
"""What PostgreSQL says of a statement that was prepared before its table was changed: an upgrade while we serve."""


def is_stale(error: BaseException | None) -> bool:
    """Say whether a connection holds what was prepared for a table that has changed since; a new one does not."""
    return getattr(error, "sqlstate", None) == STALE


def go_straight(record: Any, driver: Any, most: int) -> None:
    """Let what is put together once go straight to PostgreSQL on a new connection, with so much prepared on it."""
    record.info[STRAIGHT] = Straight(driver, most)


def execute(
    on: Connection, text: str, parameters: Any, *, returns: bool, many: bool = False, anew: bool = False
) -> Sequence[Sequence[Any]]:
    """Hand a statement to the driver, tell those who listen for statements, and return its rows.

    PostgreSQL thinks over a statement ``anew`` each time where the best way depends on what it is given.
    """
    driver = cast("Any", on.connection)
    straight: Straight | None = driver.info.get(STRAIGHT)
    cursor = None
    try:
        if straight is not None and not many and straight.is_open():
            _tell(on, None, text, parameters, many)
            return straight.ask(text, parameters, anew=anew)
        cursor = driver.cursor() if straight is None else straight.cursor()
        _tell(on, cursor, text, parameters, many)
        (cursor.executemany if many else cursor.execute)(text, parameters)
        return cast("Sequence[Sequence[Any]]", cursor.fetchall() if returns else ())
    except on.dialect.loaded_dbapi.Error as error:
        raise _as_elsewhere(error, on, text, parameters, cursor) from error
    finally:
        if cursor is not None:
            cursor.close()


def _tell(on: Connection, cursor: Any, text: str, parameters: Any, many: bool) -> None:
    for listen in cast("Any", on).dispatch.before_cursor_execute:
        listen(on, cursor, text, parameters, None, many)


def commit_straight(on: Connection) -> None:
    """Commit where that has a straight way, so that the session finds nothing left to commit; elsewhere it does it."""
    straight: Straight | None = on.connection.info.get(STRAIGHT)
    if straight is None or not straight.is_open():
        return
    try:
        straight.ask("COMMIT", ())
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
