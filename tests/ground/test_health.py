"""Whoever balances and watches is told the truth: alive, ready, and not ready without its tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from cogov.ground.db import db
from cogov.ground.settings import insist_on_production, read
from tests.databases import new_app

SAFE = {"PRODUCTION": True, "SECRET_KEY": "k" * 32, "SECURE_COOKIES": True, "PUBLIC_URL": "https://gongzhi.example"}


def test_a_process_that_serves_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"database": True, "migrated": True})
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_tables_it_lives_and_is_not_ready(tmp_path: Path) -> None:
    app = new_app(tmp_path)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"database": True, "migrated": False})
    with app.app_context():
        upgrade(revision="0001")
        assert client.get("/readyz").status_code == 503
        upgrade()
        assert client.get("/readyz").status_code == 200
        db.engine.dispose()


def test_a_database_that_is_away_is_said_to_be_away(tmp_path: Path) -> None:
    app = new_app(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (503, {"database": False, "migrated": False})


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", ""), ("SECRET_KEY", "short"), ("SECURE_COOKIES", False), ("PUBLIC_URL", "http://gongzhi.example")],
)
def test_production_does_not_start_with_settings_for_trying(name: str, value: object) -> None:
    insist_on_production(read(SAFE))
    with pytest.raises(ValueError, match=f"COGOV_{name}"):
        insist_on_production(read({**SAFE, name: value}))


def test_without_production_they_are_fine(app: Flask) -> None:
    insist_on_production(read())
