"""A server that listens while a test runs, and windows of a browser that note what they complain of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Answer without writing a line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application as a demo, which shows the one-time code on the screen; yield its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app.config["DEMO"] = True
    yield f"http://127.0.0.1:{server.server_port}"
    app.config["DEMO"] = False
    server.shutdown()
    server.server_close()
    thread.join(5)


def empty_window(browser: Browser, address: str, troubles: list[str], size: dict[str, int], **options: Any) -> Page:
    """Open a window with an own jar of cookies, and note what it complains of."""
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=address,
        **options,
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", lambda said: _note(said, page, troubles))
    return page


def _note(said: ConsoleMessage, page: Page, troubles: list[str]) -> None:
    # A refusal is a page with a status above 400, which the browser calls an error; only its parts may not be.
    refused = said.text.startswith("Failed to load resource") and said.location.get("url") == page.url
    # Who leaves, or is cut off, ends the wire of a live page; browsers say so, and no script could keep them from it.
    ended = "/socket.io/" in f"{said.text} {said.location.get('url')}"
    if said.type == "error" and not (refused or ended):
        troubles.append(f"{page.url}: {said.text} ({said.location.get('url')})")
