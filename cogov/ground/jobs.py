"""Background work: rows are the truth, the queue only runs what is due soon.

A queue may lose a task (it drops one before running it), so nothing lives in it alone: every minute the sweep does
whatever rows say is undone, and a task put there after a commit only makes it happen sooner.
"""

from __future__ import annotations

import signal
from collections.abc import Callable

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from cogov.ground.settings import data_dir

log = structlog.get_logger()

Work = Callable[[], object]


class _Embedded(Consumer):
    """A consumer that lives in the web process and leaves its signals alone."""

    def _set_signal_handlers(self) -> None:
        """Do nothing: signals belong to the server."""


def make_queue(app: Flask) -> Huey:
    """Return the queue of this installation: a file beside SQLite, or tables in PostgreSQL."""
    serializer = SignedSerializer(secret=str(app.config["SECRET_KEY"]), salt="jobs")
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.startswith("sqlite"):
        return SqliteHuey("cogov", filename=str(data_dir(app) / "jobs.sqlite3"), serializer=serializer, results=False)
    return PostgresHuey(
        "cogov", dsn=url.replace("postgresql+psycopg", "postgresql"), serializer=serializer, results=False
    )


class Jobs:
    """What runs in the background of an application: one piece of work, now and then, or as soon as possible."""

    def __init__(self, app: Flask, work: Work) -> None:
        self.app = app
        self.queue = make_queue(app)

        def run() -> None:
            with app.app_context():
                try:
                    work()
                except Exception:
                    log.exception("background_work_failed")
                    raise

        self._soon = self.queue.task(name="soon")(run)
        self._sweep = self.queue.periodic_task(crontab(), name="sweep")(run)

    def soon(self) -> None:
        """Ask for the work to be done as soon as somebody is free; a failure here undoes nothing."""
        try:
            if self.queue.pending_count() == 0:
                self._soon()
        except Exception:
            log.exception("could_not_enqueue")

    def start(self) -> Callable[[], None]:
        """Start one embedded worker thread and return what stops it."""
        consumer = _Embedded(self.queue, workers=1, periodic=True, max_delay=2.0)
        consumer.start()
        self.soon()
        return lambda: consumer.stop(graceful=True)

    def run(self) -> None:
        """Work in the foreground until asked to stop (``cogov worker``)."""
        consumer = Consumer(self.queue, workers=1, periodic=True, max_delay=2.0, graceful_signal="TERM")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        consumer.run()
