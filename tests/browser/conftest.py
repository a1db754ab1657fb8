"""A real browser on a real server over a fresh database with the cast."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cogov.people.commands import open_sign_in
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.cast import Cast

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing")
        pytest.skip("chromium is missing")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture
def page_of(app: Flask, cast: Cast, browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page as a member of the cast (None: nobody), on a phone or at a desk."""
    contexts: list[BrowserContext] = []

    def open_page(name: str | None, size: dict[str, int] | None = None) -> Page:
        context = browser.new_context(viewport=size or PHONE, locale="zh-CN", base_url=address)  # type: ignore[arg-type]
        contexts.append(context)
        if name is not None:
            token = open_sign_in(getattr(cast, name), agent="browser").token
            with app.test_client() as client:
                with client.session_transaction() as session:
                    session["_user_id"] = token
                    session["_fresh"] = True
                cookie = client.get_cookie("session")
            assert cookie is not None
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def pictures() -> Path | None:
    """Where to keep pictures of pages for a person to look at, if COGOV_PICTURES names a folder."""
    folder = os.environ.get("COGOV_PICTURES")
    return Path(folder) if folder else None
