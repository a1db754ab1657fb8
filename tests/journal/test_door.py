"""What is the same for anyone is answered at the door; whoever may be somebody, or says more, is let in."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from cogov.ground.db import db, session
from cogov.ground.logs import HEADER
from cogov.journal.door import Door
from cogov.journal.models import JournalHead
from cogov.tell.metrics import measure
from tests.cast import Cast
from tests.journeys.walking import raise_something

ClientOf = Callable[[str | None], Any]
PAGE = "/problems"


@pytest.fixture(autouse=True)
def _no_minute_ends() -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    """Return a reader without a jar for cookies: they carry what a test says."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def let_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return who is let in: the address of each request that the door has no answer for."""
    door: Door = app.extensions["door"]
    came: list[str] = []
    inside = door.inside

    def noted(environ: Any, start_response: Any) -> Any:
        came.append(environ["PATH_INFO"])
        return inside(environ, start_response)

    monkeypatch.setattr(door, "inside", noted)
    return came


def test_a_page_is_answered_at_the_door_until_something_happens(
    cast: Cast, anyone: FlaskClient, let_in: list[str]
) -> None:
    first, again = (anyone.get(PAGE) for _ in range(2))
    assert let_in == [PAGE]
    assert again.get_data() == first.get_data()
    assert {**again.headers, HEADER: ""} == {**first.headers, HEADER: ""}
    assert again.headers[HEADER] != first.headers[HEADER]
    number = raise_something(cast)
    assert number in anyone.get(PAGE).text
    assert let_in == [PAGE, PAGE]


def test_who_may_be_somebody_or_says_more_is_let_in(
    cast: Cast, anyone: FlaskClient, client_of: ClientOf, let_in: list[str]
) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer x"},
        {"Cookie": "session=x"},
        {"Cookie": "theme=dark; session=x"},
        {"Cookie": "remember_token=x"},
        {"Range": "bytes=0-9"},
        {"Content-Type": "text/plain"},
    ):
        before = len(let_in)
        anyone.get(PAGE, headers=headers)
        assert len(let_in) == before + 1, headers
    assert anyone.head(PAGE).status_code == 200
    assert len(let_in) == before + 2
    assert client_of("resident").get(PAGE).headers["Cache-Control"] == "private, no-store"
    assert anyone.get(PAGE).headers["Cache-Control"] == "no-cache"


def test_packed_and_plain_pages_are_kept_apart_and_known_again(
    cast: Cast, anyone: FlaskClient, let_in: list[str]
) -> None:
    for _ in range(2):
        plain, packed = anyone.get(PAGE), anyone.get(PAGE, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert let_in == [PAGE, PAGE]
    for answer, encoding in ((plain, {}), (packed, {"Accept-Encoding": "gzip"})):
        again = anyone.get(PAGE, headers={**encoding, "If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(again.headers.keys())
    assert anyone.get(PAGE, headers={"If-None-Match": '"another"'}).status_code == 200
    assert let_in == [PAGE, PAGE]


def test_what_is_shown_in_the_dark_is_not_shown_in_the_light(anyone: FlaskClient, let_in: list[str]) -> None:
    shown = [anyone.get(PAGE, headers=headers).text for headers in ({}, {"Cookie": "theme=dark"}) for _ in range(2)]
    assert let_in == [PAGE, PAGE]
    assert shown[0] == shown[1] != shown[2] == shown[3]
    assert 'data-theme="dark"' in shown[2]


def test_the_door_gives_nothing_away_while_the_database_cannot_be_asked(
    app: Flask, anyone: FlaskClient, let_in: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert anyone.get(PAGE).status_code == 200
    session().remove()
    monkeypatch.setattr(app.extensions["door"], "head", "SELECT hash FROM no_such_table")
    assert anyone.get(PAGE).status_code == 200
    assert let_in == [PAGE, PAGE]


def test_the_door_asks_for_what_the_application_asks_for(app: Flask, cast: Cast) -> None:
    raise_something(cast)
    with db.engine.connect() as connection:
        asked = connection.exec_driver_sql(app.extensions["door"].head).scalar()
    assert asked == session().query(JournalHead).one().hash


def test_answers_at_the_door_are_counted_with_the_others(
    app: Flask, anyone: FlaskClient, let_in: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in (app.before_request_funcs, app.after_request_funcs):
        monkeypatch.setitem(kind, None, list(kind[None]))
    monkeypatch.setattr(app, "_got_first_request", False)
    monkeypatch.setattr(app.extensions["door"], "tell", [])
    registry = measure(app)
    for _ in range(3):
        anyone.get(PAGE)
    assert let_in == [PAGE]
    seen = {"endpoint": "problems.index", "method": "GET", "status": "2xx"}
    assert registry.get_sample_value("cogov_requests_total", seen) == 3
