"""Pages are sent compressed, assets once, and no length tells a secret."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cogov.ground.weights import COMPRESSED, squeeze
from tests.conftest import Count

Counted = Callable[[], AbstractContextManager[Count]]
GZIP = {"Accept-Encoding": "gzip, deflate"}


def static_urls(app: Flask) -> str:
    with app.test_request_context():
        return url_for("static", filename="css/cogov.css")


def fetched(client: FlaskClient, address: str, headers: dict[str, str]) -> TestResponse:
    """Return an answer read whole, its file closed."""
    answer = client.get(address, headers=headers)
    answer.get_data()
    answer.close()
    return answer


def test_a_page_is_sent_compressed_to_those_who_can_read_it(client: FlaskClient) -> None:
    plain = client.get("/help")
    packed = client.get("/help", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data).startswith(b"<!DOCTYPE html>")
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["Content-Length"] == str(len(packed.data))


def test_the_length_of_a_compressed_page_says_nothing() -> None:
    text = "同一页".encode() * 500
    packed = {len(squeeze(text)) for _ in range(60)}
    assert len(packed) > 10
    assert gzip.decompress(squeeze(text)) == text


def test_an_asset_under_its_own_address_is_kept_for_a_year(app: Flask, client: FlaskClient) -> None:
    address = static_urls(app)
    assert "?v=" in address
    asked = fetched(client, address, GZIP)
    assert "immutable" in asked.headers["Cache-Control"]
    assert asked.headers["Content-Encoding"] == "gzip"
    again = fetched(client, address, {**GZIP, "If-None-Match": asked.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    bare = fetched(client, address.partition("?")[0], {})
    assert "immutable" not in bare.headers.get("Cache-Control", "")


def test_pictures_and_parts_are_left_as_they_are(app: Flask, client: FlaskClient) -> None:
    assert "image/jpeg" not in COMPRESSED
    part = fetched(client, static_urls(app), {**GZIP, "Range": "bytes=0-99"})
    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert len(part.data) == 100


def test_an_asset_asks_nothing_of_the_database_and_sets_no_cookie(client: FlaskClient, counted: Counted) -> None:
    with counted() as count:
        answer = fetched(client, "/static/css/cogov.css", {})
    assert answer.status_code == 200
    assert int(count) == 0
    assert "Set-Cookie" not in answer.headers
