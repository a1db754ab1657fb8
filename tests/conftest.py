"""Fixtures: a fresh database with the cast, clients, and a counter of queries."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from cogov.ground.db import db
from tests.browsers import browser
from tests.cast import Cast
from tests.clients import Clients
from tests.databases import Databases, compile_templates_into
from tests.programs import program, token_of
from tests.witness import breaches, watch

__all__ = ["browser", "program", "token_of"]

watch()


@pytest.fixture(autouse=True)
def _every_change_is_said() -> Iterator[None]:
    yield
    unsaid, breaches[:] = list(breaches), []
    assert not unsaid, f"changed without an entry of its problem, or of none: {unsaid}"


LONG = ("test_setting_up", "test_input", "test_routes", "test_cli_admin", "test_cli", "test_schema")
"""Files with tests that take five seconds and more of processor time, within what every test is given."""


def _given(item: pytest.Item) -> float:
    """Return how many seconds a test is given, where it says so itself or is known to take long."""
    mark = item.get_closest_marker("timeout")
    if mark and mark.args:
        return float(mark.args[0])
    return 2 if item.path.stem in LONG else 1 if item.get_closest_marker("browser") else 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left with a long walk when the others are done."""
    items.sort(key=_given, reverse=True)


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    compile_templates_into((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.stop()


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def app(databases: Databases, backend: str) -> Iterator[Flask]:
    with databases.get(backend).fresh() as fresh:
        yield fresh


@pytest.fixture
def cast(app: Flask, databases: Databases, backend: str) -> Cast:
    return copy(databases.get(backend).cast)  # whom a test gives another part has it in this test alone


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def client_of(app: Flask, cast: Cast) -> Callable[[str], Any]:
    return Clients(app, cast).of


class Count:
    """How many statements were sent."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __int__(self) -> int:
        return len(self.statements)

    def __le__(self, other: int) -> bool:
        return len(self.statements) <= other

    def __eq__(self, other: object) -> bool:
        return len(self.statements) == (int(other) if isinstance(other, Count) else other)

    __hash__ = None  # type: ignore[assignment]


@pytest.fixture
def counted(app: Flask) -> Callable[[], AbstractContextManager[Count]]:
    @contextmanager
    def counting() -> Iterator[Count]:
        count = Count()

        def note(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
            asked_by_witness = context is not None and context.execution_options.get("witness")
            if not asked_by_witness and not statement.startswith("BEGIN"):
                count.statements.append(statement)

        # Rows that an earlier request has dropped are gone before this one, not while it runs; and what the process
        # has kept is forgotten, so that the first page is counted with everything it needs.
        gc.collect()
        app.extensions["kept"].forget()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield count
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
