"""The database: one session, typed columns, and transactions that lose no write on SQLite or PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ExceptionContext,
    Integer,
    MetaData,
    Select,
    event,
)
from sqlalchemy.exc import IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, SessionTransaction, scoped_session
from sqlalchemy.types import TypeDecorator

from cogov.ground.driver import execute, go_straight, is_stale
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.ground.straight import BEGIN

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table shares: named constraints, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=CONVENTION)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Id = BigInteger().with_variant(Integer, "sqlite")
MAX_ID = 2**63 - 1


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum], name: str = "") -> Enum:
    """Return a column type that holds one of an enum's values, checked by the schema under a name of its own."""
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


T = TypeVar("T")
Query = TypeVar("Query", bound=Select[Any])


def session() -> scoped_session[FlaskSession]:
    """Return the session of this request, job or test."""
    return db.session


def found(value: T | None) -> T:
    """Return what was loaded, or say that it does not exist."""
    if value is None:
        raise NotFound
    return value


_READ_ON = "read on"
"""Where a session holds the connection on which it reads: to ask it for that each time takes as long as to read."""


def connection() -> Connection:
    """Return the session's connection: who asks it for columns goes past the ORM, and pays half.

    It writes nothing down beforehand, so no row may wait to be written of what is asked for.
    """
    held = _writing.get()
    if held is None:
        here = db.session()
        on: Connection | None = here.info.get(_READ_ON)
        if on is None or on.closed:
            on = here.info[_READ_ON] = here.connection()
        return on
    if held.on is None or held.on.closed:
        held.on = db.session.connection()
    return held.on


def apart() -> SessionTransaction:
    """Begin a part of a transaction that may fail alone, and be put back or kept by itself.

    The session tells the database of it only when it is asked for its connection; what goes past the session would
    else be written outside of it.
    """
    nested = db.session.begin_nested()
    db.session.connection()
    return nested


def for_change(query: Query) -> Query:
    """Lock the rows that a command is about to decide on, and read them as they are once the lock is held."""
    return query.with_for_update().execution_options(populate_existing=True)


@contextmanager
def unless_taken(refusal: Refusal) -> Iterator[None]:
    """Turn a constraint that somebody else's write has filled first into a sentence.

    Nothing is put back here: the refusal ends the transaction, or the part of it that may fail alone.
    """
    try:
        yield
        db.session.flush()
    except IntegrityError as error:
        if _names_nothing(error):
            raise NotFound from error
        if _is_taken(error):
            raise Refused(refusal) from error
        raise


def _is_taken(error: IntegrityError) -> bool:
    """Say whether a row of this kind is there already; any other broken constraint is a fault of ours."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE" in str(error.orig)


def _names_nothing(error: IntegrityError) -> bool:
    """Say whether a row points to one that does not exist."""
    return getattr(error.orig, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(error.orig)


# Writing -----------------------------------------------------------------------------------------------------------


@dataclass
class _Written:
    """What is being written, and on which connection: to find that through the session takes as long as to ask it."""

    on: Connection | None = None


_writing: ContextVar[_Written | None] = ContextVar("writing", default=None)
# SQLite's own busy handler is unfair (it sleeps and may starve); writers of one process queue here first.
_write_lock = threading.RLock()


def writing() -> bool:
    """Say whether a command is running, so that what it reads has to be as it is now."""
    return _writing.get() is not None


def give_back() -> None:
    """Give the connection back before what takes long and asks the database nothing; who writes keeps theirs."""
    if not writing():
        db.session.rollback()


@contextmanager
def writer(*, by_session: bool = False) -> Iterator[None]:
    """Mark what runs inside as writing: only then is there a transaction, which on SQLite reads nothing stale.

    Where the session is what writes, it may go on with the connection on which it has read.
    """
    on_sqlite = db.engine.dialect.name == "sqlite"
    if on_sqlite and not _write_lock.acquire(blocking=False):
        _ended_reading(may_go_on=False)  # kept while waiting, it would be kept from the one who is waited for
        _write_lock.acquire()
    token = None
    try:
        reading = _ended_reading(may_go_on=by_session)
        token = _writing.set(_Written(reading))
        if reading is not None:
            _begun(reading)
        yield
    finally:
        if token is not None:
            _writing.reset(token)
        if on_sqlite:
            _write_lock.release()


def _ended_reading(*, may_go_on: bool) -> Connection | None:
    """End what was read up to now; return its connection where it is kept, as to put it back and take it costs more.

    It is kept where no row is held that would have to be read anew, and where it is set as all are.
    """
    here = db.session()
    kept = here.in_transaction() and here.is_active and not here.in_nested_transaction()
    if not (may_go_on and kept) or len(here.identity_map) or here.new or here.deleted:
        here.rollback()
        return None
    on = here.connection()
    if on.get_execution_options() or on.invalidated:
        here.rollback()
        return None
    if on.dialect.name == "sqlite":  # elsewhere nothing was begun to read
        on.dialect.do_rollback(cast("Any", on.connection.dbapi_connection))
    return on


GATHERED = 4000
"""Pages that the log of SQLite gathers before they go into the database, by whoever commits then.

An act changes some thirty pages. Of a large database most of those of a few dozen acts are different ones, each of
which is then written alone; of some hundred acts many are the same.
"""

SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    f"wal_autocheckpoint={GATHERED}",
)


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SETTINGS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: Connection) -> None:
    """Begin as it is needed: to read, SQLite needs a transaction for one view of all, PostgreSQL needs none.

    It shows each statement what there is by then, with a transaction or without; and psycopg would go there and back
    twice more for one, and forget with its ROLLBACK all that it has prepared, so that each page is planned anew.
    """
    if connection.dialect.name == "sqlite":
        execute(connection, "BEGIN IMMEDIATE" if writing() else BEGIN, (), returns=False)
    elif writing():
        execute(connection, BEGIN, (), returns=False)


STATEMENTS = 500
"""Statements that a connection keeps prepared: more than pages and acts ask altogether."""

ELSEWHERE, IN_THIS_PROCESS = (20, 40), (8, 12)
"""Connections that are kept, and those that come besides when many ask at once.

SQLite works in this process, of which one thread goes on at a time, and keeps some MiB for each connection.
"""

IDLE = 1.0
"""Seconds after which a connection is asked whether it is still there before it is used again."""


AWAITS_ITS_PLACE = "64kB"
"""How much PostgreSQL puts beside the index of words before it sorts it in; each search reads all that lies there."""


def _connected_elsewhere(connection: Any, record: Any) -> None:
    connection.prepared_max = STATEMENTS
    go_straight(record, connection, STATEMENTS)
    connection.execute(f"SET gin_pending_list_limit = '{AWAITS_ITS_PLACE}'")


def _failed(context: ExceptionContext) -> None:
    if is_stale(context.original_exception):
        context.is_disconnect = True


def _put_back(_connection: Any, record: Any) -> None:
    record.info["put_back"] = time.monotonic()


def _looking(dialect: Dialect) -> Callable[[Any, Any, object], None]:
    """Return what looks at a connection that is taken out; one used a moment ago is not asked, as that costs a way."""

    def look(connection: Any, record: Any, _taken: object) -> None:
        put_back = record.info.get("put_back")  # a new connection was never put back
        if put_back is None or time.monotonic() - put_back < IDLE:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    return look


def watch_engine(engine: Engine) -> None:
    """Give an engine our own transactions; any but SQLite may lose its connections."""
    event.listen(engine, "begin", _begun)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connected)
    else:
        event.listen(engine, "connect", _connected_elsewhere)
        event.listen(engine, "handle_error", _failed)
        event.listen(engine, "checkin", _put_back)
        event.listen(engine, "checkout", _looking(engine.dialect))


def init_db(app: Flask) -> None:
    """Bind the database to the application."""
    # What people wrote is a parameter of some statement, and must not stand in what an error says.
    options: dict[str, object] = {"hide_parameters": True}
    # The connection put back last is taken first: what it has read and prepared is still at hand.
    options["pool_use_lifo"] = True
    on_sqlite = str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite")
    options["pool_size"], options["max_overflow"] = IN_THIS_PROCESS if on_sqlite else ELSEWHERE
    if on_sqlite:
        options["connect_args"] = {"cached_statements": STATEMENTS}
    else:
        options["isolation_level"] = "AUTOCOMMIT"  # the driver begins nothing: we do, see `_begun`
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        watch_engine(db.engine)
