"""Sending a picture so that a browser can take it for nothing else."""

from __future__ import annotations

from pathlib import Path

from flask import Response, request

from cogov.files.models import Picture
from cogov.files.queries import path_of
from cogov.files.rules import MIME
from cogov.ground.refusals import NotFound


def sent(picture: Picture, folder: Path, *, filename: str, private: bool) -> Response:
    """Return a stored picture; its bytes never change, but one of a hidden problem is kept by no cache."""
    path = path_of(folder, picture.name)
    if not path.is_file():
        raise NotFound
    # Read whole: drawn anew it is small, and no file stays open behind an answer that is not read to its end.
    response = Response(path.read_bytes(), mimetype=MIME)
    response.set_etag(picture.name)
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store" if private else "private, max-age=31536000, immutable"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.make_conditional(request)
    return response
