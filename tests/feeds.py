"""The feed of live pages for as long as a block lasts: its threads are gone before anything is put away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from cogov.tell.live.feed import Feed

NAMES = ("live", "nudges")
END_SECONDS = 20


@contextmanager
def feeding(app: Flask) -> Iterator[None]:
    """Run the feed; a thread that outlived its test would look into the database of the next one."""
    stop = Feed(app).start()
    try:
        yield
    finally:
        stop()
        threads = [thread for thread in threading.enumerate() if thread.name in NAMES]
        for thread in threads:
            thread.join(END_SECONDS)
        assert not any(thread.is_alive() for thread in threads)
