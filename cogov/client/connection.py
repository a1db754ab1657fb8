"""How a request is sent, and sent again when its answer got lost; what an answer or a refusal becomes."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypedDict

PREFIX = "/api/v1"
WAITS = (429, 503)
"""Statuses that say: the same again, later."""
LONGEST_WAIT = 60.0
LOST = (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError)
"""What is known when no answer came: not whether the request did."""


class Refusal(Exception):
    """What the rules say against a request: the same sentence that the page shows."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(told.get("code", ""))
        self.message = str(told.get("message", ""))
        self.article = str(told.get("article", ""))
        self.what_next = str(told.get("what_next", ""))
        self.appeal = str(told.get("appeal", ""))
        self.fields: dict[str, Any] = dict(told.get("fields") or {})
        super().__init__(f"{self.code}: {self.message}{self.what_next}")


class Unreachable(Exception):
    """No answer came, however often it was asked; a verb may be sent again under the same key."""


class Listed(TypedDict):
    """What every list answers with."""

    items: list[Any]
    next: str


class Connection:
    """One installation, one token, one standing."""

    def __init__(
        self,
        address: str,
        token: str | None = None,
        *,
        acting: int | None = None,
        language: str | None = None,
        timeout: float = 30.0,
        tries: int = 4,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember where and as whom to ask; nothing is sent.

        ``acting`` is the id of a standing of `show_me`, ``tries`` how often a request is sent before it is given up.
        """
        split = urllib.parse.urlsplit(address)
        if split.scheme not in ("http", "https") or not split.netloc:
            raise ValueError(f"no address of an installation: {address!r}")
        self.address = address.rstrip("/")
        self.acting, self.language = acting, language
        self.timeout, self.tries = timeout, max(1, tries)
        self._token, self._pause = token, pause

    def __repr__(self) -> str:
        """Return what may be written into a log: never the token."""
        return f"{type(self).__name__}({self.address!r}, acting={self.acting!r})"

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Any:
        """Send a request until there is an answer; return it, or raise the refusal."""
        request = self._request(method, path, query, body, key)
        for tried in range(1, self.tries + 1):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - see __init__
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    told = _json(error.read())
                if error.code not in WAITS or tried == self.tries:
                    raise Refusal(error.code, told) from None
                self._pause(_seconds(error.headers.get("Retry-After"), tried))
            except LOST as error:
                if tried == self.tries:
                    raise Unreachable(f"{method} {path}: {error}") from error
                self._pause(_seconds(None, tried))
        raise AssertionError("unreachable")

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
        key: str | None,
    ) -> urllib.request.Request:
        asked = {name: _written(value) for name, value in (query or {}).items() if value is not None}
        url = f"{self.address}{PREFIX}{path}" + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        sent = None
        headers = {"Accept": "application/json"}
        if body is not None:
            sent = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
            headers["Content-Type"] = "application/json"
        for name, value in (
            ("Authorization", f"Bearer {self._token}" if self._token else None),
            ("Cogov-Acting", self.acting),
            ("Accept-Language", self.language),
            ("Idempotency-Key", key),
        ):
            if value is not None:
                headers[name] = str(value)
        return urllib.request.Request(url, data=sent, headers=headers, method=method)  # noqa: S310 - see __init__


def new_key() -> str:
    """Return a key under which one request can be sent again."""
    return str(uuid.uuid4())


def quoted(part: object) -> str:
    """Return a part of an address."""
    return urllib.parse.quote(str(part), safe="")


def parts(ask: Callable[[str], Any], after: str = "") -> Iterator[Any]:
    """Return every item of a list, asking for the next part when the one before is used up."""
    while True:
        part: Listed = ask(after)
        yield from part["items"]
        after = part["next"]
        if not after:
            return


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(text: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(asked: str | None, tried: int) -> float:
    """Return how long to wait: as long as the server says, else longer each time."""
    if asked is not None and asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_WAIT)
    return min(0.5 * float(2 ** (tried - 1)), LONGEST_WAIT)
