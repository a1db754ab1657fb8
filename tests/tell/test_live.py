"""Live pages: who watches hears of each entry once, misses none after a drop-out, and only of what is theirs to see."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog.testing
from engineio.socket import Socket
from flask import Flask
from flask_socketio import SocketIOTestClient
from socketio import base_manager

from cogov.cases.queries import open_case_of
from cogov.decisions.commands import cast_ballot
from cogov.ground.clock import now
from cogov.ground.db import db
from cogov.ground.sockets import Doorkeeper, Nudges, Rooms, most_sockets, ping_in_one_thread, sockets_of, still_open
from cogov.journal.transaction import transaction
from cogov.meetings.commands import call_meeting, list_item, open_meeting
from cogov.people.commands import end_role, end_sign_ins
from cogov.people.models import RoleHeld
from cogov.people.rules import CLOCK
from cogov.problems.commands import second_problem, triage_problem
from cogov.problems.queries import problem_for
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tasks.commands import claim_task, open_task
from cogov.tell.live import feed as reading
from cogov.tell.live import watched
from cogov.tell.live.feed import Feed
from cogov.tell.live.sockets import ask_again
from cogov.tell.live.sockets import join as joined
from cogov.tell.notices import spread_all
from cogov.threads.commands import answer_minutes, post_message, write_summary
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.summaries import SummaryKind
from tests.cast import ELSEWHERE, HERE, Cast
from tests.clients import Clients
from tests.databases import both
from tests.decisions.conftest import Vote, clock, option, poll
from tests.feeds import feeding
from tests.journeys.walking import raise_something

__all__ = ["clock", "poll"]  # fixtures of the votes

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


class Reader:
    """A page: knows entries by their numbers, and after a drop-out asks for what came since the last it is sure of."""

    def __init__(self, opened: Opened, number: str) -> None:
        self.opened, self.number = opened, number
        self.known: list[int] = []
        self.come()

    def come(self) -> None:
        self.socket = self.opened("neighbour")
        self._note(_watch(self.socket, self.number, max(self.known, default=0))["missed"])

    def hear(self) -> None:
        self._note(said["number"] for said in _heard(self.socket))

    def _note(self, numbers: Iterable[int]) -> None:
        self.known += [number for number in numbers if number not in self.known]


def test_a_reader_with_drop_outs_misses_nothing_and_sees_nothing_twice(
    cast: Cast, number: str, opened: Opened, feed: Feed
) -> None:
    reader, chance = Reader(opened, number), random.Random(4)
    before = len(reader.known)
    for turn in range(200):
        _say(cast, number, f"第 {turn} 条。")
        if chance.random() < 0.5:
            feed.look()
        if chance.random() < 0.3:
            reader.hear()
        if chance.random() < 0.1:  # what was on its way to them is lost
            reader.socket.disconnect()
            feed.look()
            reader.come()
    feed.look()
    reader.hear()
    whole = _watch(reader.socket, number, reader.known[before - 1])
    assert reader.known[before:] == whole["missed"]
    assert len(whole["missed"]) == 200
    assert not whole["more"]


def _at_the_same_time(app: Flask, do: Callable[[], object]) -> None:
    def done() -> None:
        with app.app_context():
            do()
            db.session.remove()

    elsewhere = threading.Thread(target=done)
    elsewhere.start()
    elsewhere.join(20)
    assert not elsewhere.is_alive()


@both
def test_what_is_written_and_told_while_one_comes_in_is_not_missed(
    app: Flask, cast: Cast, number: str, opened: Opened, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = opened("neighbour")

    def written_and_told() -> None:
        _say(cast, number)
        feed.look()

    def join(room: str) -> None:  # they were let in already, and are in no room yet
        _at_the_same_time(app, written_and_told)
        joined(room)

    before = _watch(socket, number)["missed"]
    socket.disconnect()
    socket = opened("neighbour")
    monkeypatch.setattr(watched, "join", join)
    assert len(_watch(socket, number, before[-1])["missed"]) == 1
    assert _heard(socket) == []


@both
def test_what_is_hidden_while_one_comes_in_is_not_watched(
    app: Flask, cast: Cast, number: str, opened: Opened, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = opened("neighbour")

    def hidden() -> None:
        with transaction():
            db.session.merge(problem_for(cast.moderator, number)).hidden = True

    def join(room: str) -> None:
        _at_the_same_time(app, hidden)
        joined(room)

    monkeypatch.setattr(watched, "join", join)
    assert _watch(socket, number) == {"refused": "not_found"}
    rooms = sockets_of(app).server.manager.rooms["/"]
    assert not any(str(room).startswith("problem:") for room in rooms)


def test_two_who_enter_an_empty_room_at_once_are_both_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms, made = Rooms(), base_manager.bidict
    for name in ("one", "two"):
        rooms.basic_enter_room(name, "/", None, eio_sid=name)
    both_make = threading.Barrier(2)

    def make() -> Any:  # both have found no room, and make one
        with suppress(threading.BrokenBarrierError):
            both_make.wait(0.3)
        return made()

    monkeypatch.setattr(base_manager, "bidict", make)
    entering = [threading.Thread(target=rooms.basic_enter_room, args=(name, "/", "room")) for name in ("one", "two")]
    for each in entering:
        each.start()
    for each in entering:
        each.join(5)
    assert sorted(rooms.get_participants("/", "room")) == [("one", "one"), ("two", "two")]


def test_who_missed_more_than_can_be_named_is_told_so(
    cast: Cast, number: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "MOST_MISSED", 3)
    for turn in range(4):
        _say(cast, number, f"第 {turn} 条。")
    told = _watch(opened("neighbour"), number)
    assert len(told["missed"]) == 3
    assert told["more"]


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
        {"board": 1},
        {"board": "990101"},
        {"bell": 1},
    ],
)
def test_what_is_no_dossier_is_not_found(number: str, opened: Opened, asked: object) -> None:
    assert opened("neighbour").emit("watch", asked, callback=True) == {"refused": "not_found"}


def test_what_is_hidden_is_watched_by_nobody_who_may_not_see_it(cast: Cast, opened: Opened, feed: Feed) -> None:
    hidden = raise_something(cast, text="三楼的老张天天在楼道里骂人。", names_person=True)
    for name in (None, "outsider", "neighbour"):
        assert _watch(opened(name), hidden) == {"refused": "not_found"}
    assert "missed" in _watch(opened("resident"), hidden)


def test_what_is_hidden_later_falls_silent_for_who_may_not_see_it(
    cast: Cast, number: str, opened: Opened, feed: Feed
) -> None:
    sockets = {name: opened(name) for name in ("neighbour", None, "resident", "moderator")}
    for socket in sockets.values():
        _watch(socket, number)
    feed.look()
    for socket in sockets.values():
        socket.get_received()
    _say(cast, number)
    with transaction():
        db.session.merge(problem_for(cast.moderator, number)).hidden = True
    feed.look()
    assert {name: len(_heard(socket)) for name, socket in sockets.items()} == {
        "neighbour": 0,
        None: 0,
        "resident": 1,
        "moderator": 1,
    }


def test_pages_of_other_sites_are_not_let_in(app: Flask, cast: Cast, client_of: Any) -> None:
    http = client_of("neighbour").http
    path = "/socket.io/?EIO=4&transport=polling"
    assert http.get(path, headers={"Origin": "http://localhost"}).status_code == 200
    for foreign in ("https://evil.example", "http://localhost.evil.example", "null"):
        assert http.get(path, headers={"Origin": foreign}).status_code == 400


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


def test_who_looks_after_an_area_hears_that_something_moves_there_and_not_what(
    cast: Cast, opened: Opened, feed: Feed
) -> None:
    names = ("moderator", "grid_worker", "dispatcher", "foreign_moderator", "resident")
    sockets = {name: opened(name) for name in names}
    for socket in sockets.values():
        socket.emit("watch", {"desk": True}, callback=True)
    raise_something(cast, text="中心花坛边想加两张长椅，放哪里大家看看。")
    feed.look()
    heard = {name: _heard(socket, "desk") for name, socket in sockets.items()}
    assert heard == {
        "moderator": [{}],
        "grid_worker": [{}],
        "dispatcher": [{}],
        "foreign_moderator": [],
        "resident": [],
    }


def test_whose_mandate_ends_hears_nothing_of_the_desk_any_more(cast: Cast, opened: Opened, feed: Feed) -> None:
    gone, stays = opened("moderator"), opened("chair")
    for socket in (gone, stays):
        socket.emit("watch", {"desk": True}, callback=True)
    end_role(CLOCK, cast.moderator.standings[0].id)
    ask_again()
    assert (gone.is_connected(), stays.is_connected()) == (False, True)
    again = opened("moderator")
    again.emit("watch", {"desk": True}, callback=True)
    raise_something(cast, text="中心花坛边想加两张长椅，放哪里大家看看。")
    feed.look()
    assert (_heard(again, "desk"), _heard(stays, "desk")) == ([], [{}])


def test_who_switches_for_whom_they_act_keeps_the_desk_that_their_page_shows(
    app: Flask, cast: Cast, opened: Opened, feed: Feed
) -> None:
    clients = Clients(app, cast)
    browser = clients.of("official")
    socket = SocketIOTestClient(app, sockets_of(app), flask_test_client=browser.http)
    socket.emit("watch", {"desk": True}, callback=True)
    for standing in (str(cast.official.standings[0].id), ""):
        assert browser.post("/me/acting", {"standing": standing}).status_code == 303
        ask_again()
        assert socket.is_connected()
    socket.disconnect()


def test_a_board_hears_of_a_claimed_slot_and_no_other_board_does(
    cast: Cast, number: str, opened: Opened, feed: Feed
) -> None:
    here, elsewhere = opened(None), opened("outsider")
    assert here.emit("watch", {"board": HERE}, callback=True) == {"missed": []}
    assert elsewhere.emit("watch", {"board": ELSEWHERE}, callback=True) == {"missed": []}
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起办。"
    )
    task = open_task(cast.moderator, number, title="装夜灯", slots=1, days=7)
    feed.look()
    here.get_received()
    claim_task(cast.neighbour, task.id)
    feed.look()
    assert (_heard(here, "board"), _heard(elsewhere, "board")) == ([{}], [])


def test_who_follows_a_meeting_hears_that_it_moved_and_nothing_of_what(cast: Cast, opened: Opened, feed: Feed) -> None:
    made = call_meeting(
        cast.moderator,
        place_id=cast.community_id,
        title="车棚议事会",
        text="商量车棚的灯。",
        begins=now() + timedelta(hours=1),
        spot="活动室",
    ).id
    hall, other = opened("owner"), opened(None)
    for strange in (made, "0", "987654321", "1x"):
        assert hall.emit("watch", {"meeting": strange}, callback=True) == {"refused": "not_found"}
    assert hall.emit("watch", {"meeting": str(made)}, callback=True) == {"missed": []}
    list_item(cast.moderator, made, title="装几盏灯")
    open_meeting(cast.moderator, made)
    feed.look()
    assert _heard(hall, "meeting")[-1] == {}
    assert _heard(other, "meeting") == []


def test_the_bell_says_how_much_is_unread_when_one_comes(cast: Cast, number: str, opened: Opened) -> None:
    post_message(cast.neighbour, number, kind=MessageKind.QUESTION, text="什么时候的事？")
    spread_all()
    assert opened("resident").emit("watch", {"bell": True}, callback=True) == {"unread": 1}
    assert opened(None).emit("watch", {"bell": True}, callback=True) == {"refused": "not_found"}


def test_a_vote_is_told_by_full_batches_and_without_a_figure(
    cast: Cast, opened: Opened, feed: Feed, poll: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The cast is smaller than the smallest electorate whose figures are shown.
    decision = poll.opened()
    socket = opened(None)
    _watch(socket, poll.number)
    feed.look()
    socket.get_received()
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    feed.look()
    assert _heard(socket, "turnout") == []
    monkeypatch.setattr(reading, "SMALLEST", 1)
    monkeypatch.setattr(reading, "batched", lambda ballots: ballots - ballots % 2)
    told = []
    for voter in (cast.neighbour, cast.tenant):
        cast_ballot(voter, decision.id, option_id=option(decision, 1))
        feed.look()
        told.append(_heard(socket, "turnout"))
    assert told == [[{}], []]


def test_who_endorses_minutes_is_told_to_open_pages_without_a_name(
    cast: Cast, number: str, opened: Opened, feed: Feed, client_of: Any
) -> None:
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="灯太暗。")
    minutes = write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text="议定装感应灯。", base=0).id
    socket = opened(None)
    _watch(socket, number)
    feed.look()
    socket.get_received()
    answer_minutes(cast.tenant, minutes, endorses=True)
    feed.look()
    received = socket.get_received()
    assert [(each["name"], each["args"]) for each in received] == [("minutes", [{}])]
    page = client_of(None).get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert 'data-live-part="minutes"' in page
    assert "[data-live-part=minutes]" in page


# Threads for everybody ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("threads", "most"), [(2, 0), (4, 0), (8, 4), (32, 24), (256, 192)])
def test_open_sockets_never_take_all_threads(threads: int, most: int) -> None:
    assert most_sockets(threads) == most


def test_who_comes_when_the_door_is_full_is_sent_away_and_pages_are_not() -> None:
    going = threading.Event()
    entered = threading.Semaphore(0)

    def inside(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"].startswith("/socket.io/"):
            entered.release()
            going.wait(5)
        return [b"inside"]

    door = Doorkeeper(inside, 3)
    said: list[str] = []

    def ask(path: str) -> Iterable[bytes]:
        return door({"PATH_INFO": path}, lambda status, _headers: said.append(status))  # type: ignore[arg-type]

    staying = [threading.Thread(target=ask, args=("/socket.io/",)) for _ in range(3)]
    for each in staying:
        each.start()
    for _ in staying:
        assert entered.acquire(timeout=5)
    with structlog.testing.capture_logs() as logs:
        assert [b"".join(ask("/socket.io/")) for _ in range(5)] == [b"full"] * 5
    assert [line["event"] for line in logs] == ["live_full"]
    assert said == ["503 Service Unavailable"] * 5
    assert b"".join(ask("/")) == b"inside"
    going.set()
    for each in staying:
        each.join(5)
    assert door.open == 0
    assert b"".join(ask("/socket.io/")) == b"inside"


def test_who_only_says_hello_again_and_again_finds_the_door_full_too(app: Flask) -> None:
    hello, sockets = "/socket.io/?EIO=4&transport=polling", sockets_of(app).server.eio.sockets
    came = {f"came-{n}": SimpleNamespace(closed=False) for n in range(most_sockets(int(app.config["THREADS"])))}
    sockets.update(came)
    try:
        assert app.test_client().get(hello).status_code == 503
        # Whoever was let in before goes on: here nobody is known by that name.
        assert app.test_client().get(f"{hello}&sid=none").status_code == 400
        # One that has gone takes no room, although the live door itself forgets it only in its next round.
        full = still_open(sockets)
        came["came-0"].closed = True
        assert still_open(sockets) == full - 1
    finally:
        for name in came:
            sockets.pop(name)


def test_messages_to_browsers_are_not_packed() -> None:
    asked: list[Any] = []

    def inside(environ: Any, _start: Any) -> list[bytes]:
        asked.append(environ.get("HTTP_SEC_WEBSOCKET_EXTENSIONS"))
        return []

    packed = {"PATH_INFO": "/socket.io/", "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate"}
    Doorkeeper(inside, 3)(packed, lambda *_args: None)  # type: ignore[arg-type]
    assert asked == [None]


def test_all_sockets_are_asked_in_one_thread_whether_somebody_is_there() -> None:
    asked: list[tuple[str, str]] = []

    class Asked(Socket):
        def send(self, pkt: Any) -> None:
            asked.append((self.sid, threading.current_thread().name))
            if self.sid == "breaks":
                raise OSError

    live = SimpleNamespace(ping_interval=0.05, ping_timeout=15, start_background_task=None, create_queue=list)
    ping_in_one_thread(live)
    for _ in range(2):  # the thread ends when nobody is left to ask, and another begins
        asked.clear()
        sockets = [Asked(live, sid) for sid in ("one", "breaks", "gone", "last")]
        sockets[2].closed = True
        for each in sockets:
            each.schedule_ping()
            each.schedule_ping()  # while it is waited for, nothing is asked again
        until = time.monotonic() + 10
        while len(asked) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        assert asked == [("one", "pings"), ("breaks", "pings"), ("last", "pings")]
        assert [bool(each.last_ping) for each in sockets] == [True, True, False, True]


# The thread -----------------------------------------------------------------------------------------------------------


def test_the_thread_tells_soon_after_a_commit(
    cast: Cast, number: str, opened: Opened, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LOOK_EVERY", 60)  # so that it is the commit that wakes it
    socket = opened("neighbour")
    _watch(socket, number)
    with feeding(app):
        _say(cast, number)
        until = time.monotonic() + 10
        heard: list[Any] = []
        while not heard and time.monotonic() < until:
            heard = _heard(socket)
            time.sleep(0.02)
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
