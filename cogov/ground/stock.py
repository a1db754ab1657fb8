"""What the database knows of how its tables are filled, by which it picks the index for a question.

PostgreSQL looks by itself, in its own time (autovacuum). SQLite looks only when told; until then it takes every place
to have a handful of problems, and goes through a hundred thousand of them to find one.
"""

from __future__ import annotations

from sqlalchemy import Connection

from cogov.ground.db import db, writer

SAMPLE = 400
"""So many rows of an index are looked at: enough to tell few from many, and done in milliseconds."""

LARGE = 1_000
"""A table of more rows is looked at by itself, so that nobody who writes waits for more than one."""


def take_stock() -> None:
    """Let SQLite look at its tables, but those that are empty, of which it should believe nothing yet."""
    if db.engine.dialect.name != "sqlite":
        return
    for names in _groups():
        with writer(), db.engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {SAMPLE}")
            for name in names:
                connection.exec_driver_sql(f'ANALYZE "{name}"')


def _groups() -> list[list[str]]:
    """Return the names of the small tables together and of each large one alone."""
    names = [table.name for table in db.metadata.sorted_tables]
    # Asked in the driver's own words: there are three hundred of these questions, each of a few steps.
    with db.engine.connect() as connection:
        filled = [name for name in names if _has_more_than(connection, name, 0)]
        large = [name for name in filled if _has_more_than(connection, name, LARGE)]
    return [*([name] for name in large), [name for name in filled if name not in large]]


def _has_more_than(connection: Connection, name: str, rows: int) -> bool:
    question = f'SELECT 1 FROM "{name}" LIMIT 1 OFFSET {rows}'  # noqa: S608 - a table of ours, and a number
    return connection.exec_driver_sql(question).first() is not None
