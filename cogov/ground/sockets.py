"""The live door: one Socket.IO server in each process, and nudges between processes over Redis where there is one."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

import structlog
from engineio.packet import PING, Packet
from engineio.socket import Socket
from flask import Flask
from flask_socketio import SocketIO
from socketio import Manager

from cogov.ground.loading import later

if TYPE_CHECKING:
    import redis
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
else:
    redis = later("redis")  # it belongs to the extra for production

log = structlog.get_logger()

LARGEST = 4096
"""Bytes of a message from a browser: the number of a dossier and of an entry."""

PATH = "/socket.io/"

LEAST_KEPT = 4
"""Threads that open sockets never take, however few there are."""


def most_sockets(threads: int) -> int:
    """Return how many threads open sockets may hold; a quarter stays for everything else."""
    return max(threads - max(LEAST_KEPT, threads // 4), 0)


class Doorkeeper:
    """Lets so many sockets in that pages are still answered: each holds a thread for as long as it is open.

    One that only says it has come, and asks for nothing afterwards, holds a thread of the live door itself; those are
    counted by who keeps them (``held``). Who comes later is told to come back; their page stays as it is, without news.
    """

    SAID_EVERY = 60.0

    def __init__(self, inside: WSGIApplication, most: int, held: Callable[[], int] = lambda: 0) -> None:
        self.inside = inside
        self.most = most
        self.held = held
        self.open = 0
        self._lock = threading.Lock()
        self._said = -self.SAID_EVERY

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one to the live door only while there is room."""
        if not str(environ.get("PATH_INFO", "")).startswith(PATH):
            return self.inside(environ, start_response)
        comes = "sid" not in parse_qs(str(environ.get("QUERY_STRING", "")))
        if not self._enter(comes=comes):
            start_response(
                "503 Service Unavailable",
                [("Content-Type", "text/plain"), ("Retry-After", "60"), ("Cache-Control", "no-store")],
            )
            return [b"full"]
        # Browsers offer to have messages packed: that takes 300 KiB a socket, and a number gets no shorter.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        try:
            return self.inside(environ, start_response)
        finally:
            with self._lock:
                self.open -= 1

    def _enter(self, *, comes: bool) -> bool:
        with self._lock:
            if self.open < self.most and not (comes and self.held() >= self.most):
                self.open += 1
                return True
            again = time.monotonic() - self._said >= self.SAID_EVERY
            self._said = time.monotonic() if again else self._said
        if again:
            log.warning("live_full", open=self.most)
        return False


class Rooms(Manager):
    """Who is in which room; one thread at a time changes it.

    The library makes a room for the first who enters and takes it away after the last who leaves without looking
    again: of two who come at once, or of one who comes as another goes, one would sit in a room that is lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changing = threading.RLock()

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        """Let somebody in who still has to be asked who they are."""
        with self._changing:
            return cast("str | None", super().pre_connect(eio_sid, namespace))

    def connect(self, sid: str, namespace: str) -> str | None:
        """Let somebody in for good."""
        with self._changing:
            return cast("str | None", super().connect(sid, namespace))

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        """Note that somebody is about to go."""
        with self._changing:
            return cast("str | None", super().pre_disconnect(sid, namespace))

    def basic_disconnect(self, sid: str, namespace: str, **how: Any) -> None:
        """Take somebody out of every room."""
        with self._changing:
            super().basic_disconnect(sid, namespace, **how)

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """Put somebody into a room."""
        with self._changing:
            super().basic_enter_room(sid, namespace, room, eio_sid=eio_sid)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """Take somebody out of a room."""
        with self._changing:
            super().basic_leave_room(sid, namespace, room)

    def get_participants(self, namespace: str, room: str | list[str]) -> Iterator[tuple[str, str]]:
        """Return who is in a room, or in some of them, as it is now."""
        with self._changing:
            return iter(list(super().get_participants(namespace, room)))


class Pings:
    """Asks open sockets in one thread whether somebody is still there; the library has a thread sleep for each."""

    def __init__(self, every: float) -> None:
        self.every = every
        self._due: deque[tuple[float, Socket]] = deque()
        self._lock = threading.Lock()
        self._asking = False

    def later(self, socket: Socket) -> None:
        """Ask at a socket when its time has come; the one that came first is asked first, as all wait equally long."""
        with self._lock:
            self._due.append((time.monotonic() + self.every, socket))
            begins, self._asking = not self._asking, True
        if begins:
            threading.Thread(target=self._ask, name="pings", daemon=True).start()

    def _ask(self) -> None:
        while (first := self._first()) is not None:
            at, socket = first
            time.sleep(max(at - time.monotonic(), 0))
            try:
                ping(socket)
            except Exception as error:
                log.warning("ping_failed", error=type(error).__name__)
            del first, socket  # who has gone is not kept until the next is due

    def _first(self) -> tuple[float, Socket] | None:
        with self._lock:
            self._asking = bool(self._due)
            return self._due.popleft() if self._due else None


def ping(socket: Socket) -> None:
    """Ask whether somebody is still there; what is not answered in time closes the socket."""
    if not socket.closing and not socket.closed:
        socket.last_ping = time.time()
        socket.send(Packet(PING))


def ping_in_one_thread(live: Any) -> None:
    """Have the live door's own server ask all its sockets in one thread."""
    begin, pings = live.start_background_task, Pings(live.ping_interval)

    def start(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if getattr(work, "__func__", None) is Socket._send_ping:
            return pings.later(cast("Any", work).__self__)
        return begin(work, *args, **kwargs)

    live.start_background_task = start


def init_sockets(app: Flask, handlers: Mapping[str, Callable[..., Any]]) -> None:
    """Open the live door; only pages of this site may come in (the origin is compared with the host).

    Handlers only join and leave; every write goes through pages or the API. Pages keep their share of the threads.
    """
    door = SocketIO(
        app,
        async_mode="threading",
        client_manager=Rooms(),
        manage_session=False,
        max_http_buffer_size=LARGEST,
        ping_interval=20,
        ping_timeout=15,
        cookie=None,
    )
    for name, handler in handlers.items():
        door.on_event(name, handler)
    live = sockets_of(app).server.eio
    ping_in_one_thread(live)
    known = live.sockets
    keeper = Doorkeeper(app.wsgi_app, most_sockets(int(app.config["THREADS"])), lambda: still_open(known))
    app.wsgi_app = keeper  # type: ignore[method-assign]


def still_open(known: Mapping[str, Any]) -> int:
    """Return how many of the sockets that the live door knows are open; under gunicorn it forgets closed ones late."""
    return sum(not each.closed for each in list(known.values()))


def sockets_of(app: Flask) -> Any:
    """Return the live door of an application."""
    return app.extensions["socketio"]


class Nudges:
    """Wakes whoever waits for news: at once in this process, over Redis in the others; a loss costs only seconds."""

    CHANNEL = "cogov:nudge"
    AWAY = 5.0
    """Seconds for which Redis is left alone after it did not answer, so that no commit waits for it again."""

    def __init__(self, url: str) -> None:
        self.came = threading.Event()
        self._redis: Any = None
        self._away_until = 0.0
        self._url = url
        if url:
            self._redis = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)

    def send(self) -> None:
        """Say that something was written down."""
        self.came.set()
        if self._redis is None or time.monotonic() < self._away_until:
            return
        try:
            self._redis.publish(self.CHANNEL, b"1")
        except Exception as error:
            self._away_until = time.monotonic() + self.AWAY
            log.warning("redis_away", error=type(error).__name__)

    def listen(self, going: Callable[[], bool]) -> None:
        """Pass on what other processes say, for as long as this one goes on; come back when Redis does."""
        away = False
        while self._redis is not None and going():
            try:
                channel = redis.Redis.from_url(self._url, socket_timeout=5, socket_connect_timeout=2).pubsub()
                channel.subscribe(self.CHANNEL)
                away = False
                while going():
                    if channel.get_message(ignore_subscribe_messages=True, timeout=1.0):
                        self.came.set()
            except Exception as error:
                if not away:
                    log.warning("redis_away", error=type(error).__name__)
                away = True
                self.came.set()
                time.sleep(1.0)
