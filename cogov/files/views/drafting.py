"""Pictures that are chosen and not yet sent: a script sends each as it is chosen, and its owner sees it again."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext

from cogov.files.queries import draft_of, path_of
from cogov.files.rules import boxes_from, preview
from cogov.files.views.album import drafts, open_album
from cogov.files.views.sending import plain_picture
from cogov.ground.pages import actor, page, signed_in
from cogov.ground.refusals import NotFound

bp = Blueprint("files", __name__)


@bp.post("/drafts")
@signed_in
def keep() -> Response:
    """Keep one picture and return its part of the form."""
    album = open_album()
    if not album.shots:
        said = "".join(album.errors) or gettext("没有收到照片，请重新选。")
        return Response(said, 422, mimetype="text/plain")
    return page("files/_shot.html", shot=album.shots[0])


@bp.get("/drafts/<token>")
@signed_in
def draft(token: str) -> Response:
    """Show a draft to the one who chose it, with what the address says covered."""
    row = draft_of(actor(), token)
    path = path_of(drafts(), row.name)
    if not path.is_file():
        raise NotFound
    return plain_picture(preview(path.read_bytes(), boxes_from(request.args.get("hide", ""))), "draft.jpg")
