"""What is handed to a database's driver at once, past SQLAlchemy, and told as SQLAlchemy tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from cogov.ground.straight import COMMIT, Straight

STRAIGHT = "straight"
"""Under which name a connection holds its straight way."""

CHANGED, FORGOTTEN = "0A000", "26000"
"""What PostgreSQL says of a statement that was prepared before its table was changed, as by an upgrade while we serve,
and of one that it knows no more: somebody between us and it, or we ourselves, had the connection forget all of them."""


def is_stale(error: BaseException | None) -> bool:
    """Say whether what was prepared on a connection can be used no more; a new one prepares it anew."""
    return getattr(error, "sqlstate", None) in {CHANGED, FORGOTTEN}


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


def straight_of(on: Connection) -> Straight | None:
    """Return the straight way of a connection where there is one."""
    straight: Straight | None = on.connection.info.get(STRAIGHT)
    return straight if straight is not None and straight.is_open() else None


def commit_straight(on: Connection) -> bool:
    """Commit where that has a straight way, so that the session finds nothing left to commit; elsewhere it does it."""
    straight = straight_of(on)
    if straight is None:
        return False
    try:
        straight.ask(COMMIT, ())
    except on.dialect.loaded_dbapi.Error as error:
        raise _as_elsewhere(error, on, COMMIT, None, None) from error
    return True


def execute_last(on: Connection, straight: Straight, text: str, parameters: Any) -> None:
    """Hand over the last statement of a transaction together with its COMMIT.

    Whether an act was kept that is interrupted here, nobody knows who does not look.
    """
    try:
        _tell(on, None, text, parameters, many=False)
        straight.ask_last(text, parameters)
    except on.dialect.loaded_dbapi.Error as error:
        raise _as_elsewhere(error, on, text, parameters, None) from error
    except BaseException as error:  # interrupted, and so closed: nobody else may be given it, nor asks it to roll back
        on.invalidate(error)
        raise


def _as_elsewhere(error: Exception, on: Connection, text: str, parameters: Any, cursor: Any) -> BaseException:
    """Return an error of the driver as SQLAlchemy tells of it; a connection that is lost is used no more."""
    lost = is_stale(error) or on.dialect.is_disconnect(cast("Any", error), cast("Any", on.connection), cursor)
    if lost and not on.invalidated:
        # As SQLAlchemy does: what one connection holds no more, those made before it mostly do not hold either. Each is
        # replaced when it is taken out next, so that a table that is changed costs one error and not one for each.
        cast("Any", on.engine.pool)._invalidate(on.connection, error)
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
