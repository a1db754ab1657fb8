"""What is sent is drawn anew, and written anew, while nobody waits for it: neither to write nor for a connection."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from typing import cast as cast_to

import pytest
from PIL import Image

from cogov.files import api
from cogov.files.rules import Rewritten, draw_anew, one_at_a_time
from cogov.files.views import album
from cogov.ground.db import db, session, writing
from cogov.ground.document import KEY
from cogov.ground.refusals import Refused
from tests.cast import Cast
from tests.databases import both
from tests.programs import Program

Seen = list[tuple[bool, int]]


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "red").save(out, "JPEG")
    return out.getvalue()


def _document(_data: bytes, name: str) -> Rewritten:
    return Rewritten("0" * 64, b"%PDF-1.7", 1, name)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Note at each drawing whether something was being written, and how many connections were held."""
    noted: Seen = []

    def noting(made: Callable[..., Any]) -> Callable[..., Any]:
        def make(*given: Any) -> Any:
            noted.append((writing(), cast_to("Any", db.engine.pool).checkedout()))
            return made(*given)

        return make

    for room in (api, album):
        monkeypatch.setattr(room, "draw_anew", noting(draw_anew))
        monkeypatch.setattr(room, "write_anew", noting(_document))
    return noted


@both
@pytest.mark.parametrize("key", [None, "once"])
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/pictures", {"picture": b64encode(_picture()).decode()}),
        ("/documents", {"document": b64encode(b"%PDF-").decode(), "title": "检测报告.pdf"}),
    ],
)
def test_a_program_keeps_nobody_waiting(
    cast: Cast, program: Program, seen: Seen, path: str, told: dict[str, str], key: str | None
) -> None:
    session().remove()
    headers = {} if key is None else {KEY: key}
    status, kept = program("resident", "POST", path, told, **headers)
    assert status == 201, kept
    assert seen == [(False, 0)]
    if key is not None:
        assert program("resident", "POST", path, told, **headers) == (201, kept)
        assert seen == [(False, 0)]  # the answer that was kept is found before anything is made again


def test_who_waits_for_a_document_sends_no_second_and_few_wait_at_once() -> None:
    with one_at_a_time(1):
        with pytest.raises(Refused, match="documents_busy"), one_at_a_time(1):
            pass
        with one_at_a_time(2), one_at_a_time(3), pytest.raises(Refused, match="documents_busy"), one_at_a_time(4):
            pass
    with one_at_a_time(1):
        pass


@both
def test_a_page_keeps_nobody_waiting(client_of: Any, seen: Seen) -> None:
    session().remove()
    fields = {"picture": (io.BytesIO(_picture()), "a.jpg")}
    sent = client_of("resident").post("/drafts", fields, content_type="multipart/form-data")
    assert sent.status_code == 200
    assert seen == [(False, 0)]
