"""Statements that are put together once and go to the driver at once: what every act asks and writes.

Through the ORM a statement of one row takes 45 µs, through a connection of SQLAlchemy 18, from here 7, of which the
database itself takes one or two; a dozen of them made up most of what an act costs. What is asked here stays
SQLAlchemy's: its text, its types and its errors, the transaction of the session, and whoever listens on the engine
hears of it. Nothing is written down beforehand, so no row of the session may wait to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    Connection,
    Dialect,
    Insert,
    LargeBinary,
    Select,
    Table,
    Update,
    insert,
)

from cogov.ground.db import Model, connection
from cogov.ground.driver import execute, execute_last, straight_of
from cogov.ground.straight import numbered

T = TypeVar("T")
Convert = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | Update | Insert


@dataclass(frozen=True)
class _Put:
    """A statement as one kind of database is told it."""

    text: str
    places: tuple[str, ...]
    """The order of the values."""

    given: tuple[tuple[str, Convert | None], ...]
    """What has to be given by whoever asks, and how the driver takes it."""

    fixed: Mapping[str, Any]
    """What stands in the statement itself."""

    read: tuple[tuple[int, Convert], ...]
    """Which columns are not what the driver returns, and what makes them so."""

    returns: bool
    """Whether there are rows to be read; to ask the driver takes it as long as to read them."""

    def parameters(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values as the driver takes them."""
        made = dict(self.fixed)
        for name, convert in self.given:
            made[name] = values[name] if convert is None else convert(values[name])
        return tuple([made[place] for place in self.places])

    def row(self, found: Sequence[Any]) -> Sequence[Any]:
        """Return a row with the types of its columns."""
        if not self.read:
            return found
        values = list(found)
        for index, convert in self.read:
            values[index] = convert(values[index])
        return values


class Prepared(Generic[T]):
    """A statement on columns, whose rows become what ``made`` makes of their values."""

    def __init__(
        self,
        statement: Statement,
        made: Callable[..., T],
        *,
        columns: Sequence[str] | None = None,
        anew: bool = False,
    ) -> None:
        self.statement = statement
        self._anew = anew
        self._made = made
        self._columns = columns
        self._put: dict[str, _Put] = {}

    def all(self, values: Mapping[str, Any]) -> list[T]:
        """Return what is found."""
        put, rows = self._run(values)
        return [self._made(*put.row(row)) for row in rows]

    def one_or_none(self, values: Mapping[str, Any]) -> T | None:
        """Return the one row there can be, or None."""
        found = self.all(values)
        if len(found) > 1:
            raise RuntimeError("there are several where there can be one")
        return found[0] if found else None

    def run(self, values: Mapping[str, Any], on: Connection | None = None) -> None:
        """Write, and ask for nothing."""
        self._run(values, on)

    def run_last(self, values: Mapping[str, Any]) -> bool:
        """Write and commit in one way to the database; say whether it has such a way, or else nothing is done."""
        on = connection()
        straight = straight_of(on)
        if straight is None:
            return False
        put = self._put.get(on.dialect.name) or self._put_for(on.dialect)
        execute_last(on, straight, put.text, put.parameters(values))
        return True

    def run_many(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the same of many, in one way to the database."""
        if len(rows) <= 1:
            for values in rows:
                self._run(values)
            return
        on = connection()
        put = self._put.get(on.dialect.name) or self._put_for(on.dialect)
        given = [put.parameters(values) for values in rows]
        if on.dialect.name == "postgresql" and isinstance(self.statement, Insert):
            # As one value that the server takes apart: the driver takes 55 µs to send each, and this takes 5.
            _insist_json_holds(self.statement)
            written = json.dumps([dict(zip(put.places, each, strict=True)) for each in given], default=_in_words)
            execute(on, _together(on.dialect, self.statement, put.places), (written,), returns=False)
        else:
            execute(on, put.text, given, returns=False, many=True)

    def _run(self, values: Mapping[str, Any], on: Connection | None = None) -> tuple[_Put, Sequence[Sequence[Any]]]:
        on = on or connection()
        put = self._put.get(on.dialect.name) or self._put_for(on.dialect)
        return put, execute(on, put.text, put.parameters(values), returns=put.returns, anew=self._anew)

    def _put_for(self, dialect: Dialect) -> _Put:
        named = None if self._columns is None else list(self._columns)
        compiled = cast("Any", self.statement.compile(dialect=dialect, column_keys=named))
        if getattr(compiled, "insert_prefetch", None) or getattr(compiled, "update_prefetch", None):
            raise TypeError("a column would be filled in by what is not asked here")
        asked = {bound.key for bound in compiled.binds.values() if bound.required}
        # Lists stand in the statement itself, and are written out once.
        state = compiled.construct_expanded_state(dict.fromkeys(asked))
        text, places = state.statement, tuple(state.positiontup or ())
        if dialect.name == "postgresql":
            text, places = numbered(text)
        given, fixed = [], {}
        for place, value in state.parameters.items():
            convert = _bound(compiled.binds.get(place), dialect) or state.processors.get(place)
            if place in asked:
                given.append((place, convert))
            else:
                fixed[place] = value if convert is None else convert(value)
        columns = list(cast("Any", self.statement).exported_columns)
        read = [
            (index, convert)
            for index, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        put = _Put(text, places, tuple(given), fixed, tuple(read), bool(columns))
        self._put[dialect.name] = put
        return put


def _bound(bound: BindParameter[Any] | None, dialect: Dialect) -> Convert | None:
    """Return what makes of a value what the driver takes; SQLite keeps moments without their zone, for one."""
    return bound.type.dialect_impl(dialect).bind_processor(dialect) if bound is not None else None


def _together(dialect: Dialect, adding: Insert, columns: Sequence[str]) -> str:
    """Return the statement that adds all rows of one value to a table."""
    quoted = dialect.identifier_preparer
    table, named = quoted.format_table(cast("Table", adding.table)), ", ".join(map(quoted.quote, columns))
    return f"INSERT INTO {table} ({named}) SELECT {named} FROM json_populate_recordset(NULL::{table}, $1::json)"  # noqa: S608


def _insist_json_holds(adding: Insert) -> None:
    """Refuse what would arrive as something else in one value: bytes, JSON inside it, and what follows the rows."""
    unfit = [each.name for each in cast("Table", adding.table).columns if isinstance(each.type, LargeBinary | JSON)]
    if unfit or adding._post_values_clause is not None:
        raise TypeError(f"many rows of {adding.table} cannot be sent as one value: {', '.join(unfit) or 'ON CONFLICT'}")


def _in_words(value: object) -> str:
    """Write in JSON what it has no word for, as PostgreSQL reads it."""
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is nothing that is sent in JSON")


def as_they_are(*values: Any) -> tuple[Any, ...]:
    """Return the values of a row."""
    return values


class Adding:
    """Adding one row to a table, given what its columns hold; what is left out is the column's default, or empty."""

    def __init__(self, model: type[Model]) -> None:
        self.table = cast("Table", model.__table__)
        numbered = self.table.autoincrement_column
        columns = [column for column in self.table.columns if column is not numbered]
        self._rest = {column.name: _default(column) for column in columns if _may_be_left_out(column)}
        statement = insert(self.table).inline() if numbered is None else insert(self.table).returning(numbered)
        names = [column.name for column in columns]
        self._statement: Prepared[int] = Prepared(statement, int, columns=names)

    def run(self, **values: Any) -> int:
        """Add a row, and return the number that the database gave it (0 where it gives none)."""
        return self._statement.one_or_none({**self._rest, **values}) or 0

    def run_many(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add many rows in one way to the database."""
        self._statement.run_many([{**self._rest, **values} for values in rows])


def _may_be_left_out(column: Column[Any]) -> bool:
    return bool(column.nullable) or (column.default is not None and column.default.is_scalar)


def _default(column: Column[Any]) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None  # type: ignore[attr-defined]
