"""The one door through which the server calls addresses that people have typed.

Whoever may type an address could have the server knock where they cannot: at the database, at the machine's own pages,
at the cloud's address for credentials. So a name is resolved here, every address it leads to has to be a public one,
and the connection goes to the very address that was checked: a name that leads elsewhere a moment later changes
nothing. Nothing is followed, nothing of the environment (proxies, netrc) is read, and little is waited for.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from urllib.parse import SplitResult

from flask import current_app

from cogov.ground.addresses import (
    LARGEST_ANSWER,
    Address,
    Answer,
    Call,
    host_of,
    is_allowed,
    is_loopback,
    parts_of,
    port_of,
    why_not_call,
)

LOOKUP, CONNECT, IN_ALL = 3.0, 4.0, 10.0
"""Seconds to resolve a name, to wait for one sign of life, and for everything together."""

MOST_TRIED = 2
"""Addresses of one name that are tried before the other side counts as away."""

_HEADER = re.compile(r"[\x20-\x7e]*")


class Barred(Exception):
    """The address may not be called, now or later."""


class Away(OSError):
    """Nobody answered; later somebody may."""


def is_trying() -> bool:
    """Say whether this installation may call itself, for trying things out."""
    return bool(current_app.config["CALL_LOOPBACK"])


# Where a name leads ---------------------------------------------------------------------------------------------------


def lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system where a name leads."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def _resolved(host: str, port: int) -> Sequence[str]:
    """Return where a name leads, without waiting for as long as the system would."""
    told: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            told.put(lookup(host, port))
        except (OSError, UnicodeError) as error:
            told.put(OSError(str(error)))

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        answer = told.get(timeout=LOOKUP)
    except Empty as error:
        raise Away("lookup took too long") from error
    if isinstance(answer, OSError) or not answer:
        raise Away("no such name")
    return answer


def resolved(host: str, port: int) -> list[Address]:
    """Return the addresses of a host."""
    return [ipaddress.ip_address(text) for text in _resolved(host, port)]


def checked(host: str, port: int, *, trying: bool = False) -> list[Address]:
    """Return the addresses of a host; one of them that may not be called bars them all."""
    addresses = resolved(host, port)
    if not all(is_allowed(address, trying=trying) for address in addresses):
        raise Barred("leads inside")
    return addresses


# Calling --------------------------------------------------------------------------------------------------------------


def trusted() -> ssl.SSLContext:
    """Return whom to believe: the authorities that this machine trusts."""
    return ssl.create_default_context()


class _Pinned(HTTPConnection):
    """A connection to one address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: Address, *, secret: bool) -> None:
        super().__init__(host, port, timeout=CONNECT)
        self.address, self.secret = address, secret
        # Kept apart from `sock`, which http.client gives away with the answer while its body still comes.
        self.wire: socket.socket | None = None
        self.was_cut = False
        # Read by http.client: a usual port is not named in the header Host.
        self.default_port = 443 if secret else 80

    def connect(self) -> None:
        """Connect to the address; the certificate has to be the name's."""
        self.sock = self.wire = socket.create_connection((str(self.address), self.port), timeout=CONNECT)
        if self.secret:
            context = trusted()
            # Kept before the handshake, so that whoever cuts the connection finds it.
            wrapped = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.wire = wrapped
            wrapped.do_handshake()

    def cut(self) -> None:
        """End the connection at once, whatever the other side still drips."""
        self.was_cut = True
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)


def post(call: Call, *, ours: bool = False) -> Answer:
    """Post something to an address that somebody typed; raise Barred or Away.

    An address of the settings (``ours``) was chosen by who runs the machine and may lie inside; plain http only on it.
    """
    trying = is_trying()
    parts = parts_of(call.url)
    if parts is None or (_why_not_ours(parts) if ours else why_not_call(call.url, trying=trying)):
        raise Barred("malformed")
    if not all(_HEADER.fullmatch(value) for value in call.headers.values()):
        raise Barred("header")
    host, port = host_of(parts) or "", port_of(parts)
    addresses = resolved(host, port) if ours else checked(host, port, trying=trying)
    for address in addresses[:MOST_TRIED]:
        connection = _Pinned(host, port, address, secret=parts.scheme == "https")
        with _guarded(connection):
            try:
                connection.connect()
            except OSError:
                continue
            # Once something was said, nobody else is asked: it may have arrived.
            return _posted(connection, call, parts)
    raise Away("nobody answers")


def _why_not_ours(parts: SplitResult) -> str:
    host = host_of(parts)
    here = host == "localhost" or is_loopback(host or "")
    return "" if host and (parts.scheme == "https" or here) else "https"


@contextmanager
def _guarded(connection: _Pinned) -> Iterator[None]:
    """End a connection in time, however slowly the other side drips."""
    guard = threading.Timer(IN_ALL, connection.cut)
    guard.daemon = True
    guard.start()
    try:
        yield
    finally:
        guard.cancel()
        connection.close()


def _posted(connection: _Pinned, call: Call, parts: SplitResult) -> Answer:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "cogov", **call.headers}
    try:
        connection.request("POST", path, body=call.body, headers=headers)
        with connection.getresponse() as response:
            body = response.read(LARGEST_ANSWER)
            torn = response.length and len(body) < LARGEST_ANSWER
    except (OSError, HTTPException, ValueError) as error:
        raise Away(type(error).__name__) from error
    if connection.was_cut or torn:
        raise Away("cut off")
    return Answer(response.status, body, _seconds(response.getheader("Retry-After")))


def _seconds(text: str | None) -> int | None:
    text = (text or "").strip()
    return min(int(text), 86400) if text.isascii() and text.isdigit() and len(text) < 9 else None
