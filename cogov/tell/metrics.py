"""Figures for whoever watches the machine, on a port of their own; nothing in them names a person or a problem."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from cogov.duties.models import RunningClock
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.journal.door import tell_of_answers
from cogov.journal.models import JournalEntry, JournalHead
from cogov.tell.live.sockets import watching

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

BEGUN = "cogov.begun"


class Figures(Collector):
    """What is read from the database when somebody asks: the journal, what waits to be told, what is overdue."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield the figures of this moment; none of the database's while it is away."""
        yield GaugeMetricFamily("cogov_live_sockets", "Sockets open in this process.", value=watching())
        with self.app.app_context():
            try:
                read = [(name, said, query()) for name, said, query in _QUERIES]
            except Exception:
                read = []
            finally:
                db.session.remove()
        yield GaugeMetricFamily("cogov_database_up", "Whether the database answered.", value=1 if read else 0)
        for name, said, value in read:
            yield GaugeMetricFamily(name, said, value=value)


def _head() -> int:
    return session().scalar(select(JournalHead.number)) or 0


def _untold() -> int:
    return session().scalar(select(func.count()).where(JournalEntry.told_at.is_(None))) or 0


def _overdue() -> int:
    clock = RunningClock
    waiting = (clock.stopped_at.is_(None), clock.paused_at.is_(None), clock.handled_at.is_(None), clock.due_at < now())
    return session().scalar(select(func.count()).where(*waiting)) or 0


_QUERIES: tuple[tuple[str, str, Callable[[], int]], ...] = (
    ("cogov_journal_entries", "Entries of the journal.", _head),
    ("cogov_entries_untold", "Entries that nobody has been told of yet.", _untold),
    ("cogov_clocks_unhandled", "Clocks that ran out and wait to be handled.", _overdue),
)


def measure(app: Flask) -> CollectorRegistry:
    """Count requests and their time from now on, by address and kind of answer; return the registry."""
    registry = CollectorRegistry()
    registry.register(Figures(app))
    labels = ("endpoint", "method", "status")
    answered = Counter("cogov_requests", "Requests answered.", labels, registry=registry)
    taken = Histogram("cogov_request_seconds", "Time to answer.", ("endpoint",), registry=registry, buckets=BUCKETS)

    def begin() -> None:
        request.environ[BEGUN] = time.perf_counter()

    def end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        note(endpoint, request.method, response.status_code, request.environ[BEGUN])
        return response

    def note(endpoint: str, method: str, status: int, begun: float) -> None:
        answered.labels(endpoint, method, f"{status // 100}xx").inc()
        taken.labels(endpoint).observe(time.perf_counter() - begun)

    tell_of_answers(app, lambda endpoint, status, begun: note(endpoint, "GET", status, begun))
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)
    return registry


def serve_metrics(app: Flask) -> Callable[[], None]:
    """Answer at METRICS_HOST and METRICS_PORT if a port is set; return what stops it."""
    port = int(app.config["METRICS_PORT"])
    if not port:
        return lambda: None
    server, _ = start_http_server(port, addr=str(app.config["METRICS_HOST"]), registry=measure(app))
    return server.shutdown
