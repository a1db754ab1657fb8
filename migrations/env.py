"""Runs the migrations inside the application; tables and rows survive SQLite's way of altering tables."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from cogov.ground.db import Moment, db, writer
from cogov.ground.search import made_by_hand


def render_item(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Write our own types by what they are in the schema, so that migrations import no code of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Moment) else False


def is_ours(_item: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Leave out what the queue of background work keeps in the same database, and what models cannot say."""
    return not (kind == "table" and (name or "").startswith("huey")) and not made_by_hand(name)


def migrate(connection: Connection) -> None:
    """Run what was asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        include_object=is_ours,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.app_context(), writer(), db.engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Batch mode copies a table and drops the old one; with foreign keys on, that deletes every child row.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    migrate(connection)
    connection.commit()
    if sqlite:
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
