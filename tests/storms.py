"""Many at once: the same call from many threads, started together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from cogov.ground.db import db

T = TypeVar("T")


def at_once(app: Flask, times: int, call: Callable[[int], T]) -> list[T | Exception]:
    """Call `times` times at once, each in a thread and context of its own; return results or what was raised."""
    gate = threading.Barrier(times)

    def run(index: int) -> T | Exception:
        with app.app_context():
            try:
                gate.wait(30)
                return call(index)
            except Exception as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
