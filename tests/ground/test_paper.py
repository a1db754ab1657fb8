"""Sheets as PDF: text that can be read again, archival and tagged, the same bytes twice, nothing fetched for them."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text

from cogov.ground import paper, press
from cogov.ground.db import db, session
from cogov.ground.refusals import Refused

SHEET = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>计票证书</title>'
    '<link rel="stylesheet" href="/static/css/paper.css"></head><body><h1>计票证书</h1>'
    "<p>有权表决的 1,204 户，96,380.55 m²</p>{more}</body></html>"
)
TOLD: dict[str, bytes] = {}


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    paper._kept.clear()
    yield
    paper._kept.clear()


def _text(made: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)


@pytest.fixture
def made(app: Flask) -> bytes:
    """Return the sheet as it was printed first; it is made once for all tests."""
    if "first" not in TOLD:
        TOLD["first"] = paper.printed(SHEET.format(more=""))
    return TOLD["first"]


def test_a_sheet_can_be_read_again_and_is_archival_and_tagged(made: bytes):
    read = PdfReader(BytesIO(made))
    root: Any = read.trailer["/Root"]
    assert "有权表决的 1,204 户，96,380.55 m²" in _text(made)
    assert "1 / 1" in _text(made)  # the style sheet was found
    assert read.metadata is not None
    assert read.metadata.title == "计票证书"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-CN", True)
    told = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="2"' in told
    assert 'pdfaid:conformance="A"' in told


def test_the_same_sheet_makes_the_same_bytes(made: bytes):
    assert paper.printed(SHEET.format(more="")) == made


def test_only_the_font_that_came_along_is_used(made: bytes):
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts == {"Noto-Sans-SC"}


def test_nothing_is_fetched_for_a_sheet_but_our_own_files(app: Flask, tmp_path: Path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", (8, 8)).save(secret)
    addresses = (
        f"file://{secret}",
        "http://127.0.0.1:9/a.png",
        f"/static/../../..{secret}",
        f"/static/%2e%2e/%2e%2e/%2e%2e{secret}",
        "/secret.png",
    )
    wanted = "".join(f'<img alt="" src="{address}">' for address in addresses)
    wanted += f'<link rel="attachment" href="file://{secret}">'
    read = PdfReader(BytesIO(paper.printed(SHEET.format(more=wanted))))
    assert [image.name for page in read.pages for image in page.images] == []
    assert list(read.attachments) == []


def test_a_picture_that_stands_in_the_sheet_is_drawn(app: Flask):
    kept = BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "PNG")
    picture = f'<img alt="" src="data:image/png;base64,{b64encode(kept.getvalue()).decode()}">'
    made = paper.printed(SHEET.format(more=picture))
    assert len(PdfReader(BytesIO(made)).pages[0].images) == 1


@pytest.mark.parametrize("way", ["socket.connect", "subprocess.Popen", "os.fork"])
def test_the_press_has_no_way_out(way: str):
    with pytest.raises(PermissionError):
        press.stay_inside(way, ())
    press.stay_inside("open", ())


def test_whoever_serves_pages_has_not_loaded_what_prints():
    asked = "import sys, cogov.ground.paper; sys.exit(any(name in sys.modules for name in ('weasyprint', 'fontTools')))"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_without_the_extra_a_sentence_says_what_does_the_same(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paper, "_installed", lambda: False)
    assert not paper.available()
    with pytest.raises(Refused) as refused:
        paper.printed(SHEET)
    assert refused.value.refusal.code == "no_press"
    assert "浏览器的打印" in str(refused.value.refusal.what_next)


def test_where_a_library_of_the_machine_is_missing_that_is_found_out_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    lacking = tmp_path / "press.py"
    lacking.write_text(f"import sys; sys.stdin.read(); sys.exit({press.CANNOT})")
    monkeypatch.setattr(paper, "PRESS", lacking)
    try:
        with pytest.raises(Refused) as refused:
            paper.printed(SHEET)
        assert refused.value.refusal.code == "no_press"
        assert not paper.available()
    finally:
        paper._lacking.clear()


def test_nothing_is_read_any_more_while_a_sheet_is_pressed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    reading: list[bool] = []

    def pressed(html: str) -> bytes:
        reading.append(db.session().in_transaction())
        return html.encode()

    def drawn(template: str, **context: Any) -> str:
        session().execute(text("SELECT 1"))
        return template

    monkeypatch.setattr(paper, "printed", pressed)
    monkeypatch.setattr(paper, "render_template", drawn)
    with app.test_request_context():
        assert paper.sheet_of("sheet.html") == b"sheet.html"
    assert reading == [False]


@pytest.mark.parametrize(
    ("last", "raised"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", Refused),
        ("raise OSError('No space left on device')", RuntimeError),
    ],
)
def test_a_press_that_falls_over_one_sheet_is_not_missing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, last: str, raised: type[Exception]
):
    falling = tmp_path / "press.py"
    falling.write_text(f"import os, signal, sys; sys.stdin.read(); {last}")
    monkeypatch.setattr(paper, "PRESS", falling)
    with pytest.raises(raised) as told:
        paper.printed(SHEET)
    if isinstance(told.value, Refused):
        assert told.value.refusal.code == "press_too_slow"
    assert paper.available()


def test_whoever_finds_the_press_taken_is_asked_to_come_back(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paper, "WAIT", 0)
    with paper._press, pytest.raises(Refused) as refused:
        paper.printed(SHEET)
    assert (refused.value.refusal.code, refused.value.refusal.status) == ("press_busy", 503)
