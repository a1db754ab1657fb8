"""Threads that answer: few keep what a page needs, all that is asked is done, and nobody stays for nothing."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import pytest

from cogov.ground.hands import Hands

LONG = 10.0


@pytest.fixture
def hands() -> Iterator[Hands]:
    made = Hands(8)
    yield made
    made.shutdown(wait=True)


def _held(hands: Hands, number: int) -> tuple[threading.Event, list[Future[bool]]]:
    """Keep so many busy until the event is set."""
    going, begun = threading.Event(), threading.Semaphore(0)

    def hold() -> bool:
        begun.release()
        return going.wait(LONG)

    futures = [hands.submit(hold) for _ in range(number)]
    for _ in futures:
        assert begun.acquire(timeout=LONG)
    return going, futures


def _rest(hands: Hands, number: int) -> None:
    """Wait until so many rest."""
    pause = threading.Event()
    for _ in range(1000):
        if len(hands._resting) == number:
            return
        pause.wait(0.005)
    raise AssertionError(f"{len(hands._resting)} rest, not {number}")


def test_one_after_the_other_is_done_by_the_same_thread_though_many_rest(hands: Hands) -> None:
    going, futures = _held(hands, 8)
    going.set()
    assert all(each.result(LONG) for each in futures)
    _rest(hands, 8)
    who = set()
    for _ in range(20):
        who.add(hands.submit(threading.current_thread).result(LONG))
        _rest(hands, 8)
    assert len(who) == 1


def test_what_comes_when_all_are_busy_is_done_in_the_order_it_came(hands: Hands) -> None:
    going, _ = _held(hands, 7)
    last, _ = _held(hands, 1)
    done: list[int] = []
    waiting = [hands.submit(partial(done.append, turn)) for turn in range(30)]
    assert len(hands) == hands.most
    last.set()  # the only one that is free
    for each in waiting:
        each.result(LONG)
    assert done == list(range(30))
    going.set()


def test_what_goes_wrong_is_said_to_who_asked_and_the_thread_goes_on(hands: Hands) -> None:
    for error in (ValueError("no"), StopIteration(), SystemExit(1)):

        def fail(error: BaseException = error) -> None:
            raise error

        with pytest.raises(type(error)):
            hands.submit(fail).result(LONG)
        _rest(hands, 1)
    assert hands.submit(lambda: 1).result(LONG) == 1
    assert len(hands) == 1


def test_who_rests_holds_nothing_of_what_it_has_done(hands: Hands) -> None:
    class Page:
        def show(self) -> None:
            raise StopIteration  # as a socket that was closed ends

    def looked_at() -> weakref.ref[Page]:
        page = Page()
        future = hands.submit(page.show)
        assert isinstance(future.exception(LONG), StopIteration)
        return weakref.ref(page)

    gc.disable()
    try:
        first = looked_at()
        _rest(hands, 1)
        assert first() is None
    finally:
        gc.enable()


def test_who_is_not_asked_for_long_goes_home() -> None:
    hands = Hands(8, rests=0.05)
    going, _ = _held(hands, 8)
    going.set()
    for thread in list(hands._threads):
        thread.join(LONG)
    assert len(hands) == 0
    assert hands.submit(lambda: 1).result(LONG) == 1
    hands.shutdown()


def test_at_the_end_what_waits_is_done_or_called_off_and_nothing_more_is_taken() -> None:
    for called_off in (False, True):
        hands = Hands(1)
        going, [busy] = _held(hands, 1)
        waiting = hands.submit(lambda: 2)
        hands.shutdown(wait=False, cancel_futures=called_off)
        with pytest.raises(RuntimeError):
            hands.submit(lambda: 3)
        going.set()
        assert busy.result(LONG)
        assert waiting.cancelled() == called_off
        assert called_off or waiting.result(LONG) == 2
        hands.shutdown()
        assert len(hands) == 0
