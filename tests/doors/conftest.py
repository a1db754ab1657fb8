"""The house of these tests: made once in each process, put back after each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from cogov.ground.clock import now
from tests.databases import Databases, Sqlite, new_app
from tests.doors.house import House, Kept
from tests.doors.world import build


@pytest.fixture(scope="session")
def _house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Kept]:
    template = databases.get("sqlite")
    assert isinstance(template, Sqlite)
    folder = tmp_path_factory.mktemp("house")
    file = folder / "cogov.sqlite3"
    shutil.copy(template.template, file)
    app = new_app(folder)
    with app.app_context():
        world = build(template.cast)
    house = House(app, world, now() + timedelta(days=20))
    with time_machine.travel(house.at, tick=True):
        house.open()
        # No test begins before the sign-ins and tokens it uses.
        house.at = now() + timedelta(seconds=2)
    return house, Kept(app, file)


@pytest.fixture
def kept(_house: tuple[House, Kept]) -> Iterator[Kept]:
    _house[1].put_back()
    yield _house[1]
    _house[1].put_back()


@pytest.fixture
def house(_house: tuple[House, Kept], kept: Kept) -> Iterator[House]:
    with time_machine.travel(_house[0].at, tick=True):
        yield _house[0]
