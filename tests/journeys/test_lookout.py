"""The lookout: it wakes the worker for what others wrote and for what falls due, and not again for what failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from cogov.ground.clock import now
from cogov.journal.transaction import transaction
from cogov.loop import OVERLAP, News, fall_due
from cogov.tell.channels import Channel
from cogov.tell.outbox import put
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

START = datetime(2027, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@both
def test_what_comes_is_news_once_and_what_stays_undone_is_none(cast: Cast, clock: Any) -> None:
    news = News()
    assert news()
    assert not news()

    raise_something(cast)
    assert news()
    assert not news()

    clock.shift(timedelta(days=30))
    assert news(), "the clock of triage has run out"
    clock.shift(OVERLAP + timedelta(seconds=1))
    assert not news(), "nobody has handled it, and the sweep will"
    assert fall_due() > 0
    assert news()
    assert not news()

    with transaction():
        put("letter", Channel.MAIL, due_at=now(), person_id=cast.resident.person_id)
    clock.shift(timedelta(seconds=2))
    assert news(), "a row without an entry was due before the look"
    clock.shift(OVERLAP)
    news()
    clock.shift(timedelta(seconds=1))
    assert not news(), "looks reach back for some seconds, and no further"
