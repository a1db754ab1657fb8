"""L9, slow clients: hundreds who send half a request or read nothing hold up nobody else, behind the shipped nginx."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.processes import Missing, answers, free_port, nginx, running, until
from tools.faults.kit import Kit, Skip, Verdict
from tools.stand.servers import serving
from tools.stand.wires import asked, load

SLOW = 300
MEDIAN_MILLISECONDS = 200.0
THREADS = "64"
PAGE = asked("/help")


def slow(kit: Kit) -> Verdict:
    """Ask for pages while slow clients hang on; the planted fault is a server without nginx before it."""
    town = kit.town("slow")
    folder = town.folder
    with serving(town, COGOV_THREADS=THREADS, COGOV_PROXIES="1") as server:
        if kit.planted:
            return _asked(kit, server.port)
        front = free_port()
        try:
            command = nginx(folder, front, [server.port, server.port])
        except Missing as missing:
            raise Skip(str(missing)) from missing
        with running(command, folder / "nginx.out"):
            until(lambda: answers(f"http://127.0.0.1:{front}/healthz"), 20, "nginx")
            return _asked(kit, front)


def _asked(kit: Kit, port: int) -> Verdict:
    load(port, lambda _client, _turn: PAGE, clients=2, seconds=0.5)
    with _slow_clients(port) as hanging:
        met = load(port, lambda _client, _turn: PAGE, clients=2, seconds=kit.seconds)
    good = met.statuses[200]
    median = met.milliseconds(0.5)
    found = [] if median < MEDIAN_MILLISECONDS and good else [f"the median of the others was {median:.0f} ms"]
    lost = met.lost + sum(met.statuses.values()) - good
    found += [f"{lost} of the others got no page"] if lost else []
    return Verdict(f"{hanging} slow clients, others' median {median:.0f} ms of {good} pages", tuple(found))


@contextmanager
def _slow_clients(port: int) -> Iterator[int]:
    """Hold connections open: half of them send a form a byte at a time, half ask for pages and read nothing."""
    wires: list[socket.socket] = []
    stopped = threading.Event()
    half = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n"
    for index in range(SLOW):
        wire = socket.create_connection(("127.0.0.1", port), 10)
        wire.sendall(half if index % 2 else b"GET /problems HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        wires.append(wire)

    def drip() -> None:
        while not stopped.wait(1.0):
            for wire in wires:
                with suppress(OSError):
                    wire.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield len(wires)
    finally:
        stopped.set()
        dripping.join()
        for wire in wires:
            wire.close()
