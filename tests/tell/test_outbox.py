"""What goes outside goes once: one row for each key, one worker for each row, and nothing lost when one dies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from cogov.ground.db import db, session
from cogov.tell import outbox
from cogov.tell.channels import Channel
from cogov.tell.models import Sending
from cogov.tell.outbox import (
    LEASE,
    LONGEST_PAUSE,
    MOST_TRIES,
    Carry,
    Later,
    Never,
    Outgoing,
    forget_done,
    pause_after,
    put,
    send_due,
)
from tests.databases import both
from tests.storms import at_once

START = datetime(2027, 3, 1, 2, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone in the middle of its work."""


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sends(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let a channel send by a function of the key; return what arrived."""

    def set_up(carry: Callable[[str], None] = lambda _key: None) -> list[str]:
        arrived: list[str] = []

        def sender(outgoing: Outgoing) -> Carry:
            def go() -> None:
                carry(outgoing.key)
                arrived.append(outgoing.key)

            return go

        monkeypatch.setattr(outbox, "SENDERS", {Channel.MAIL: sender, Channel.SMS: sender})
        return arrived

    return set_up


def _put(*keys: str, channel: Channel = Channel.MAIL) -> None:
    for key in keys:
        put(key, channel, due_at=START)


def _row(key: str) -> Sending:
    session().expire_all()
    return session().scalars(select(Sending).where(Sending.key == key)).one()


@both
def test_a_message_is_made_once_however_often_and_by_whomever_it_is_put(app: Flask, clock: Any) -> None:
    outcomes = at_once(app, 12, lambda _index: put("one", Channel.MAIL, due_at=START))
    assert sorted(outcomes) == [False] * 11 + [True]  # type: ignore[type-var]
    assert len(session().scalars(select(Sending)).all()) == 1


@both
def test_many_workers_at_once_send_each_message_once(app: Flask, clock: Any, sends: Callable[..., list[str]]) -> None:
    arrived = sends()
    keys = [f"key-{n}" for n in range(30)]
    _put(*keys)
    outcomes = at_once(app, 6, lambda _index: send_due())
    assert sum(outcomes) == 30  # type: ignore[arg-type]
    assert sorted(arrived) == sorted(keys)


@both
def test_nothing_of_the_database_is_held_while_a_message_travels(
    app: Flask, clock: Any, sends: Callable[..., list[str]]
) -> None:
    def write_elsewhere(_key: str) -> None:
        # Another connection takes the write lock and the very row, which it could not if the sender held either.
        with db.engine.connect() as other:
            if db.engine.dialect.name == "postgresql":
                other.execute(text("SET lock_timeout = '500ms'"))
            else:
                other.execute(text("PRAGMA busy_timeout = 500"))
            other.execute(text("UPDATE sending SET payload = '{}'"))
            other.commit()

    arrived = sends(write_elsewhere)
    _put("one")
    assert send_due() == 1
    assert arrived == ["one"]


def test_nothing_is_sent_before_it_is_due(clock: Any, sends: Callable[..., list[str]]) -> None:
    arrived = sends()
    put("soon", Channel.MAIL, due_at=START + timedelta(minutes=1))
    assert send_due() == 0
    clock.shift(timedelta(minutes=1))
    assert send_due() == 1
    assert arrived == ["soon"]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_who_dies_between_taking_and_marking_is_followed_after_the_lease_and_under_the_same_key(
    dies: str, clock: Any, sends: Callable[..., list[str]]
) -> None:
    arrived: list[str] = []
    lives = [False]

    def carry(key: str) -> None:
        if not lives[0] and dies == "before":
            raise Killed
        arrived.append(key)
        if not lives[0]:
            raise Killed

    sends(carry)
    _put("one")
    with pytest.raises(Killed):
        send_due()
    lives[0] = True
    clock.shift(LEASE - timedelta(seconds=1))
    assert send_due() == 0
    clock.shift(timedelta(seconds=2))
    assert send_due() == 1
    # The message that had left before its sender died comes a second time, and can be told by its key.
    assert arrived == (["one"] if dies == "before" else ["one", "one"])
    assert _row("one").sent_at is not None
    assert send_due() == 0


def test_what_fails_for_now_is_tried_again_after_growing_pauses_and_given_up_at_last(
    clock: Any, sends: Callable[..., list[str]]
) -> None:
    tried: list[datetime] = []

    def fail(_key: str) -> None:
        tried.append(datetime.now(UTC))
        raise Later("server_away")

    arrived = sends(fail)
    _put("one")
    for _ in range(MOST_TRIES + 5):
        send_due()
        send_due()
        clock.move_to(_row("one").next_try_at)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [pause_after(n) for n in range(1, MOST_TRIES)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(pauses) == LONGEST_PAUSE
    row = _row("one")
    assert (row.sent_at, row.error, row.tries) == (None, "server_away", MOST_TRIES)
    assert row.gave_up_at is not None
    assert arrived == []


def test_what_is_never_to_be_sent_says_why_and_holds_up_nothing(clock: Any, sends: Callable[..., list[str]]) -> None:
    def carry(key: str) -> None:
        if key == "no":
            raise Never("read_already")
        if key == "broken":
            raise ValueError(key)

    arrived = sends(carry)
    _put("no", "broken", "yes")
    assert send_due() == 1
    assert arrived == ["yes"]
    assert (_row("no").error, _row("no").gave_up_at) == ("read_already", START)
    assert (_row("broken").error, _row("broken").gave_up_at) == ("failed", None)


def test_a_channel_that_reaches_nobody_is_left_alone_and_the_others_go_on(
    clock: Any, sends: Callable[..., list[str]]
) -> None:
    tried: list[str] = []

    def carry(key: str) -> None:
        tried.append(key)
        if key.startswith("mail"):
            raise Later("server_away", whole=True)

    arrived = sends(carry)
    _put("mail-1", "mail-2", "mail-3")
    _put("sms-1", channel=Channel.SMS)
    assert send_due() == 1
    assert tried == ["mail-1", "sms-1"]
    assert arrived == ["sms-1"]
    assert _row("mail-2").tries == 0


def test_a_message_may_wait_for_a_moment_of_its_own(clock: Any, sends: Callable[..., list[str]]) -> None:
    morning = START + timedelta(hours=9)

    def carry(_key: str) -> None:
        if datetime.now(UTC) < morning:
            raise Later("quiet_hours", at=morning)

    arrived = sends(carry)
    _put("one")
    send_due()
    assert _row("one").next_try_at == morning
    clock.move_to(morning)
    send_due()
    assert arrived == ["one"]


def test_who_took_too_long_does_not_put_off_what_another_has_taken_since(
    clock: Any, sends: Callable[..., list[str]]
) -> None:
    slow = [True]

    def carry(_key: str) -> None:
        if slow[0]:
            slow[0] = False
            clock.shift(LEASE)
            assert send_due() == 1
            raise Later("server_away")

    arrived = sends(carry)
    _put("one")
    assert send_due() == 0
    assert arrived == ["one"]
    assert (_row("one").sent_at, _row("one").error) == (START + LEASE, "")


def test_a_slow_server_leaves_the_rest_for_the_next_call(clock: Any, sends: Callable[..., list[str]]) -> None:
    arrived = sends()
    _put("one", "two")
    assert send_due(seconds=0) == 0
    assert send_due(limit=1) == 1
    assert arrived == ["one"]


def test_only_what_is_done_is_forgotten(clock: Any, sends: Callable[..., list[str]]) -> None:
    sends()
    _put("done")
    send_due()
    put("later", Channel.MAIL, due_at=START + timedelta(days=200))
    forget_done(START + timedelta(days=100))
    assert session().scalars(select(Sending.key)).all() == ["later"]
