"""Whatever is typed, pasted, cut off or uploaded: a page answers, says in Chinese what is wrong, and loses no words."""

from __future__ import annotations

import io
import itertools
import random
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image

from cogov.ground.clock import now
from tests.databases import Databases
from tests.doors.forms import FORMS, UPLOAD, Form
from tests.doors.house import House, Kept, said
from tests.doors.world import build, photograph

Pairs = list[tuple[str, bytes]]
SEED = 20261121

NAUGHTY: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \t\r\n",
    "NUL": b"a\x00b",
    "NUL in words": "楼道里\x00的灯".encode(),
    "half a pair": b"\xed\xa0\x80 half",
    "no UTF-8": b"\xff\xfe\xfa",
    "control": b"\x1b[31m\x08\x07",
    "right to left": "\u202e\u2066翻转的字".encode(),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈".encode(),
    "piled up": ("e" + "\u0301" * 300).encode(),
    "lines": b"a\r\nb\rc\nd\r\n\r\nSet-Cookie: x=1",
    "script": b"<script>alert(1)</script>",
    "attribute": b"\"' onmouseover=alert(1) x='",
    "SQL": b"'; DROP TABLE person; --",
    "template": b"{{ 7*7 }}{% raw %} %(x)s {number} %s",
    "path": b"../../../../etc/passwd",
    "other digits": "९९٣".encode(),
    "superscript": "²".encode(),
    "power": b"1e9",
    "big power": b"1e999999999",
    "minus": b"-1",
    "zero": b"0",
    "largest": str(2**63 - 1).encode(),
    "too large": str(2**63).encode(),
    "very many digits": b"9" * 5000,
    "fraction": b"0.5",
    "nan": b"NaN",
    "infinity": b"-Infinity",
    "none": b"None",
    "moment": b"9999-12-31T23:59",
    "first moment": b"0001-01-01T00:00",
    "no moment": b"2026-02-30T25:61",
    "true": b"true",
    "list": b"[1, 2]",
    "long": "长".encode() * 5000,
}
ALWAYS = ("NUL in words", "too large")
"""Of these each field meets one on every run, and one of the others, another for each form; `make doors` sends more."""
EXTRA = ("acting", "place", "look", "head", "then", "way")
"""Fields that some form reads and this one may not expect."""


def _pairs(form: Form, house: House) -> Pairs:
    told = form.filled(house.world) | ({"once": "once-of-the-test"} if form.once else {})
    return [(name, str(value).encode()) for name, value in told.items() if value != UPLOAD]


def _with(pairs: Pairs, name: str, *values: bytes) -> Pairs:
    return [pair for pair in pairs if pair[0] != name] + [(name, value) for value in values]


def _variants(form: Form, pairs: Pairs, dice: random.Random) -> Iterator[tuple[str, Pairs]]:
    others = [what for what in NAUGHTY if what not in ALWAYS]
    names = [name for name, _ in pairs]
    for name, always in zip([*names, *dice.sample(EXTRA, 1)], itertools.cycle(ALWAYS), strict=False):
        for what in (always, *dice.sample(others, 1)):
            yield f"{name}: {what}", _with(pairs, name, NAUGHTY[what])
        good = dict(pairs).get(name, b"1")
        odd = {
            "missing": _with(pairs, name),
            "twice": _with(pairs, name, NAUGHTY["script"], good),
            "array": [*_with(pairs, name), (f"{name}[]", good)],
            "many": _with(pairs, name, *[good] * 500),
        }
        what = dice.choice(list(odd))
        yield f"{name}: {what}", odd[what]
    for what in dice.sample(list(NAUGHTY), 4):
        yield f"everything: {what}", [(name, NAUGHTY[what]) for name in names]


def _faults(form: Form, what: str, sent: Pairs, answer: Any) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"{form.name} {what}: {answer.status_code}"
    if answer.status_code < 400 or answer.mimetype != "text/html":
        return
    text = said(answer)
    if not re.search("[\u4e00-\u9fff]{4}", text):
        yield f"{form.name} {what}: {answer.status_code} without a sentence"
    body = answer.get_data(as_text=True)
    # What does not exist for whoever asks, and what was handled before, keeps nothing.
    if answer.status_code in (400, 409, 422):
        lone = [name for name, count in Counter(name for name, _ in sent).items() if count == 1 and name in form.texts]
        kept = [name for name, value in sent if name in lone and value == str(form.fields[name]).encode()]
        yield from (
            f"{form.name} {what}: {answer.status_code} lost {name}" for name in kept if form.fields[name] not in body
        )


def _send(house: House, form: Form, what: str, sent: Pairs) -> list[str]:
    try:
        answer = house.send_pairs(form.who, form.url(house.app, house.world), sent)
    except Exception as error:
        return [f"{form.name} {what}: {type(error).__name__}: {str(error)[:160]}"]
    found = list(_faults(form, what, sent, answer))
    answer.close()
    return found


@pytest.mark.parametrize("form", FORMS, ids=[form.name for form in FORMS])
def test_no_field_brings_a_page_down_or_loses_what_was_typed(house: House, kept: Kept, form: Form) -> None:
    dice, faults, count = random.Random(f"{SEED} {form.name}"), [], 0
    for what, sent in _variants(form, _pairs(form, house), dice):
        faults += _send(house, form, what, sent)
        kept.put_back()
        count += 1
    assert count >= 7
    assert faults == []


HOSTILE = ("NUL in words", "half a pair", "too large", "largest", "control", "very many digits")
"""What a database may refuse to hold; each field meets one of them in turn."""


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_postgresql_is_asked_nothing_that_it_cannot_hold(app: Flask, databases: Databases) -> None:
    house = House(app, build(databases.get("postgres").cast), now())
    with time_machine.travel(now() + timedelta(days=20), tick=True):
        house.open()
        faults, turns = [], itertools.cycle(HOSTILE)
        for form in FORMS:
            pairs = _pairs(form, house)
            for name, what in zip([name for name, _ in pairs], turns, strict=False):
                fresh = _with(pairs, "once", f"{form.name}{name}".encode()) if form.once else pairs
                faults += _send(house, form, f"{name}: {what}", _with(fresh, name, NAUGHTY[what]))
    # Nothing is put back here, so that words may be refused for what an earlier form has changed.
    assert [fault for fault in faults if " lost " not in fault] == []


QUERIES = ("before", "after", "grid", "mine", "stage", "place", "show", "case", "part", "act", "tab", "then", "theme")
PAGES = (
    "/", "/problems", "/problems/new", "/tasks", "/decisions", "/notifications", "/desk", "/modes", "/sign-in",
    "/problems/{gathering}", "/messages/1/replies", "/solutions/1/versions", "/tasks/1", "/cases/1",
)  # fmt: skip


def test_no_query_brings_a_page_down(house: House) -> None:
    faults = []
    for page in PAGES:
        url = page.format(**house.world.numbers)
        for name in QUERIES:
            for what in ("NUL in words", "too large", "superscript", "minus"):
                faults += _asked(house, url, {name: NAUGHTY[what].decode(errors="replace")}, what)
    assert faults == []


def _asked(house: House, url: str, query: dict[str, str], what: str) -> list[str]:
    try:
        answer = house.get("official", url, query_string=query)
    except Exception as error:
        return [f"{url} {query.keys()} {what}: {type(error).__name__}: {str(error)[:160]}"]
    fault = [f"{url} {query.keys()} {what}: {answer.status_code}"] if answer.status_code >= 500 else []
    return fault + ([f"{url} split a header"] if "\n" in (answer.location or "") else [])


ADDRESSES = (
    "/problems/%00", "/problems/2026-0001%00", "/problems/%ED%A0%80", "/problems/%FF", "/problems/" + "9" * 5000,
    "/problems/²", "/problems/%2e%2e%2fetc", "/places/%00", "/places/²²²²²²²²²²²²", "/places/990101001001%00",
    "/cases/0", "/cases/-1", "/cases/9223372036854775807", "/cases/9223372036854775808", "/cases/²", "/cases/１",
    "/tasks/" + "9" * 5000, "/help/%00", "/help/../../etc/passwd", "/static/%00", "/static/../cogov/__init__.py",
    "/problems/2026-0001/pictures/9223372036854775807", "/decisions/1/receipts/9223372036854775807",
)  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES)
def test_no_address_brings_a_page_down(house: House, url: str) -> None:
    for name in ("resident", None):
        answer = house.get(name, url)
        assert answer.status_code in (200, 303, 308, 404), answer.status_code
        answer.close()


# Bodies ---------------------------------------------------------------------------------------------------------------

UPLOADING = [form for form in FORMS if UPLOAD in form.fields.values()]
MARK = "xxBOUNDARYxx"


def _part(disposition: str, content: bytes = b"x", more: str = "") -> bytes:
    return f"--{MARK}\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode() + content + b"\r\n"


END = f"--{MARK}--\r\n".encode()
BODIES: dict[str, tuple[str, bytes]] = {
    "nameless part": (f"multipart/form-data; boundary={MARK}", _part("form-data") + END),
    "nameless file": (f"multipart/form-data; boundary={MARK}", _part('form-data; filename="a.jpg"') + END),
    "no disposition": (f"multipart/form-data; boundary={MARK}", f"--{MARK}\r\n\r\nx\r\n".encode() + END),
    "cut off": (f"multipart/form-data; boundary={MARK}", _part('form-data; name="text"')[:-9]),
    "no end": (f"multipart/form-data; boundary={MARK}", _part('form-data; name="text"')),
    "no boundary": ("multipart/form-data", _part('form-data; name="text"') + END),
    "strange charset": (
        f"multipart/form-data; boundary={MARK}",
        _part('form-data; name="text"', b"x", "Content-Type: text/plain; charset=utf-99\r\n") + END,
    ),
    "many parts": (
        f"multipart/form-data; boundary={MARK}",
        b"".join(_part(f'form-data; name="p{n}"') for n in range(3000)) + END,
    ),
    "a large field": (f"multipart/form-data; boundary={MARK}", _part('form-data; name="text"', b"x" * 3_000_000) + END),
    "JSON": ("application/json", b'{"text": "x"}'),
    "broken JSON": ("application/json", b'{"text": '),
    "XML": ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "plain": ("text/plain", b"text=x"),
    "no type": ("", b"text=x"),
    "percent signs": ("application/x-www-form-urlencoded", b"text=%&%zz=%1&%00=%00&==&&;"),
    "one megabyte": ("application/x-www-form-urlencoded", b"text=" + b"x" * 1_000_000),
    "three megabytes": ("application/x-www-form-urlencoded", b"text=" + b"x" * 3_000_000),
}


@pytest.mark.parametrize("what", BODIES)
def test_no_body_brings_a_form_down(house: House, kept: Kept, what: str) -> None:
    kind, body = BODIES[what]
    # All forms take bodies apart in one way: each gets every third kind of them, and few get what is large, which is
    # turned away by one door before all forms.
    turn = list(BODIES).index(what) % 3
    for form in FORMS[turn :: 12 if len(body) > 100_000 else 3]:
        # The token travels in a header here, so that the body gets past the first door.
        headers = {"X-CSRFToken": house.keys[form.who].token}
        url = form.url(house.app, house.world)
        answer = house.client(form.who).post(url, data=body, content_type=kind, headers=headers)
        assert answer.status_code < 500, form.name
        if answer.status_code >= 400:
            assert re.search("[\u4e00-\u9fff]{4}", said(answer)), form.name
        answer.close()
        kept.put_back()


# Uploads --------------------------------------------------------------------------------------------------------------


def _black_png(width: int, height: int) -> bytes:
    """Return a whole picture of one colour, a few kilobytes however large it is."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes((1 + width // 8) * height)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def _moving(kind: str) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("L", (300, 300), n) for n in range(50)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


SCRIPT = b"<script>alert(document.cookie)</script>"
UPLOADS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "a.jpg"),
    "no picture": (b"MZ" + bytes(200), "a.jpg"),
    "page": (b"<!DOCTYPE html><html>" + SCRIPT, "a.jpg"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "a.svg"),
    "moving GIF": (_moving("GIF"), "a.gif"),
    "bomb": (_black_png(12_000, 12_000), "a.png"),
    "no height": (_black_png(96, 0), "a.png"),
    "cut JPEG": (photograph()[: len(photograph()) // 2], "a.jpg"),
    "cut PNG": (photograph("PNG")[:60], "a.png"),
    "TIFF": (photograph("TIFF"), "a.jpg"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a.jpg"),
    "zip": (b"PK\x03\x04" + bytes(400), "a.jpg"),
    "too many bytes": (photograph() + bytes(13_000_000), "a.jpg"),
}


@pytest.mark.parametrize("form", UPLOADING, ids=[form.name for form in UPLOADING])
def test_a_hostile_upload_is_refused_and_the_words_are_kept(house: House, kept: Kept, form: Form) -> None:
    for what, (content, name) in UPLOADS.items():
        answer = house.send_form(form, picture=(io.BytesIO(content), name))
        optional = what == "nothing"
        assert answer.status_code in ((303, 422) if optional else (422,)), (what, answer.status_code)
        if answer.status_code == 422:
            for field in form.texts:
                assert form.fields[field] in answer.get_data(as_text=True), (what, field)
            assert not kept.written(), what
        kept.put_back()


@pytest.mark.parametrize("form", UPLOADING, ids=[form.name for form in UPLOADING])
def test_thirty_megabytes_are_refused_before_they_are_read(house: House, kept: Kept, form: Form) -> None:
    answer = house.send_form(form, picture=(io.BytesIO(bytes(30_000_000)), "a.jpg"))
    assert answer.status_code == 413
    assert "24 MB" in said(answer)
    assert not kept.written()


@pytest.mark.parametrize("form", UPLOADING, ids=[form.name for form in UPLOADING])
def test_text_where_a_file_is_expected_is_no_file(house: House, form: Form) -> None:
    assert house.send_form(form, picture="not a file").status_code in (303, 422)


def test_files_where_text_is_expected_are_no_text(house: House, kept: Kept) -> None:
    for form in FORMS:
        told = {name: (io.BytesIO(b"x"), "../../a\x00.txt") for name in form.fields}
        answer = house.send(form.who, form.url(house.app, house.world), told)
        assert answer.status_code < 500, form.name
        answer.close()
        kept.put_back()


@pytest.mark.parametrize(
    "name", ["%22><img src=x onerror=alert(1)>.jpg", "../../../x.jpg", "'; onerror=alert(1).jpg", "长" * 500, ""]
)
def test_a_picture_is_sent_as_a_picture_whatever_it_was_called(house: House, name: str) -> None:
    form = next(form for form in FORMS if form.endpoint == "problems.create")
    polyglot = photograph() + b"<html>" + SCRIPT + b"<?php system($_GET[0]); ?>"
    answer = house.send_form(form, picture=(io.BytesIO(polyglot), name))
    if not name:
        return
    assert answer.status_code == 303
    page = house.get("resident", answer.location).get_data(as_text=True)
    assert "onerror" not in page
    found = re.search(r'src="(/problems/[^"?]+/pictures/\d+)([^"]*)"', page)
    assert found is not None
    for url in (found[1], found[1] + unescape(found[2])):
        sent = house.get("resident", url)
        assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert "sandbox" in sent.headers["Content-Security-Policy"]
        assert SCRIPT not in sent.data
        assert b"php" not in sent.data
