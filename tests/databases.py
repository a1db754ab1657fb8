"""Databases for tests: made once by the migrations and a cast, then copied for each test."""

from __future__ import annotations

import gc
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event

from cogov import create_app
from cogov.ground.db import db
from tests.cast import Cast, make_cast
from tests.postgres import Missing, running_postgres

both = pytest.mark.parametrize("backend", ["sqlite", "postgres"], indirect=True)
"""Run a test on SQLite and on PostgreSQL."""


@event.listens_for(Engine, "engine_connect")
def _wait_for_no_disk(connection: Connection) -> None:
    """Let SQLite acknowledge what lies in memory: nothing here has to survive a power cut.

    What does survive one is shown by servers that are processes of their own, which this does not reach.
    """
    if connection.dialect.name == "sqlite" and "hurried" not in connection.info:
        # Past SQLAlchemy, for which it would be a statement of the test and the begin of a transaction.
        connection.connection.cursor().execute("PRAGMA synchronous=OFF")
        connection.info["hurried"] = True


_compiled: list[FileSystemBytecodeCache] = []


def compile_templates_into(folder: Path) -> None:
    """Let all applications made from now on, in whichever process of a run, share the templates that one has compiled.

    All have the same templates and read them in the same way; a folder is of one run, so nothing in it is out of date.
    """
    folder.mkdir(exist_ok=True)
    _compiled[:] = [FileSystemBytecodeCache(str(folder))]


def new_app(folder: Path, url: str = "", **settings: object) -> Flask:
    """Return an application over an empty data folder."""
    app = create_app({"TESTING": True, "DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": "tests", **settings})
    for compiled in _compiled:
        app.jinja_env.bytecode_cache = compiled
    return app


def _forget_seals(folder: Path) -> None:
    """Take away what the day's work of another test has put beside its database."""
    for name in ("checkpoints.jsonl", "daily"):
        (folder / name).unlink(missing_ok=True)


class Sqlite:
    """One file, copied from a template before each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        self.app = new_app(folder)
        self.file = folder / "cogov.sqlite3"
        with self.app.app_context():
            upgrade()
            self.cast = make_cast()
            db.session.remove()
            db.engine.dispose()
        shutil.copy(self.file, self.template)

    @contextmanager
    def fresh(self) -> Iterator[Flask]:
        """Yield the application over a fresh copy."""
        self._let_go()
        for suffix in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.template, self.file)
        _forget_seals(self.file.parent)
        self.app.extensions["kept"].forget()
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()
                db.engine.dispose()

    def _let_go(self) -> None:
        """Let go of what a thread that a test left behind has opened since: it would be a file that is no more."""
        with self.app.app_context():
            db.engine.dispose()


class Postgres:
    """One database, made anew from a template database before each test."""

    def __init__(self, folder: Path, server: str) -> None:
        self.server, self.folder = server, folder
        self.name = f"t{os.getpid()}"
        self._admin(f"DROP DATABASE IF EXISTS {self.name}_template", f"CREATE DATABASE {self.name}_template")
        template = new_app(folder, self._url(f"{self.name}_template"))
        with template.app_context():
            upgrade()
            self.cast = make_cast()
            db.session.remove()
            db.engine.dispose()
        self.app = new_app(folder, self._url(self.name))

    def _url(self, name: str) -> str:
        return self.server.rsplit("/", 1)[0] + "/" + name

    def _admin(self, *statements: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def fresh(self) -> Iterator[Flask]:
        """Yield the application over a fresh copy."""
        self._admin(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.name}_template",
        )
        _forget_seals(self.folder)
        self.app.extensions["kept"].forget()
        with self.app.app_context():
            try:
                yield self.app
            finally:
                db.session.remove()
                db.engine.dispose()


class Databases:
    """The databases of one test process, made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, Sqlite | Postgres] = {}
        self._server: Iterator[str] | None = None
        self._lock = threading.Lock()

    def get(self, backend: str) -> Sqlite | Postgres:
        """Return a backend; a missing PostgreSQL skips on a developer's machine and fails in CI."""
        with self._lock:
            if backend not in self._made:
                (self.folder / backend).mkdir()
                self._made[backend] = self._make(backend)
                # Modules, mappers and applications stay until the end: no collection need walk through them again.
                gc.collect()
                gc.freeze()
            return self._made[backend]

    def _make(self, backend: str) -> Sqlite | Postgres:
        if backend == "sqlite":
            return Sqlite(self.folder / backend)
        try:
            self._running = running_postgres()
            server = self._running.__enter__()
        except Missing as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"PostgreSQL is missing: {missing}")
        return Postgres(self.folder / backend, server)

    def stop(self) -> None:
        """Stop what was started."""
        if running := getattr(self, "_running", None):
            running.__exit__(None, None, None)


__all__ = ["Cast", "Databases", "both"]
