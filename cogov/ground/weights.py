"""What is sent weighs little: text goes compressed, and what never changes is asked for once."""

from __future__ import annotations

import gzip
import hashlib
import secrets
import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, request
from werkzeug.http import parse_accept_header

COMPRESSED = frozenset(
    {
        "application/geo+json",
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
"""The kinds that shrink; pictures are compressed already."""

WORTH_IT = 600
"""Bytes below which a packet is sent either way."""

YEAR = 365 * 24 * 3600
_NAMED = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"


@lru_cache(maxsize=200)
def takes_packed(header: str) -> bool:
    """Say whether a browser that sends this header `Accept-Encoding` reads what is compressed."""
    return parse_accept_header(header)["gzip"] > 0


def squeeze(text: bytes) -> bytes:
    """Return a page compressed, of a length that differs each time.

    Who can make a reader's browser ask for pages, and see only their lengths, could else guess a secret of the page
    sign by sign (BREACH); a random name in the header of the archive hides the difference.
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = secrets.token_urlsafe(1 + secrets.randbelow(64)).encode()
    body = packer.compress(text) + packer.flush()
    return _NAMED + name + b"\x00" + body + struct.pack("<LL", zlib.crc32(text), len(text) & 0xFFFFFFFF)


@lru_cache(maxsize=256)
def _squeezed_file(_etag: str, text: bytes) -> bytes:
    return gzip.compress(text, 9, mtime=0)


def _compress(response: Response) -> Response:
    asked = cast("Any", request)._get_current_object()
    if asked.method == "POST" and not response.is_streamed and (response.calculate_content_length() or 0) < WORTH_IT:
        return response  # nobody keeps it on the way, so nobody has to know by what it may differ
    asset = asked.endpoint == "static"
    if response.mimetype not in COMPRESSED or response.status_code == 206 or (response.is_streamed and not asset):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 304 or "Content-Encoding" in response.headers:
        return response
    if not takes_packed(asked.headers.get("Accept-Encoding", "")) or asked.method == "HEAD":
        return response
    response.direct_passthrough = False
    text = response.get_data()
    if len(text) < WORTH_IT:
        return response
    etag, _ = response.get_etag()
    response.set_data(_squeezed_file(etag or "", text) if asset else squeeze(text))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)  # the same words in another coat
    return response


@lru_cache(maxsize=256)
def _digest(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _name_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" or "v" in values or not values.get("filename"):
        return
    path = Path(str(current_app.static_folder)) / values["filename"]
    if path.is_file():
        values["v"] = _digest(path, path.stat().st_mtime)


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def init_weights(app: Flask) -> None:
    """Send text compressed, and let browsers keep a file under the address that names its content."""
    app.url_default_functions.setdefault(None, []).append(_name_version)
    app.after_request(_keep)
    # The first registered is called last: after everybody who writes into a page.
    app.after_request_funcs.setdefault(None, []).insert(0, _compress)
