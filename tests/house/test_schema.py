"""The migrations make what the models say, and can be taken back and made again."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from cogov.ground.db import db
from cogov.ground.search import made_by_hand
from tests.cast import Cast, make_cast
from tests.databases import both

GUARDED = ("UPDATE journal_entry SET facts = '{}'", "DELETE FROM journal_entry")


def _differences() -> list[object]:
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda _item, name, *_rest: not made_by_hand(name)}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, db.metadata))


def _checks_in_models() -> set[tuple[str, str]]:
    return {
        (table.name, str(constraint.name))
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def _checks_in_database() -> set[tuple[str, str]]:
    seen = inspect(db.engine)
    return {(table, str(check["name"])) for table in db.metadata.tables for check in seen.get_check_constraints(table)}


def _rows() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in db.metadata.tables.items()
        }


@both
def test_migrations_make_what_the_models_say(app: Flask):
    assert _differences() == []
    assert _checks_in_database() == _checks_in_models()


@both
def test_a_database_nobody_migrated_differs(app: Flask):
    db.session.execute(text("DROP TABLE notification"))
    db.session.commit()
    assert _differences() != []


@both
def test_migrations_go_down_and_up_again_on_a_loaded_database(app: Flask, cast: Cast):
    loaded = _rows()
    assert loaded["person"] > 0
    assert loaded["journal_entry"] > 0
    db.session.remove()

    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()
    assert _differences() == []
    assert _checks_in_database() == _checks_in_models()
    make_cast()
    assert _rows() == loaded
    for statement in GUARDED:
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
        db.session.rollback()
