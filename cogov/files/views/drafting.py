"""Pictures that are chosen and not yet sent: a script sends each as it is chosen, and its owner sees it again."""

from __future__ import annotations

from flask import Blueprint, Response, request

from cogov.files.queries import draft_of, path_of
from cogov.files.rules import boxes_from, preview
from cogov.files.views.album import drafts, shot_from
from cogov.files.views.sending import plain_picture
from cogov.ground.pages import actor, page, signed_in
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.ground.words import say

bp = Blueprint("files", __name__)


NONE = Refusal(
    "picture_missing",
    say("没有收到照片。"),
    what_next=say("请重新选一张，或不带照片提交。"),
    status=422,
)


@bp.post("/drafts")
@signed_in
def keep() -> Response:
    """Keep one picture, or a document where the form takes some (``papers=1``), and return its part of the form."""
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        raise Refused(NONE)
    papers = request.args.get("papers") == "1"
    with upload.stream:
        shot = shot_from(upload, papers=papers)
    return page("files/_shot.html", shot=shot, papers=papers)


@bp.get("/drafts/<token>")
@signed_in
def draft(token: str) -> Response:
    """Show a draft to the one who chose it, with what the address says covered."""
    row = draft_of(actor(), token)
    path = path_of(drafts(), row.name)
    if row.title is not None or not path.is_file():
        raise NotFound
    return plain_picture(preview(path.read_bytes(), boxes_from(request.args.get("hide", ""))), "draft.jpg")
