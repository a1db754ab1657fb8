"""Paper: a sheet drawn from one of our templates, as a PDF that can be kept for years.

It is made by another process (`press.py`), since what it takes weighs more than all pages together. Where the extra
`pdf` is not installed nothing is missing but the link: each sheet is a page, too, which every browser can print.
A template of a sheet extends `_paper.html`; all words of people in it are escaped as on any page.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from flask import Response, current_app, g, render_template
from flask_babel import get_locale

from cogov.ground import press
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say

log = structlog.get_logger()

PRESS = Path(str(press.__file__))
LONGEST = 60.0
"""Seconds: a sheet takes one of the processor, a long one three; the press gives up by itself after thirty of these."""

WAIT = 10.0
"""Seconds for which somebody waits until the press is free."""

KEPT = 16
"""Sheets that are kept as they were last printed: the same sheet always makes the same bytes."""

SPOKEN = {"zh_Hans_CN": "zh-CN", "zh_Hant_TW": "zh-TW", "en": "en"}
"""The language that a PDF says it is in, by the locale of the reader."""

_press = threading.BoundedSemaphore(1)
_kept: OrderedDict[bytes, bytes] = OrderedDict()
_lacking = threading.Event()


@cache
def _installed() -> bool:
    return importlib.util.find_spec("weasyprint") is not None


def available() -> bool:
    """Say whether sheets can be had as PDF here: the extra is installed, and its libraries were not found missing."""
    return _installed() and not _lacking.is_set()


def why_not_print() -> Refusal | None:
    """Say why no PDF can be made here, and what does the same."""
    if available():
        return None
    return Refusal(
        "no_press",
        say("这里没有装上做 PDF 的部件。"),
        what_next=say("打开这一页，用浏览器的打印，存成 PDF，内容一样。"),
        status=404,
    )


def printed(html: str) -> bytes:
    """Return the PDF of a whole HTML document."""
    if (why := why_not_print()) is not None:
        raise Refused(why)
    key = sha256(html.encode()).digest()
    if (kept := _kept.get(key)) is not None:
        return kept
    if not _press.acquire(timeout=WAIT):
        raise Refused(_busy())
    try:
        if key not in _kept:
            _kept[key] = _pressed(html)
        made = _kept[key]
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return made
    finally:
        _press.release()


def _pressed(html: str) -> bytes:
    job = json.dumps({"html": html, "static": str(current_app.static_folder)}).encode()
    with tempfile.TemporaryDirectory(prefix="cogov-paper-") as folder:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, and nothing that people write is an argument
                [sys.executable, "-I", str(PRESS)],
                input=job,
                capture_output=True,
                timeout=LONGEST,
                check=False,
                cwd=folder,
                env={"TMPDIR": folder, "HOME": folder, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            )
        except subprocess.TimeoutExpired:
            log.warning("press_too_slow", bytes=len(html))
            raise Refused(_too_long()) from None
    if done.returncode == press.CANNOT:
        log.warning("press_lacks", error=done.stderr.decode(errors="replace")[-300:])
        _lacking.set()
        raise Refused(why_not_print() or _busy())
    if done.returncode < 0:
        # Whatever was too much for it - memory, the processor, a library - ended it by a signal, not with a word.
        log.warning("press_killed", signal=-done.returncode, bytes=len(html))
        raise Refused(_too_long())
    if done.returncode:
        raise RuntimeError(f"the press failed: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


def _busy() -> Refusal:
    return Refusal("press_busy", say("正在给别人做 PDF。"), what_next=say("请过一会儿再点一次。"), status=503)


def _too_long() -> Refusal:
    return Refusal(
        "press_too_slow",
        say("这一份太长，做不成 PDF。"),
        what_next=say("打开这一页，用浏览器的打印，存成 PDF，内容一样。"),
        status=503,
    )


def sheet_of(template: str, **context: Any) -> bytes:
    """Return a template that extends `_paper.html` as a PDF in the language of the reader."""
    language = SPOKEN.get(str(get_locale()), "zh-CN")
    html = render_template(template, language=language, **context)
    # What was read is in it; the press and the wait for it take seconds, and hold no connection and no reading.
    session().rollback()
    return printed(html)


def download(template: str, name: str, **context: Any) -> Response:
    """Answer with a sheet to be kept under a name (of plain letters, without its ending)."""
    response = Response(sheet_of(template, **context), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store" if g.actor.person_id else "no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response
