"""The measurements of one town: pages, acts, watchers, search, memory, and the floor beside them."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import event, func, select

from cogov.front.search.finding import count, find
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.search import SearchText, terms
from cogov.people.rules import ANYONE
from cogov.problems.models import Problem
from tests.cast import HERE
from tests.processes import answers, free_port, start, stop, until
from tools.bench.figures import ACT, ANONYMOUS, FLOOR, SIGNED_IN, Aim, Figure, Report
from tools.bench.filling import Long
from tools.stand.servers import Server, cores, serving, threads_for
from tools.stand.town import Town
from tools.stand.votes import Vote, opened
from tools.stand.watchers import Watchers
from tools.stand.wires import Wire, asked, load, verb

SEARCHED = "充电"
WATCHERS = 500
WARM = 0.5
FRESH = 40
"""How often a page is asked for right after a write."""
SERVER_MILLISECONDS, WATCH_MILLISECONDS = 5.0, 150.0
MEBIBYTES, FIRST_ANSWER = 200.0, 1.5


class Bench:
    """One town on the bench: what is measured goes into its report."""

    def __init__(self, town: Town, long: Long, report: Report, seconds: float) -> None:
        self.town = town
        self.report = report
        self.seconds = seconds
        self.measured, self.asking = cores()
        self._posts = itertools.count()
        with town.inside() as app:
            self.vote: Vote = opened(town.cast, now() + timedelta(days=1))
            self.pages = _pages(long, self.vote)
            official = int(town.cast.official.person_id or 0)
            self.cookies = {ANONYMOUS: "", SIGNED_IN: town.cookie(app, town.persons[0])}
            self.desk = town.cookie(app, official)
            self.open_numbers = list(
                session().scalars(
                    select(Problem.number).where(Problem.ending.is_(None)).order_by(Problem.id.desc()).limit(5000)
                )
            )

    def run(self, say: Callable[[str], None]) -> None:
        """Measure everything, saying what comes next."""
        say("the floor")
        self._floor()
        say("queries and bytes")
        queries = self._queries()
        with serving(self.town, core=self.measured, COGOV_THREADS=str(threads_for(WATCHERS))) as server:
            for name, who, path in self._asked():
                say(f"{name}, {who}")
                request = asked(path, Cookie=self._cookie(name, who))
                self._warm(server, request)
                met = load(server.port, lambda _client, _turn, request=request: request, seconds=self.seconds)  # type: ignore[misc]
                figure = Figure.of(name, who, met, queries=queries[name, who])
                figure.fresh = self._fresh(server.port, request)
                self.report.figures.append(figure)
            self._memory(server)
            for name, make in self._acts().items():
                say(name)
                met = load(server.port, make, seconds=self.seconds)
                self.report.figures.append(Figure.of(name, ACT, met))
            say(f"{WATCHERS} watchers")
            self._watchers(server)
        say("search")
        self._search()
        say("first answer")
        self._first()

    def _asked(self) -> Iterator[tuple[str, str, str]]:
        for name, path in self.pages.items():
            for who in (ANONYMOUS, SIGNED_IN):
                yield name, who, path
        yield "desk", SIGNED_IN, "/desk"

    def _cookie(self, name: str, who: str) -> str:
        return self.desk if name == "desk" else self.cookies[who]

    def _fresh(self, port: int, request: bytes, write: bytes | None = None) -> float:
        """Return the median milliseconds of a page that one client asks for each time right after somebody wrote."""
        wire, took = Wire(port), []
        post = self._acts()["message"]
        for _ in range(FRESH):
            written = wire.send(write or post(0, next(self._posts)) or b"")
            assert written.status == 201, written.body
            begun = time.perf_counter()
            answer = wire.send(request)
            took.append(1000 * (time.perf_counter() - begun))
            assert answer.status == 200, answer.status
        wire.close()
        return statistics.median(took)

    def _warm(self, server: Server, request: bytes) -> None:
        load(server.port, lambda _client, _turn: request, seconds=WARM)

    # The floor -------------------------------------------------------------------------------------------------------

    def _floor(self) -> None:
        with self._bare() as port:
            page = asked("/")
            load(port, lambda _client, _turn: page, seconds=WARM)
            met = load(port, lambda _client, _turn: page, seconds=self.seconds)
            figure = Figure.of("bare page", FLOOR, met, queries=1)
            said = asked("/", "POST", {"text": "租户也要充电，东门最近。"})
            figure.fresh = self._fresh(port, page, said)
            self.report.figures.append(figure)
            met = load(port, lambda _client, _turn: said, seconds=self.seconds)
            self.report.figures.append(Figure.of("bare insert", FLOOR, met, queries=1))

    @contextmanager
    def _bare(self) -> Iterator[int]:
        port = free_port()
        command = [sys.executable, "-m", "tools.bench.bare", str(self.town.folder), self.town.url, str(port)]
        process: subprocess.Popen[bytes] = start(command, self.town.folder / "bare.log", {}, self.measured)
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}/"), 30, "the bare page", every=0.05)
            yield port
        finally:
            stop(process)

    # Queries ---------------------------------------------------------------------------------------------------------

    def _queries(self) -> dict[tuple[str, str], int]:
        """Count the statements of each page, asked a second time in this process."""
        counted: dict[tuple[str, str], int] = {}
        with self.town.inside() as app, _counting() as statements:
            for name, who, path in self._asked():
                for _ in range(2):
                    statements.clear()
                    _ask(app, path, self._cookie(name, who))
                counted[name, who] = len(statements)
        return counted

    # Acts ------------------------------------------------------------------------------------------------------------

    def _acts(self) -> dict[str, Callable[[int, int], bytes | None]]:
        persons, token = self.town.persons, self.town.token
        numbers, vote = self.open_numbers, self.vote

        def post(client: int, turn: int) -> bytes:
            number, person_id = (
                numbers[(client * 97 + turn) % len(numbers)],
                persons[(client * 31 + turn) % len(persons)],
            )
            return verb(
                f"/problems/{number}/messages", token(person_id), {"kind": "reason", "text": f"第 {turn} 次说。"}
            )

        def second(client: int, turn: int) -> bytes | None:
            at = turn * 4 + client
            person_id = persons[-1 - at // len(numbers)]
            return verb(f"/problems/{numbers[at % len(numbers)]}/second", token(person_id))

        def ballot(client: int, turn: int) -> bytes | None:
            at = turn * 4 + client
            if at >= len(persons):
                return None
            body = {"option": vote.options[at % len(vote.options)]}
            return verb(f"/decisions/{vote.decision_id}/ballot", token(persons[at]), body)

        return {"message": post, "second": second, "ballot": ballot}

    # Watchers --------------------------------------------------------------------------------------------------------

    def _watchers(self, server: Server) -> None:
        """Post messages that all watchers hear of, while others ask for pages; keep the median time to the last one."""
        watchers, going = Watchers(server.port, self.vote.number), threading.Event()
        page = asked(self.pages["list"])
        going.set()
        busy = threading.Thread(
            target=load,
            args=(server.port, lambda _client, _turn: page),
            kwargs={"clients": 2, "seconds": 600, "going": going},
        )
        try:
            came = watchers.come(WATCHERS)
            busy.start()
            took = [self._told(server, watchers, turn) for turn in range(5)]
        finally:
            going.clear()
            if busy.ident is not None:
                busy.join()
            watchers.close()
        aims = self.report.aims
        aims.append(
            Aim(
                f"one message to {WATCHERS} watchers",
                WATCH_MILLISECONDS,
                statistics.median(took),
                least=False,
                unit="ms",
            )
        )
        aims.append(Aim(f"{WATCHERS} watchers come", 15.0, came, least=False, unit="s"))

    def _told(self, server: Server, watchers: Watchers, turn: int) -> float:
        before = {number for watcher in watchers.all for number in watcher.heard}
        wire = Wire(server.port)
        path, body = f"/problems/{self.vote.number}/messages", {"kind": "reason", "text": f"第 {turn} 次告诉大家。"}
        answer = wire.send(verb(path, self.town.token(self.town.persons[turn]), body))
        answered = time.monotonic()
        wire.close()
        assert answer.status == 201, answer.body
        reached = watchers.wait(lambda watcher: bool(set(watcher.heard) - before), 20)
        if not reached:
            return float("inf")
        last = max(at for watcher in watchers.all for number, at in watcher.heard.items() if number not in before)
        return 1000 * max(0.0, last - answered)

    # Search, memory, start -------------------------------------------------------------------------------------------

    def _search(self) -> None:
        """Look for two characters in this process, as the page does: the time in server and database together."""
        with self.town.inside() as app, app.test_request_context("/search"):
            texts = session().scalar(select(func.count()).select_from(SearchText)) or 0
            wanted, took = terms(SEARCHED), []
            for _ in range(30):
                app.extensions["kept"].forget()
                begun = time.perf_counter()
                count(ANYONE, wanted, self.town.cast.community_id)
                find(ANYONE, wanted, place_id=self.town.cast.community_id, kind="", after="", limit=21)
                took.append(1000 * (time.perf_counter() - begun))
        name = f"search for two characters in {texts} texts"
        group, found = "search for two characters in all texts", statistics.median(took)
        self.report.aims.append(Aim(name, SERVER_MILLISECONDS, found, least=False, unit="ms", group=group))

    def _memory(self, server: Server) -> None:
        resident, proportional = server.mebibytes()
        self.report.aims += [
            Aim("memory of a web worker, resident", MEBIBYTES, resident, least=False, unit="MiB"),
            Aim("memory of a web worker, proportional", MEBIBYTES, proportional, least=False, unit="MiB"),
        ]

    def _first(self) -> None:
        server = Server(self.town, core=self.measured)
        try:
            took = server.start()
        finally:
            server.stop()
        self.report.aims.append(
            Aim("seconds from start to the first answer", FIRST_ANSWER, took, least=False, unit="s")
        )


def _pages(long: Long, vote: Vote) -> dict[str, str]:
    """Return the pages that are measured, by name."""
    first = session().scalar(select(func.min(Problem.id)).where(Problem.number.not_like("2025-%"))) or 1
    ordinary = (
        session()
        .scalars(
            select(Problem.number)
            .where(Problem.ending.is_(None), Problem.number.not_like("2025-%"))
            .order_by(Problem.id.desc())
        )
        .first()
    )
    return {
        "home": f"/?place={HERE}",
        "list": f"/problems?place={HERE}&stage=every",
        "list, last page": f"/problems?place={HERE}&stage=every&after=0-{first + 25}",
        "dossier": f"/problems/{ordinary}",
        **{f"thread of {messages}": f"/problems/{number}" for messages, number in long.numbers.items()},
        "decision": f"/decisions/{vote.decision_id}",
        "search": f"/search?place={HERE}&q={quote(SEARCHED)}",
        "place": f"/places/{HERE}",
    }


@contextmanager
def _counting() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _ask(app: Flask, path: str, cookie: str) -> None:
    client = app.test_client(use_cookies=False)
    answer = client.get(path, headers={"Cookie": cookie} if cookie else {})
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
