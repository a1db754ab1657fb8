"""Live pages: who watches hears of each entry once, misses none after a drop-out, and only of what is theirs to see."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient

from cogov.cases.queries import open_case_of
from cogov.ground.db import db
from cogov.ground.sockets import Nudges, sockets_of
from cogov.people.commands import end_role, end_sign_ins
from cogov.people.models import RoleHeld
from cogov.people.rules import CLOCK
from cogov.problems.commands import second_problem
from cogov.problems.queries import problem_for
from cogov.tell.live import Feed, ask_again
from cogov.tell.notices import spread_all
from cogov.threads.commands import post_message
from cogov.threads.rules import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

Opened = Callable[..., SocketIOTestClient]


@pytest.fixture
def opened(app: Flask, client_of: Any) -> Iterator[Opened]:
    """Return a function that opens a socket as a member of the cast, or as a visitor."""
    sockets: list[SocketIOTestClient] = []
    server = sockets_of(app).server
    # The test client takes the place of the wire for good; browsers that come later need the real one.
    kept = (server._send_packet, server._send_eio_packet, server.async_handlers, server.eio.async_handlers)

    def open_one(name: str | None) -> SocketIOTestClient:
        http = client_of(name).http
        sockets.append(SocketIOTestClient(app, sockets_of(app), flask_test_client=http))
        return sockets[-1]

    yield open_one
    for each in sockets:
        if each.is_connected():
            each.disconnect()
    server._send_packet, server._send_eio_packet, server.async_handlers, server.eio.async_handlers = kept


@pytest.fixture
def feed(app: Flask) -> Feed:
    """Return the feed of this process, which looks when it is told to."""
    made = Feed(app)
    made.look()
    return made


def _heard(socket: SocketIOTestClient, event: str = "entry") -> list[Any]:
    return [said["args"][0] for said in socket.get_received() if said["name"] == event]


def _watch(socket: SocketIOTestClient, number: str, after: int = 0) -> dict[str, Any]:
    answer = socket.emit("watch", {"problem": number, "after": after}, callback=True)
    assert isinstance(answer, dict)
    return answer


def _say(cast: Cast, number: str, text: str = "租户也要充电。") -> None:
    post_message(cast.resident, number, kind=MessageKind.REASON, text=text)


@pytest.fixture
def number(cast: Cast) -> str:
    return raise_something(cast, text="二楼从窗户拉电线下来给电动车充电。")


@both
def test_an_entry_is_heard_once_by_who_watches_and_by_nobody_else(
    cast: Cast, number: str, opened: Opened, feed: Feed
) -> None:
    watching, elsewhere = opened("neighbour"), opened("resident")
    missed = _watch(watching, number)["missed"]
    assert missed == sorted(missed) != []
    feed.look()
    watching.get_received()
    _say(cast, number)
    feed.look()
    feed.look()
    [said] = _heard(watching)
    assert said["number"] > missed[-1]
    assert _heard(elsewhere) == []


def test_nothing_but_numbers_goes_over_the_wire(cast: Cast, number: str, opened: Opened, feed: Feed) -> None:
    watching = opened(None)
    _watch(watching, number)
    second_problem(cast.neighbour, number)
    feed.look()
    assert all(set(said) == {"number"} for said in _heard(watching))


def test_a_reader_with_drop_outs_misses_nothing_and_sees_nothing_twice(
    cast: Cast, number: str, opened: Opened, feed: Feed
) -> None:
    seen: list[int] = []
    socket = opened("neighbour")
    seen += _watch(socket, number)["missed"]
    feed.look()
    for turn in range(12):
        _say(cast, number, f"第 {turn} 条。")
        if turn % 3 == 0:
            feed.look()
            seen += [said["number"] for said in _heard(socket) if said["number"] not in seen]
        if turn % 4 == 1:
            socket.disconnect()
            _say(cast, number, "断线时的一条。")
            feed.look()
            socket = opened("neighbour")
            seen += [each for each in _watch(socket, number, max(seen))["missed"] if each not in seen]
    feed.look()
    seen += [said["number"] for said in _heard(socket) if said["number"] not in seen]
    assert seen == _watch(socket, number)["missed"]
    assert len(seen) == len(set(seen)) >= 15


@pytest.mark.parametrize(
    "asked",
    [
        None,
        "2026-0001",
        [],
        {},
        {"problem": 7},
        {"problem": "2026-0001", "after": "0"},
        {"problem": "2026-0001", "after": -1},
        {"problem": "2026-0001", "after": 2**63},
        {"problem": "2026-0001", "after": True},
        {"problem": "x" * 3000},
        {"desk": "yes"},
    ],
)
def test_what_is_no_dossier_is_not_found(number: str, opened: Opened, asked: object) -> None:
    assert opened("neighbour").emit("watch", asked, callback=True) == {"refused": "not_found"}


def test_what_is_hidden_is_watched_by_nobody_who_may_not_see_it(cast: Cast, opened: Opened, feed: Feed) -> None:
    hidden = raise_something(cast, text="三楼的老张天天在楼道里骂人。", names_person=True)
    for name in (None, "outsider", "neighbour"):
        assert _watch(opened(name), hidden) == {"refused": "not_found"}
    assert "missed" in _watch(opened("resident"), hidden)


def test_a_socket_closes_when_its_owner_signs_out(cast: Cast, number: str, opened: Opened) -> None:
    socket, visitor = opened("neighbour"), opened(None)
    _watch(socket, number)
    ask_again()
    assert socket.is_connected()
    end_sign_ins(cast.neighbour, cast.neighbour.person_id or 0)
    ask_again()
    assert not socket.is_connected()
    assert visitor.is_connected()


def test_a_socket_closes_when_a_role_ends(cast: Cast, number: str, opened: Opened) -> None:
    socket = opened("moderator")
    end_role(CLOCK, cast.moderator.standings[0].id)
    ask_again()
    assert not socket.is_connected()
    assert db.session.get(RoleHeld, cast.moderator.standings[0].id) is not None


def test_news_for_a_person_reach_their_other_page(cast: Cast, number: str, opened: Opened, feed: Feed) -> None:
    socket = opened("resident")
    post_message(cast.neighbour, number, kind=MessageKind.QUESTION, text="什么时候的事？")
    spread_all()
    feed.look()
    told = _heard(socket, "notice")
    assert told == [{"unread": 1}]


def test_a_desk_hears_of_its_case(cast: Cast, opened: Opened, feed: Feed) -> None:
    socket, other = opened("inspector"), opened("official")
    for each in (socket, other):
        assert each.emit("watch", {"desk": True}, callback=True) == {"missed": []}
    number = raise_something(cast, text="三号楼楼道正在冒烟，有人被困在五楼！", burning=True)
    assert open_case_of(problem_for(cast.moderator, number).id) is not None
    feed.look()
    assert len(_heard(socket, "desk")) == 1


# The thread -----------------------------------------------------------------------------------------------------------


def test_the_thread_tells_soon_after_a_commit(cast: Cast, number: str, opened: Opened, app: Flask) -> None:
    socket = opened("neighbour")
    _watch(socket, number)
    stop = Feed(app).start()
    try:
        _say(cast, number)
        until = time.monotonic() + 1.5
        heard: list[Any] = []
        while not heard and time.monotonic() < until:
            heard = _heard(socket)
            time.sleep(0.02)
    finally:
        stop()
    assert len(heard) == 1


def test_a_redis_that_is_away_holds_up_nobody() -> None:
    nudges = Nudges("redis://127.0.0.1:1/0")
    begun = time.monotonic()
    for _ in range(50):
        nudges.send()
    assert time.monotonic() - begun < 2
    assert nudges.came.is_set()
    going = threading.Event()
    going.set()
    listening = threading.Thread(target=nudges.listen, args=(going.is_set,), daemon=True)
    listening.start()
    nudges.came.clear()
    assert nudges.came.wait(5)  # it looks by itself, as nobody tells it
    going.clear()
    listening.join(5)
    assert not listening.is_alive()
