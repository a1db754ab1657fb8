"""What the database knows of how its tables are filled, by which it picks the index for a question.

PostgreSQL looks by itself, in its own time (autovacuum). SQLite looks only when told; until then it takes every place
to have a handful of problems, and goes through a hundred thousand of them to find one.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, select

from cogov.ground.db import db, session, writer

SAMPLE = 400
"""So many rows of an index are looked at: enough to tell few from many, and done in milliseconds."""

LARGE = 1_000
"""A table of more rows is looked at by itself, so that nobody who writes waits for more than one."""


def take_stock() -> None:
    """Let SQLite look at its tables, but those that are empty, of which it should believe nothing yet."""
    if db.engine.dialect.name != "sqlite":
        return
    for tables in list(_groups()):
        with writer(), db.engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {SAMPLE}")
            for table in tables:
                connection.exec_driver_sql(f'ANALYZE "{table.name}"')


def _groups() -> Iterator[list[Table]]:
    """Return the small tables together and each large one alone."""
    small = []
    for table in db.metadata.sorted_tables:
        if _has_more_than(table, LARGE):
            yield [table]
        elif _has_more_than(table, 0):
            small.append(table)
    yield small


def _has_more_than(table: Table, rows: int) -> bool:
    first = next(iter(table.primary_key.columns))
    return session().scalar(select(first).offset(rows).limit(1)) is not None
