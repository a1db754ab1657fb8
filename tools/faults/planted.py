"""A server with a fault in it on purpose, so that each check can show that it would notice.

``python -m tools.faults.planted [--plant NAME] [--record FILE] serve …`` is `cogov serve` otherwise.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_sqlalchemy.session import Session
from redis import Redis

from cogov.cli import main as cogov
from cogov.ground import db, pages, sockets
from cogov.ground.application import Application
from cogov.tell.live import feed
from tools.faults import recording

ONCE_IN = 5


def _said_only() -> None:
    """Acknowledge and forget: one commit in five is rolled back and answered as if it had been kept."""
    commits, real = itertools.count(1), Session.commit

    def commit(self: Any) -> None:
        if next(commits) % ONCE_IN:
            real(self)
        else:
            self.flush()
            self.rollback()

    Session.commit = commit  # type: ignore[method-assign]


def _unsynced() -> None:
    """Let SQLite acknowledge what the disk has not got yet."""
    real = db._connected

    def connected(connection: Any, _record: object) -> None:
        real(connection, _record)
        connection.execute("PRAGMA synchronous=OFF")

    db._connected = connected


def _speechless() -> None:
    """Answer a database that cannot write with a fault of the program."""

    def fail(error: Exception) -> Any:
        raise error

    pages._database_error = fail


def _waiting() -> None:
    """Wait for Redis within the request, however long it takes."""
    real = sockets.Nudges.__init__

    def made(self: Any, url: str) -> None:
        real(self, url)
        if url:
            self._redis = Redis.from_url(url, socket_timeout=60, socket_connect_timeout=60)

    def send(self: Any) -> None:
        self.came.set()
        for _ in range(3):
            try:
                self._redis.publish(self.CHANNEL, b"1")
                return
            except Exception:
                time.sleep(2)

    sockets.Nudges.__init__ = made  # type: ignore[method-assign]
    sockets.Nudges.send = send  # type: ignore[method-assign]


def _forgetful() -> None:
    """Tell of one entry in ten nobody, and of one in ten everybody twice."""
    entries, real = itertools.count(1), vars(feed)["tell"]

    def tell(event: str, said: Any, room: Any) -> None:
        turn = next(entries) % 10 if event == "entry" else 1
        for _ in range({0: 0, 5: 2}.get(turn, 1)):
            real(event, said, room)

    vars(feed)["tell"] = tell


def _hoarding() -> None:
    """Keep 16 KiB of each answer for good."""
    kept: list[bytearray] = []
    real = Application.full_dispatch_request

    def dispatch(self: Any) -> Any:
        kept.append(bytearray(os.urandom(16) * 1024))
        return real(self)

    Application.full_dispatch_request = dispatch  # type: ignore[method-assign]


PLANTS: dict[str, Callable[[], None]] = {
    "said-only": _said_only,
    "unsynced": _unsynced,
    "speechless": _speechless,
    "waiting": _waiting,
    "forgetful": _forgetful,
    "hoarding": _hoarding,
}


def main() -> None:
    """Plant, record, and serve."""
    arguments = sys.argv[1:]
    while arguments and arguments[0] in ("--plant", "--record"):
        option, value, *arguments = arguments
        if option == "--plant":
            PLANTS[value]()
        else:
            recording.record(Path(value))
    sys.argv[1:] = arguments
    cogov()


if __name__ == "__main__":
    main()
