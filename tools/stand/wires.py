"""Clients that cost little: requests written as bytes over connections that stay open, and a load of many of them."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cogov.ground.api import PREFIX


def asked(path: str, method: str = "GET", body: Any = None, **headers: str) -> bytes:
    """Return a request as bytes; underscores in the names of headers stand for hyphens."""
    data = b"" if body is None else json.dumps(body).encode()
    named = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        named |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
    elif method != "GET":
        named["Content-Length"] = "0"
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode() + data


def verb(path: str, token: str, body: Any = None, **headers: str) -> bytes:
    """Return a request of somebody's program to do something."""
    return asked(PREFIX + path, "POST", {} if body is None else body, Authorization=f"Bearer {token}", **headers)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def json(self) -> Any:
        """Return the body as values."""
        return json.loads(self.body)

    def header(self, name: str) -> str:
        """Return the value of a header, empty where there is none."""
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name.lower().encode():
                return value.strip().decode()
        return ""


class Wire:
    """A connection that stays open and is opened anew when the server has closed it."""

    def __init__(self, port: int, seconds: float = 20) -> None:
        self.port = port
        self.seconds = seconds
        self._socket: socket.socket | None = None
        self._rest = b""

    def send(self, request: bytes) -> Answer:
        """Send a request and return its answer; an OSError says that there was none."""
        if self._is_stale():
            self.close()
        fresh = self._socket is None
        try:
            return self._exchange(request)
        except ConnectionError:
            self.close()
            # A connection that lay idle may be closed on the other side; only what changes nothing is sent again.
            if fresh or not request.startswith(b"GET "):
                raise
            return self._exchange(request)
        except OSError:
            self.close()
            raise

    def _is_stale(self) -> bool:
        """Say whether the other side has closed a connection that lay idle."""
        if self._socket is None:
            return False
        return bool(select.select([self._socket], [], [], 0)[0])

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), self.seconds)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._rest = b""
        self._socket.sendall(request)
        return self._answer()

    def _answer(self) -> Answer:
        head = self._until(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), head, b"")
        if answer.header("Transfer-Encoding") == "chunked":
            body = self._chunks()
        else:
            body = self._exactly(int(answer.header("Content-Length") or 0))
        if answer.header("Connection").lower() == "close":
            self.close()
        return Answer(answer.status, head, body)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n"), 16):
            body += self._exactly(size)
            self._exactly(2)
        self._exactly(2)
        return body

    def _until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self._more()
        found, _, self._rest = self._rest.partition(end)
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> None:
        assert self._socket is not None
        part = self._socket.recv(1 << 16)
        if not part:
            raise ConnectionResetError("the server has closed the connection")
        self._rest += part

    def close(self) -> None:
        """Close the connection; the next request opens a new one."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


@dataclass
class Load:
    """What many requests met: how long each took, with which status, and how much came back."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bytes: int = 0
    lost: int = 0

    @property
    def rate(self) -> float:
        """Return the requests of a second that were answered well."""
        good = sum(number for status, number in self.statuses.items() if status < 400)
        return good / self.seconds if self.seconds else 0.0

    def milliseconds(self, share: float) -> float:
        """Return within how many milliseconds such a share of the requests was answered."""
        took = sorted(self.took)
        return 1000 * took[min(int(share * len(took)), len(took) - 1)] if took else 0.0

    def add(self, other: Load) -> None:
        """Count another load with this one."""
        self.took += other.took
        self.statuses += other.statuses
        self.bytes += other.bytes
        self.lost += other.lost


Make = Callable[[int, int], bytes | None]
"""Makes the request of a client (its number, its turn); None when it has none left."""


def load(
    port: int,
    make: Make,
    *,
    clients: int = 4,
    seconds: float = 3.0,
    heard: Callable[[int, int, Answer | None], None] | None = None,
    going: threading.Event | None = None,
) -> Load:
    """Let clients ask one request after the other until the time is over; ``heard`` is told each answer or its lack."""
    parts = [Load() for _ in range(clients)]
    until = time.monotonic() + seconds

    def ask(client: int) -> None:
        wire, turn, part = Wire(port), 0, parts[client]
        while time.monotonic() < until and (going is None or going.is_set()):
            request = make(client, turn)
            if request is None:
                break
            answer = _timed(wire, request, part)
            if heard is not None:
                heard(client, turn, answer)
            turn += 1
        wire.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Load(seconds=time.monotonic() - begun)
    for part in parts:
        whole.add(part)
    return whole


def _timed(wire: Wire, request: bytes, part: Load) -> Answer | None:
    begun = time.perf_counter()
    with suppress(OSError):
        answer = wire.send(request)
        part.took.append(time.perf_counter() - begun)
        part.statuses[answer.status] += 1
        part.bytes += len(answer.body)
        return answer
    part.lost += 1
    time.sleep(0.02)
    return None
