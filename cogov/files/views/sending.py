"""Sending a picture or document so that a browser can take it for nothing else."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Response, request

from cogov.files.models import Document, Picture
from cogov.files.queries import path_of
from cogov.files.rules import MIME, PDF_MIME, SMALL
from cogov.ground.refusals import NotFound


def sent(picture: Picture, folder: Path, *, filename: str, private: bool) -> Response:
    """Return a stored picture, in the small width that the address asks for (``w=480``) where there is one.

    An address that names the pixels (``v``) may be kept for ever, as more of a picture can be covered later; another
    is asked for again, and what belongs to a hidden problem is kept by no cache.
    """
    width = next((each for each in SMALL if request.args.get("w") == str(each)), 0)
    path = path_of(folder, picture.name, width)
    if not path.is_file():
        width, path = 0, path_of(folder, picture.name)
    if not path.is_file():
        raise NotFound
    # Read whole: drawn anew it is small, and no file stays open behind an answer that is not read to its end.
    response = plain_picture(path.read_bytes(), filename)
    response.set_etag(f"{picture.name}-{width}")
    for_ever = request.args.get("v") == picture.name[:8]
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if for_ever else "private, no-cache"
    if private:
        response.headers["Cache-Control"] = "private, no-store"
    response.make_conditional(request)
    return response


def plain_picture(data: bytes, filename: str) -> Response:
    """Return bytes as a picture and as nothing else."""
    response = Response(data, mimetype=MIME)
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def sent_document(document: Document, folder: Path, *, filename: str) -> Response:
    """Return a document to be saved: no page of ours ever shows one, and no cache keeps it."""
    path = path_of(folder, document.name)
    if not path.is_file():
        raise NotFound
    response = plain_picture(path.read_bytes(), filename)
    response.mimetype = PDF_MIME
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{filename}\"; filename*=UTF-8''{quote(document.title, safe='')}"
    )
    return response
