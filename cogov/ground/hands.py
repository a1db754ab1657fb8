"""Threads that answer: of those who rest, the one that worked last works next, and whoever rests long goes home.

A thread keeps what a page once needed of it: the depth of its stack, and small pieces of memory that glibc lends to no
other thread. Asked in turn, each of the hundreds that may wait at open sockets would come to keep as much.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")

RESTS = 30.0
"""Seconds after which a thread that nobody has asked for ends."""


@dataclass(frozen=True)
class _Task:
    promised: Future[Any]
    work: Callable[[], Any]


def _do(task: _Task) -> None:
    """Do what was asked; nothing of it stays with the thread, nor does what went wrong hold on to it."""
    try:
        if task.promised.set_running_or_notify_cancel():
            task.promised.set_result(task.work())
    except BaseException as error:
        task.promised.set_exception(error)
    finally:
        del task


_Desk = SimpleQueue[_Task | None]
"""Where a resting thread is given its next task; nothing at all says that it is to end."""


class Hands(Executor):
    """As many threads as are needed, and no more than that many; what comes when all are busy waits its turn."""

    def __init__(self, most: int, rests: float = RESTS) -> None:
        self.most = most
        self.rests = rests
        self._resting: list[_Desk] = []
        self._waiting: deque[_Task] = deque()
        self._threads: set[threading.Thread] = set()
        self._over = False
        # Entered again by a signal that tells the thread which holds it to end.
        self._lock = threading.RLock()

    def __len__(self) -> int:
        """Return how many threads there are, busy or resting."""
        return len(self._threads)

    def submit(self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs) -> Future[Result]:
        """Have something done; the future says what came of it."""
        task = _Task(Future(), partial(fn, *args, **kwargs))
        with self._lock:
            if self._over:
                raise RuntimeError("nobody works here any more")
            if self._resting:
                self._resting.pop().put(task)
            elif len(self._threads) < self.most:
                self._begin(task)
            else:
                self._waiting.append(task)
        return task.promised

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let all threads end, each after what it does; what waits is still done unless it is cancelled."""
        with self._lock:
            self._over = True
            while cancel_futures and self._waiting:
                self._waiting.popleft().promised.cancel()
            while self._resting:
                self._resting.pop().put(None)
            threads = list(self._threads)
        for thread in threads if wait else ():
            thread.join()

    def _begin(self, task: _Task) -> None:
        desk = _Desk()
        desk.put(task)
        # Those that wait at open sockets would hold up the end of the process.
        thread = threading.Thread(target=self._go, args=(desk,), name=f"hand-{len(self._threads)}", daemon=True)
        self._threads.add(thread)
        thread.start()

    def _go(self, desk: _Desk) -> None:
        task = desk.get()
        while task is not None:
            _do(task)
            del task
            task = self._next(desk)
        with self._lock:
            self._threads.discard(threading.current_thread())

    def _next(self, desk: _Desk) -> _Task | None:
        """Return what waits, or rest until there is something to do; None says that it is time to go."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._over:
                return None
            self._resting.append(desk)
        with suppress(Empty):
            return desk.get(timeout=self.rests)
        with self._lock:
            if desk in self._resting:
                self._resting.remove(desk)
                return None
        return desk.get()  # given in this very moment
