"""A community of many households: the cast of the tests made by commands, and households put straight into tables.

Every household is a flat with an owner who lives in it, has agreed to the terms, and holds a token and a sign-in.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, func, insert, select

from cogov import create_app
from cogov.ground.clock import now
from cogov.ground.db import Model, db, session
from cogov.ground.scopes import Scope
from cogov.journal.transaction import transaction
from cogov.people.models import ApiToken, Consent, Identity, Person, RoleHeld, SignIn
from cogov.people.queries import token_hash
from cogov.people.rules import Role
from cogov.people.rules.consents import NEEDED, VERSIONS
from cogov.people.rules.tokens import PREFIX, as_text
from cogov.places.models import Building, Owner, Ownership, Residence, Unit
from cogov.places.rules import OwnerKind, ResidenceKind
from tests.cast import HERE, Cast, make_cast

SECRET = "the-test-stand-signs-with-what-everybody-knows"  # noqa: S105
FLATS = 50
"""Flats of a building."""

AT_ONCE = 5_000
Row = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """Where the community lies and who lives there; ``url`` is empty for SQLite in the folder."""

    folder: Path
    url: str
    cast: Cast
    persons: Sequence[int]

    @property
    def kind(self) -> str:
        """Return which database it is."""
        return "postgresql" if self.url else "sqlite"

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment in which a server serves this town."""
        return {"COGOV_DATA_DIR": str(self.folder), "COGOV_DATABASE_URL": self.url, "COGOV_SECRET_KEY": SECRET}

    def token(self, person_id: int) -> str:
        """Return the token of somebody's program."""
        return f"{PREFIX}stand-{person_id}"

    def cookie(self, app: Flask, person_id: int) -> str:
        """Return the cookie of somebody's browser, as it is once they have seen a page."""
        signer: Any = app.session_interface
        held = {"_user_id": _sign_in(person_id), "_fresh": True, "csrf_token": secrets.token_hex(20)}
        signed = signer.get_signing_serializer(app).dumps(held)
        return f"{app.config['SESSION_COOKIE_NAME']}={signed}"

    def app(self, **settings: object) -> Flask:
        """Return the application over this town, in this process, which says only what went wrong."""
        here = {"DATA_DIR": str(self.folder), "DATABASE_URL": self.url, "SECRET_KEY": SECRET, "LOG_LEVEL": "WARNING"}
        return create_app({**here, **settings})

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Work on the town in this process for as long as the block lasts."""
        app = self.app()
        with app.app_context():
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


def settle(folder: Path, url: str = "", households: int = 200) -> Town:
    """Make a community in an empty folder, and in an empty database where a URL is given."""
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app({"DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": SECRET})
    with app.app_context():
        upgrade()
        cast = make_cast()
        with transaction():
            persons = move_in(cast, households)
            serving = [cast.moderator, cast.official, cast.dispatcher, cast.resident, cast.neighbour]
            _keys([found for actor in serving if (found := actor.person_id)])
            _keys(persons)
        db.session.remove()
        db.engine.dispose()
    return Town(folder, url, cast, persons)


def put(model: type[Model], rows: Sequence[Row]) -> None:
    """Insert many rows that have the same columns; PostgreSQL takes a stream of them."""
    table: Any = model.__table__
    connection = session().connection()
    if connection.dialect.name == "postgresql" and rows:
        _stream(connection, table, rows)
        return
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(insert(table), rows[start : start + AT_ONCE])


def _stream(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    """Copy rows into a table, with the values that its columns have where nothing is said."""
    unsaid = {
        each.name: each.default.arg for each in table.columns if each.default is not None and each.default.is_scalar
    }
    columns = [table.columns[name] for name in {**unsaid, **rows[0]}]
    bound = [each.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for each in columns]
    named = ", ".join(f'"{each.name}"' for each in columns)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({named}) FROM STDIN') as stream:
        for row in rows:
            values = [row.get(each.name, unsaid.get(each.name)) for each in columns]
            stream.write_row([bind(value) if bind else value for bind, value in zip(bound, values, strict=True)])


def next_id(column: Any) -> int:
    """Return the first id that nobody has."""
    return (session().scalar(select(func.max(column))) or 0) + 1


def move_in(cast: Cast, number: int) -> list[int]:
    """Enter so many flats with an owner in each; return the owners' persons."""
    buildings = _buildings(cast, -(-number // FLATS))
    first = {model: next_id(key) for model, key in ((Unit, Unit.id), (Person, Person.id), (Owner, Owner.id))}
    at, since = now(), date(2020, 1, 1)
    here = {"community_id": cast.community_id}
    tables: dict[type[Model], list[Row]] = {
        each: [] for each in (Unit, Person, Identity, Owner, Ownership, Residence, RoleHeld, Consent)
    }
    for index in range(number):
        unit, person, owner = (first[model] + index for model in (Unit, Person, Owner))
        floor, door = divmod(index % FLATS, 2)
        area = 6_000 + 37 * (index % 160)
        where = {"building_id": buildings[index // FLATS], "staircase": "1", "door": f"{floor + 1}0{door + 1}"}
        tables[Unit].append({"id": unit, **here, **where, "area": area, "unsold": False})
        tables[Person].append({"id": person, "pseudonym": f"住户{person}", "language": "zh_Hans_CN", "created_at": at})
        tables[Identity].append({"person_id": person, "name": "", "phone": f"136{person:08d}", "confirmed_at": at})
        roll = {"reference": f"stand-{owner}", "kind": OwnerKind.PERSON, "name": "", "verified_at": at}
        tables[Owner].append({"id": owner, **here, **roll, "person_id": person})
        tables[Ownership].append({"unit_id": unit, "owner_id": owner, "since": since})
        lives = {"kind": ResidenceKind.OWNER, "verified_at": at}
        tables[Residence].append({"person_id": person, "unit_id": unit, **lives})
        tables[RoleHeld] += [
            {"person_id": person, "role": role, "scope": HERE, "public_name": "", "since": at}
            for role in (Role.RESIDENT, Role.OWNER)
        ]
        tables[Consent] += [{"person_id": person, "kind": kind, "version": VERSIONS[kind], "at": at} for kind in NEEDED]
    for model, rows in tables.items():
        put(model, rows)
    go_on_counting(Unit, Person, Owner)
    return [first[Person] + index for index in range(number)]


def _buildings(cast: Cast, number: int) -> list[int]:
    first = next_id(Building.id)
    rows: list[Row] = [
        {
            "id": first + index,
            "community_id": cast.community_id,
            "grid_id": cast.grid_ids[index % len(cast.grid_ids)],
            "code": f"S{index + 1}",
            "name": f"东区 {index + 1} 号楼",
            "floors": FLATS // 2,
        }
        for index in range(number)
    ]
    put(Building, rows)
    go_on_counting(Building)
    return [int(row["id"]) for row in rows]


def go_on_counting(*models: type[Model]) -> None:
    """Let PostgreSQL's sequences go on after the ids that were given here."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in models:
        key = model.__table__.c.id
        sequence = func.pg_get_serial_sequence(f'"{model.__tablename__}"', "id")
        session().execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))


def _sign_in(person_id: int) -> str:
    return f"stand-device-{person_id}"


def _keys(persons: Sequence[int]) -> None:
    """Give each of them a token for every scope and a sign-in, in use since today."""
    at = now()
    until, scopes = at + timedelta(days=90), as_text(tuple(Scope))
    tokens = [
        {
            "person_id": person,
            "name": "试验台",
            "token_hash": token_hash(f"{PREFIX}stand-{person}"),
            "scopes": scopes,
            "created_at": at,
            "expires_at": until,
            "last_used_on": at.date(),
        }
        for person in persons
    ]
    put(ApiToken, tokens)
    seen = {"agent": "stand", "created_at": at, "seen_at": at}
    put(SignIn, [{"person_id": person, "token_hash": token_hash(_sign_in(person)), **seen} for person in persons])
