"""Figures are counted by address and kind, on a port of their own, and name nobody."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from prometheus_client import CollectorRegistry, generate_latest

from cogov.ground.db import session
from cogov.journal.models import JournalHead
from cogov.tell.metrics import Figures, measure, serve_metrics
from cogov.tell.notices import spread_all
from tests.cast import Cast
from tests.databases import new_app
from tests.journeys.walking import raise_something


def test_requests_are_counted_by_address_and_kind_of_answer(tmp_path: Path) -> None:
    app = new_app(tmp_path)
    registry = measure(app)
    client = app.test_client()
    for path in ("/healthz", "/healthz", "/api/v1/nowhere"):
        client.get(path)
    text = generate_latest(registry).decode()
    assert 'cogov_requests_total{endpoint="health.alive",method="GET",status="2xx"} 2.0' in text
    assert 'cogov_request_seconds_count{endpoint="health.alive"} 2.0' in text
    assert "nowhere" not in text
    assert "cogov_database_up 0.0" in text  # it has no tables yet


def _figures(app: Flask) -> str:
    registry = CollectorRegistry()
    registry.register(Figures(app))
    return generate_latest(registry).decode()


def test_what_waits_is_read_when_somebody_asks(app: Flask, cast: Cast) -> None:
    raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。")
    head = session().get(JournalHead, 1)
    assert head is not None
    assert f"cogov_journal_entries {float(head.number)}" in _figures(app)
    assert "cogov_entries_untold 0.0" not in _figures(app)
    spread_all()
    assert "cogov_entries_untold 0.0" in _figures(app)


def test_they_are_served_only_where_a_port_is_set(app: Flask) -> None:
    assert app.config["METRICS_PORT"] == 0
    before = list(app.before_request_funcs[None])
    serve_metrics(app)()
    assert app.before_request_funcs[None] == before
