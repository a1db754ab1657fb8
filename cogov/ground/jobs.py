"""Background work: rows are the truth, the queue only runs what is due soon.

A queue may lose a task (it drops one before running it), so nothing lives in it alone: every minute the sweep does
whatever rows say is undone. A task put there after a commit only makes it happen sooner; so does the lookout, which
looks for what other processes have written: when one of them nudges over Redis, and every two seconds without.
Nobody who writes pays for any of this: a commit only sets a flag, and the lookout gathers what came.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab, storage
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from cogov.ground.db import db
from cogov.ground.loading import later
from cogov.ground.settings import data_dir
from cogov.ground.sockets import Nudges

log = structlog.get_logger()

storage.psycopg = later("psycopg")
"""The queue needs it only where the database is PostgreSQL, and to load it takes as long as all pages together."""

Work = Callable[[], int]
"""Does what is due and says how much that was."""

News = Callable[[], bool]
"""Says cheaply whether something to do may have come since it was last asked."""

LOOK_EVERY = 2.0
POLL_EVERY = 1.0
"""Seconds after which rows are looked at without a nudge, and after which a queue in a file is."""

GATHER = 0.5
"""Seconds for which what is being written is gathered: a hundred acts are one piece of work and not a hundred."""


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

    def __init__(self, app: Flask, work: Work, news: News) -> None:
        self.app = app
        self.queue = make_queue(app)
        self.nudges = Nudges(str(app.config["REDIS_URL"]))
        self._news = news
        self._going = threading.Event()

        def run() -> None:
            with app.app_context():
                try:
                    self._work(work)
                except Exception:
                    log.exception("background_work_failed")
                    raise

        self._soon = self.queue.task(name="soon")(run)
        self._sweep = self.queue.periodic_task(crontab(), name="sweep")(run)

    def _work(self, work: Work) -> None:
        begun = time.perf_counter()
        if done := work():
            log.info("worked", done=done, ms=round((time.perf_counter() - begun) * 1000))
            self.nudges.send()  # whoever is told sees it at once, at whichever process they are

    def soon(self) -> None:
        """Ask for the work to be done soon; whoever asks waits for nothing, and a failure later undoes nothing."""
        self.nudges.came.set()

    def _ask(self) -> None:
        try:
            if self.queue.pending_count() == 0:
                self._soon()
        except Exception:
            log.exception("could_not_enqueue")

    def _look_out(self) -> None:
        while self._going.is_set():
            if self._something_came():
                self._ask()
            if self.nudges.came.wait(LOOK_EVERY):
                time.sleep(GATHER)
            self.nudges.came.clear()

    def _something_came(self) -> bool:
        with self.app.app_context():
            try:
                return self._news()
            except Exception as error:
                log.warning("look_failed", error=type(error).__name__)  # the database is away; the sweep does it all
                return False
            finally:
                db.session.remove()

    def _begin_looking(self) -> Callable[[], None]:
        self._going.set()
        threading.Thread(target=self._look_out, name="lookout", daemon=True).start()
        threading.Thread(target=self.nudges.listen, args=(self._going.is_set,), name="nudges", daemon=True).start()

        def stop() -> None:
            self._going.clear()
            self.nudges.came.set()

        return stop

    def start(self) -> Callable[[], None]:
        """Start one embedded worker thread and its lookout; return what stops them."""
        consumer = _Embedded(self.queue, workers=1, periodic=True, max_delay=POLL_EVERY)
        consumer.start()
        stop_looking = self._begin_looking()

        def stop() -> None:
            stop_looking()
            consumer.stop(graceful=True)

        return stop

    def run(self) -> None:
        """Work in the foreground until asked to stop (``cogov worker``)."""
        consumer = Consumer(self.queue, workers=1, periodic=True, max_delay=POLL_EVERY, graceful_signal="TERM")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop_looking = self._begin_looking()
        try:
            consumer.run()
        finally:
            stop_looking()
