"""The floor: a Flask page of one indexed query and thirty rows, and an insert with its commit, on the same server.

``python -m tools.bench.bare FOLDER URL PORT`` serves it with the settings `cogov serve` has; an empty URL is SQLite.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, render_template, request
from jinja2 import DictLoader

from cogov.cli.serving import Server

ROWS = 30
PAGE = """<!doctype html><html lang="zh"><head><title>bare</title></head><body><h1>问题</h1><ul>
{% for row in rows %}
<li><a href="/problems/{{ row[1] }}">{{ row[1] }}</a> <b>{{ row[2] }}</b> <span>{{ row[3] }}</span></li>
{% endfor %}</ul></body></html>"""

MADE = "CREATE TABLE {} (id {} PRIMARY KEY, number TEXT, title TEXT, said TEXT, place INTEGER)"
READ = "SELECT id, number, title, said FROM bare_row WHERE place = 7 ORDER BY id DESC LIMIT 30"
WRITE = "INSERT INTO bare_said (number, title, said, place) VALUES ({0}, {0}, {0}, 7)"


class Store:
    """A connection for each thread; one writer at a time on SQLite, as there."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self._own = threading.local()
        self._writing = threading.Lock()

    @property
    def connection(self) -> Any:
        """Return the connection of this thread."""
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self.url, autocommit=True) if self.url else self._sqlite()
        return self._own.connection

    def _sqlite(self) -> sqlite3.Connection:
        made = sqlite3.connect(self.folder / "bare.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            made.execute(f"PRAGMA {pragma}")
        return made

    def make(self) -> None:
        """Make the two tables and fill the one that is read."""
        key = "BIGSERIAL" if self.url else "INTEGER"
        for table in ("bare_row", "bare_said"):
            self.connection.execute(MADE.format(table, key))
        self.connection.execute("CREATE INDEX bare_row_place ON bare_row (place, id)")
        for index in range(1000):
            row = f"VALUES ('2026-{index:04d}', '三号楼楼道飞线充电', '二楼从窗户拉电线下来', {index % 10})"
            self.connection.execute(f"INSERT INTO bare_row (number, title, said, place) {row}")

    def read(self) -> list[Any]:
        """Return thirty rows by the index."""
        return list(self.connection.execute(READ).fetchall())

    def write(self, said: str) -> None:
        """Insert a row and commit it; each statement is a transaction of its own."""
        mark = "%s" if self.url else "?"
        statement, values = WRITE.format(mark), ("2026-0001", "飞线充电", said)
        if self.url:
            self.connection.execute(statement, values)
            return
        with self._writing:
            self.connection.execute(statement, values)


def bare_app(store: Store) -> Flask:
    """Return the application."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"bare.html": PAGE})

    @app.get("/")
    def page() -> str:
        return render_template("bare.html", rows=store.read())

    @app.post("/")
    def say() -> tuple[dict[str, bool], int]:
        store.write(str(request.get_json()["text"]))
        return {"kept": True}, 201

    return app


class Bare(Server):
    """The same server with the bare application in it."""

    def __init__(self, store: Store, port: int) -> None:
        super().__init__(bare_app(store), "127.0.0.1", port, 64)

    def load(self) -> Flask:
        """Start nothing beside the application."""
        return self.served


def main() -> None:
    """Serve until told to stop."""
    folder, url, port = sys.argv[1:4]
    maker = Store(Path(folder), url)
    maker.make()
    maker.connection.close()
    Bare(Store(Path(folder), url), int(port)).run()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
