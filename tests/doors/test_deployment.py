"""Several processes as docs/deploy runs them: nginx, two servers, a worker, PostgreSQL and Redis walk the loop."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import current_app
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, expect
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as Barred
from sqlalchemy import func, select

from cogov.ground.api import PREFIX
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.scopes import Scope
from cogov.ground.sockets import most_sockets
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import verify
from cogov.people.commands import make_token
from cogov.tell.models import Notification
from tests.browser.conftest import DESK, PHONE, album, pictures
from tests.browser.person import Album, let_in
from tests.browser.test_live import watching
from tests.cast import HERE, Cast, make_cast
from tests.databases import new_app
from tests.journeys.test_by_api import Walk, _settled, _to_the_body
from tests.postgres import Missing, running_postgres
from tests.processes import Missing as MissingProgram
from tests.processes import answers, binary, free_port, nginx, running, status, until

pytestmark = [pytest.mark.timeout(300), pytest.mark.postgres]

__all__ = ["album", "pictures"]  # fixtures of the browser

THREADS = 32

TOLD_WITHIN = 8
"""Seconds after which the worker must have told everybody: far less than the minute of its sweep."""

SECRET = "tests-of-several-processes-0123456789"


def _binary(name: str) -> str:
    try:
        return binary(name)
    except MissingProgram as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@dataclass
class Town:
    """What runs: where to knock, and the processes behind it."""

    front: int
    servers: list[int]
    redis: int
    cast: Cast
    folder: Path
    processes: list[subprocess.Popen[bytes]]
    serve: Callable[[int], subprocess.Popen[bytes]]
    tokens: dict[str, str] = field(default_factory=dict)

    def program(self, name: str | None, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Send a request through nginx as a program of somebody."""
        asked = urllib.request.Request(f"http://127.0.0.1:{self.front}{PREFIX}{path}", method=method)
        asked.add_header("Content-Type", "application/json")
        if name is not None:
            asked.add_header("Authorization", f"Bearer {self._token(name)}")
        for key, value in headers.items():
            asked.add_header(key, value)
        data = None if method == "GET" else json.dumps(body or {}).encode()
        try:
            with urllib.request.urlopen(asked, data, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def _token(self, name: str) -> str:
        if name not in self.tokens:
            until = now() + timedelta(days=30)
            made = make_token(getattr(self.cast, name), name="程序", scopes=tuple(Scope), until=until)
            self.tokens[name] = made.token
            db.session.remove()
        return self.tokens[name]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Start everything as the units of docs/deploy do, and stop it again."""
    folder = tmp_path_factory.mktemp("town")
    front, first, second, redis = (free_port() for _ in range(4))
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres())
        except Missing as missing:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"PostgreSQL is missing: {missing}")
        app = new_app(folder / "here", url, SECRET_KEY=SECRET)
        stack.enter_context(app.app_context())
        upgrade()
        command = [_binary("redis-server"), "--port", str(redis), "--save", "", "--bind", "127.0.0.1"]
        processes = [stack.enter_context(running(command, folder / "redis.log"))]
        settings = {
            "COGOV_DATA_DIR": str(folder / "var"),
            "COGOV_DATABASE_URL": url,
            "COGOV_REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "COGOV_SECRET_KEY": SECRET,
            "COGOV_PROXIES": "1",
            "COGOV_WORKER": "false",
            "COGOV_THREADS": str(THREADS),
        }

        def serve(port: int) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "cogov.cli", "serve", "--port", str(port)]
            return stack.enter_context(running(command, folder / f"{port}.log", **settings))

        processes += [serve(first), serve(second)]
        work = [sys.executable, "-m", "cogov.cli", "worker"]
        processes.append(stack.enter_context(running(work, folder / "worker.log", **settings)))
        processes.append(stack.enter_context(running(nginx(folder, front, [first, second]), folder / "nginx.out")))
        cast = make_cast()  # while they start
        db.session.remove()
        for port in (first, second):
            ready = functools.partial(answers, f"http://127.0.0.1:{port}/readyz")
            until(ready, 120, f"the server on {port}")
        until(lambda: status(f"http://127.0.0.1:{front}/healthz") == 200, 20, "nginx")
        yield Town(front, [first, second], redis, cast, folder, processes, serve)
        for process in processes:  # all at once; each is waited for as the stack unwinds
            process.terminate()
        db.session.remove()
        db.engine.dispose()


class Wire(Client):
    """A connection that is closed, and not left lying about, when it is refused."""

    def handshake(self) -> None:
        """Ask to be let in."""
        try:
            super().handshake()
        except Exception:
            self.sock.close()
            raise


class Reader:
    """A live page, in the words of Engine.IO and Socket.IO that a browser would use."""

    def __init__(self, port: int) -> None:
        self.wire = Wire(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket")
        self.heard: list[int] = []
        self.missed: list[int] = []
        # Asked before the greeting is read: this client sees one that came with the handshake only when more comes.
        self.wire.send("40")
        while not (said := self._next(30)).startswith("40"):
            assert said.startswith("0"), said

    def watch(self, number: str, after: int = 0) -> list[int]:
        """Watch a dossier and return what was missed."""
        self.wire.send("421" + json.dumps(["watch", {"problem": number, "after": after}]))
        while not (said := self._next(10)).startswith("431"):
            pass
        self.missed = list(json.loads(said[3:])[0]["missed"])
        return self.missed

    def entries(self, wanted: int, seconds: float) -> list[int]:
        """Return the entries heard of so far, once there are as many as wanted or the time is over."""
        end = time.monotonic() + seconds
        while len(self._new()) < wanted and time.monotonic() < end:
            self._next(max(0.05, end - time.monotonic()))
        return self._new()

    def _new(self) -> list[int]:
        # As pages do: what is written down while one joins may be told twice, and is known by its number.
        return sorted(set(self.heard) - set(self.missed))

    def _next(self, seconds: float) -> str:
        said = str(self.wire.receive(seconds) or "")
        if said == "2":
            self.wire.send("3")
        elif said.startswith("42"):
            event, value = json.loads(said[2:])
            self.heard += [value["number"]] if event == "entry" else []
        return said

    def close(self) -> None:
        with suppress(ConnectionClosed):
            self.wire.close()


def _filled(opened: list[Reader], port: int, wanted: int) -> bool:
    """Let readers in until there are as many as wanted; those of another test may still be on their way out."""
    with suppress(Barred):
        while len(opened) < wanted:
            opened.append(Reader(port))
        return True
    return False


@pytest.fixture
def readers(town: Town) -> Iterator[list[Reader]]:
    """Open a live page at each process, and one through nginx."""
    opened: list[Reader] = []
    for port in (*town.servers, town.front):
        until(functools.partial(_filled, opened, port, len(opened) + 1), 60, "room for a live page")
    yield opened
    for reader in opened:
        reader.close()


def _raised(town: Town) -> str:
    told = {"place": HERE, "text": "二楼从窗户拉电线下来给电动车充电。", "grid": town.cast.grid_ids[0]}
    status, problem = town.program("resident", "POST", "/problems", told)
    assert status == 201, problem
    return str(problem["number"])


def _said(town: Town, number: str, text: str) -> None:
    status, answer = town.program("neighbour", "POST", f"/problems/{number}/messages", {"kind": "reason", "text": text})
    assert status == 201, answer


def _everybody_told() -> bool:
    db.session.rollback()
    untold = session().scalar(select(func.count()).where(JournalEntry.told_at.is_(None)))
    return untold == 0 and bool(session().scalar(select(func.count()).select_from(Notification)))


def test_live_pages_at_every_process_hear_of_the_same(town: Town, readers: list[Reader]) -> None:
    number = _raised(town)
    missed = [reader.watch(number) for reader in readers]
    assert missed[0] == missed[1] == missed[2] != []
    begun = time.monotonic()
    _said(town, number, "租户也要充电。")
    heard = [reader.entries(1, 3) for reader in readers]
    assert heard[0] == heard[1] == heard[2]
    assert len(heard[0]) == 1
    assert time.monotonic() - begun < 3


def test_pages_are_answered_while_more_readers_come_than_there_are_threads(town: Town) -> None:
    port, opened = town.servers[1], list[Reader]()
    live = f"http://127.0.0.1:{port}/socket.io/?EIO=4&transport=polling"
    try:
        until(functools.partial(_filled, opened, port, most_sockets(THREADS)), 60, "room for as many as there may be")
        begun = time.monotonic()
        assert [status(live) for _ in range(5)] == [503] * 5
        assert [status(f"http://127.0.0.1:{port}/problems?place={HERE}") for _ in range(5)] == [200] * 5
        assert time.monotonic() - begun < 5
    finally:
        for reader in opened:
            reader.close()
    until(lambda: status(live) == 200, 60, "room for a reader")


@pytest.mark.browser
def test_two_phones_and_a_desk_live_in_one_dossier_across_two_processes(
    town: Town, browser: Browser, album: Album
) -> None:
    number, walk = _raised(town), Walk(town.program)
    told: dict[str, Any] = {"lane": "A", "reason": "DUTY", "words": "拆除飞线是消防的职责，先办起来。"}
    told |= {"body": town.cast.organizations["fire"], "duty_item": town.cast.duty_items["C103"]}
    walk("moderator", "POST", f"/problems/{number}/triage", told)
    discussion = f"/problems/{number}?tab=discussion"
    with ExitStack() as stack:

        def window(name: str, port: int, size: dict[str, int], path: str) -> Page:
            address = f"http://127.0.0.1:{port}"
            context = browser.new_context(viewport=size, locale="zh-CN", base_url=address)  # type: ignore[arg-type]
            stack.callback(context.close)
            page = context.new_page()
            let_in(current_app, page, address, getattr(town.cast, name))
            return watching(page, path)

        one = window("neighbour", town.servers[0], PHONE, discussion)
        other = window("tenant", town.servers[1], PHONE, discussion)
        desk = window("official", town.servers[1], DESK, "/desk")
        one.locator("#composer textarea").first.fill("三号楼一样，半夜充电睡不着。")
        with one.expect_navigation():
            one.locator("#composer form button[type=submit]").last.click()
        expect(other.get_by_role("link", name="条新内容")).to_be_visible()
        _said(town, number, "昨晚又拉了一根。")
        for name, page in (("one", one), ("other", other)):
            expect(page.get_by_role("link", name="条新内容")).to_be_visible()
            album.keep(page, f"{name}-told")
            page.get_by_role("link", name="条新内容").click()
            expect(page.locator("#subject")).to_contain_text("昨晚又拉了一根")
        expect(other.locator("#subject")).to_contain_text("半夜充电睡不着")
        [case] = walk("inspector", "GET", f"/problems/{number}/cases")
        _to_the_body(walk, town.cast, case["id"])
        # A desk compares its rows at most every five seconds.
        expect(desk.get_by_role("link", name="有 1 件变化")).to_be_visible(timeout=20_000)
        album.keep(desk, "desk-told")
        desk.get_by_role("link", name="有 1 件变化").click()
        expect(desk.locator(".desk-list .row-link")).to_have_count(1)
        for name, page in (("one", one), ("other", other), ("desk", desk)):
            album.keep(page, name)


def test_writing_goes_on_without_redis_and_live_pages_follow(town: Town, readers: list[Reader]) -> None:
    number = _raised(town)
    for reader in readers:
        reader.watch(number)
    redis = town.processes[0]
    redis.send_signal(signal.SIGSTOP)  # worse than gone: it takes the connection and says nothing
    try:
        begun = time.monotonic()
        for turn in range(3):
            _said(town, number, f"第 {turn} 条。")
        assert time.monotonic() - begun < 10
        assert {len(reader.entries(3, 8)) for reader in readers} == {3}
        until(_everybody_told, TOLD_WITHIN, "the worker without a nudge")
    finally:
        redis.send_signal(signal.SIGCONT)
    _said(town, number, "回来了。")
    assert {len(reader.entries(4, 8)) for reader in readers} == {4}


def test_the_loop_is_walked_through_all_of_them_and_the_worker_tells(town: Town) -> None:
    walk = Walk(town.program)
    cast = town.cast
    number = _raised(town)
    chosen = {
        "lane": "A",
        "reason": "DUTY",
        "body": cast.organizations["fire"],
        "duty_item": cast.duty_items["C103"],
        "words": "拆除飞线是消防的职责，先办起来。",
    }
    walk("moderator", "POST", f"/problems/{number}/triage", chosen)
    [case] = walk("inspector", "GET", f"/problems/{number}/cases")
    _to_the_body(walk, cast, case["id"])
    _settled(walk, cast, case["id"])
    ended = walk("resident", "POST", f"/problems/{number}/confirmation", {"answer": "fixed"})
    assert (ended["stage"], ended["ending"]) == ("ended", "fixed")

    until(_everybody_told, TOLD_WITHIN, "the worker")
    assert verify().faults == ()


def test_pages_know_their_own_address_behind_the_proxy(town: Town) -> None:
    _raised(town)
    asked = urllib.request.Request(f"http://127.0.0.1:{town.front}{PREFIX}/problems?place={HERE}")
    asked.add_header("Host", "gongzhi.example")
    with urllib.request.urlopen(asked, timeout=10) as answer:
        rows = json.load(answer)["items"]
    assert {row["page"].rpartition("/")[0] for row in rows} == {"http://gongzhi.example/problems"}
    assert status(f"http://127.0.0.1:{town.front}/readyz") == 404


def test_a_process_that_dies_is_passed_over(town: Town) -> None:
    town.processes[1].kill()
    town.processes[1].wait(10)
    try:
        heard = [status(f"http://127.0.0.1:{town.front}/healthz") for _ in range(12)]
    finally:
        town.processes[1] = town.serve(town.servers[0])
        until(functools.partial(answers, f"http://127.0.0.1:{town.servers[0]}/readyz"), 120, "the server again")
    assert heard == [200] * 12
