"""At the door: what is the same for anyone is answered before the application is asked.

Only answers are kept that the application itself has called the same for everybody (``kept_for_anyone``), whole, as
they were sent, and under all that they may depend on: the address as it was asked for, the looks, the language, whether
they may be packed. So whoever carries any other cookie or a key, sends anything, or asks for a part is let in. As
inside, the database is asked first whether anything has happened since.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie, parse_etags, remove_entity_headers, unquote_etag

from cogov.ground.db import db
from cogov.ground.logs import BEGUN, HEADER, REQUEST_ID, give_number, say_answered
from cogov.ground.pages import LOOKS, language_asked
from cogov.ground.weights import takes_packed
from cogov.journal.kept import KEPT_UNDER, LONGEST_ADDRESS, Memory, Version, this_minute
from cogov.journal.models import JournalHead

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_COOKIES = 100
SAYS_MORE = (
    "CONTENT_TYPE",
    "CONTENT_LENGTH",
    "HTTP_AUTHORIZATION",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_TRANSFER_ENCODING",
)
"""What a request for a page need not say; who says it is let in."""

Told = Callable[[str, int, float], None]


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str | None
    endpoint: str
    route: str


class Door:
    """Stands before the application and lets in whoever it has no answer for."""

    def __init__(self, app: Flask, inside: WSGIApplication, answers: Memory, engine: Engine) -> None:
        self.app = app
        self.inside = inside
        self.answers = answers
        self.engine = engine
        self.head = str(select(JournalHead.hash).compile(engine))
        self.tell: list[Told] = []
        """Who is told of each answer given here: its endpoint, its status, when it was begun."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        key = _key(environ)
        if key is None:
            return self.inside(environ, start_response)
        if key not in self.answers:
            return self._from_inside(key, environ, start_response)
        give_number(environ, self.app)
        held = self._held(key)
        if held is None:
            return self._from_inside(key, environ, start_response)
        return self._answer(held, environ, start_response)

    def _held(self, key: Hashable) -> _Answer | None:
        version = self._version()
        return None if version is None else cast("_Answer | None", self.answers.get(key, version))

    def _version(self) -> Version | None:
        try:
            with self.engine.connect() as connection:
                last = connection.exec_driver_sql(self.head).scalar()
        except SQLAlchemyError:
            return None  # inside they know what to say of it
        return last or "", this_minute()

    def _answer(self, held: _Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = held.status, [*held.headers, (HEADER, environ[REQUEST_ID])], [held.body]
        if _has_it(environ, held.etag):
            status, body = f"304 {HTTPStatus.NOT_MODIFIED.phrase.upper()}", []
            remove_entity_headers(headers)
        code = int(status[:3])
        say_answered(environ, self.app, method="GET", route=held.route, status=code, queries=1)
        for tell in self.tell:
            tell(held.endpoint, code, environ[BEGUN])
        start_response(status, headers)
        return body

    def _from_inside(self, key: Hashable, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said[:] = status, headers
            return start_response(status, headers, *error)

        answer = self.inside(environ, start)
        if KEPT_UNDER not in environ or not _may_be_kept(*said):
            return answer
        with closing(cast("Any", answer)):
            body = b"".join(answer)
        version, endpoint, route = environ[KEPT_UNDER]
        status, headers = said
        etag = next((value for name, value in headers if name == "ETag"), None)
        lasting = tuple(header for header in headers if header[0] != HEADER)
        held = _Answer(status, lasting, body, unquote_etag(etag)[0], endpoint, route)
        self.answers.put(key, version, held, len(body))
        return [body]


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    return status.startswith("200 ") and all(name != "Set-Cookie" for name, _ in headers)


def _has_it(environ: WSGIEnvironment, etag: str | None) -> bool:
    asked = environ.get("HTTP_IF_NONE_MATCH")
    return asked is not None and etag is not None and parse_etags(asked).contains_weak(etag)


def _key(environ: WSGIEnvironment) -> Hashable:
    """Return all that an answer depends on that is the same for anyone, or None where it may depend on more."""
    if environ["REQUEST_METHOD"] != "GET" or any(map(environ.get, SAYS_MORE)):
        return None
    looks = _looks(environ.get("HTTP_COOKIE", ""))
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if looks is None or len(path) + len(query) > LONGEST_ADDRESS:
        return None
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST") or (environ["SERVER_NAME"], environ["SERVER_PORT"]),
        environ.get("SCRIPT_NAME", ""),
        path,
        query,
        looks,
        language_asked(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        takes_packed(environ.get("HTTP_ACCEPT_ENCODING", "")),
    )


def _looks(cookies: str) -> Hashable:
    """Return how a page shall look, or None where somebody may stand behind the cookies."""
    if not cookies:
        return ()
    if len(cookies) > LONGEST_COOKIES:
        return None
    given = parse_cookie(cookies)
    return tuple(given.get(name) for name in LOOKS) if set(given) <= set(LOOKS) else None


def init_door(app: Flask) -> None:
    """Put the door before an application; call it when everything of the application stands."""
    with app.app_context():
        door = Door(app, app.wsgi_app, app.extensions["kept"].answers, db.engine)
    app.extensions["door"] = door
    app.wsgi_app = door  # type: ignore[method-assign]


def tell_of_answers(app: Flask, told: Told) -> None:
    """Register who is told of each answer given at the door."""
    cast("Door", app.extensions["door"]).tell.append(told)
