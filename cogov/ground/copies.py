"""Copies for the person whom rows are about: everything that is kept of them, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.ground.db import session

Copies = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table; ``table.column`` where only the numbers of rows are given."""

SECRETS = frozenset(
    {
        "salt",
        "verdict_salt",
        "cancel_salt",
        "nonce",
        "password_hash",
        "token_hash",
        "code_hash",
        "sealed_secret",
        "terms",
    }
)
"""What opens or proves something: of no use in a copy, and of use to a thief."""


def names_persons(column: Column[Any]) -> bool:
    """Say whether a column holds the number of a person."""
    points = any(key.target_fullname == "person.id" for key in column.foreign_keys)
    return points or column.name in ("person_id", "actor_id", "by") or column.name.endswith("_by")


def _table(attribute: InstrumentedAttribute[Any]) -> Table:
    table = attribute.property.columns[0].table
    assert isinstance(table, Table)
    return table


def _name(attribute: InstrumentedAttribute[Any]) -> str:
    return str(attribute.property.columns[0].name)


def address(attribute: InstrumentedAttribute[Any]) -> tuple[str, str]:
    """Return table and column of what a copy is made by."""
    return _table(attribute).name, _name(attribute)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _rows(attribute: InstrumentedAttribute[Any], person_id: int) -> list[dict[str, Any]]:
    table, own = _table(attribute), _name(attribute)
    shown = [c for c in table.columns if c.name not in SECRETS and (c.name == own or not names_persons(c))]
    query = select(*shown).where(table.c[own] == person_id).order_by(*table.primary_key.columns)
    return [{name: _plain(value) for name, value in row.items()} for row in session().execute(query).mappings()]


def _numbers(attribute: InstrumentedAttribute[Any], person_id: int) -> list[dict[str, Any]]:
    table, own = _table(attribute), _name(attribute)
    query = select(*table.primary_key.columns).where(table.c[own] == person_id).order_by(*table.primary_key.columns)
    return [dict(row) for row in session().execute(query).mappings()]


def copies(
    person_id: int,
    about: Iterable[InstrumentedAttribute[Any]],
    done: Iterable[InstrumentedAttribute[Any]] = (),
) -> Copies:
    """Return the rows that are about a person, and the numbers of others' rows on which they acted.

    The columns of ``about`` say whose a row is; numbers of other persons and secrets are left out of it.
    """
    found = {_table(attribute).name: _rows(attribute, person_id) for attribute in about}
    return found | {".".join(address(attribute)): _numbers(attribute, person_id) for attribute in done}


def addresses(*groups: Sequence[InstrumentedAttribute[Any]]) -> set[tuple[str, str]]:
    """Return table and column of everything that copies are made by."""
    return {address(attribute) for group in groups for attribute in group}
