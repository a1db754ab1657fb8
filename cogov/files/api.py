"""Pictures and documents for programs: sent first, with faces covered, and named in the request that uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, g
from marshmallow import Schema, fields

from cogov.files.commands import forget_drafts, keep_draft
from cogov.files.queries import drafts_folder, drafts_of, kept_file, path_of
from cogov.files.rules import (
    MOST_BOXES,
    TITLE_LENGTH,
    WHOLE,
    Box,
    Drawn,
    Rewritten,
    covered,
    draw_anew,
    one_at_a_time,
    write_anew,
)
from cogov.ground.api import Body, Picture, Text, Whole, door, verb_of
from cogov.ground.refusals import Refusal, insist
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.ground.words import say
from cogov.journal.event import Doer

doors = door("files", "Pictures: sent before the request that uses them")

TOKEN = 64
"""Signs of the name of a picture that was sent and is not yet used."""


class BoxBody(Body):
    """A rectangle to be covered, in thousandths of the picture's width and height."""

    left = Whole(0, WHOLE, required=True)
    top = Whole(0, WHOLE, required=True)
    width = Whole(1, WHOLE, required=True)
    height = Whole(1, WHOLE, required=True)


class PictureBody(Body):
    """A photograph, and what of it nobody is to see: faces and number plates."""

    picture = Picture(required=True, metadata={"description": "JPEG, PNG or WebP, at most 12 MiB."})
    boxes = fields.List(fields.Nested(BoxBody), load_default=list, metadata={"maxItems": MOST_BOXES})


class PictureSchema(Schema):
    """A picture that waits to be used, for an hour."""

    picture = fields.String(metadata={"description": "Its name; only who sent it can use it."})
    width = fields.Integer()
    height = fields.Integer()


def _drawn() -> Drawn:
    told = doors.told(PictureBody)
    return draw_anew(told["picture"], covered([Box(**box) for box in told["boxes"]]))


@doors.route("/pictures", methods=["POST"])
@verb_of(Scope.TAKE_PART, ahead=_drawn)
@doors.arguments(PictureBody)
@doors.response(201, PictureSchema)
@doors.doc(
    operationId="keep_picture",
    summary="Send a picture that the next request will use",
    description="Anybody signed in. The picture is drawn anew, so that nothing but its pixels is kept: no place, no "
    "camera, no hour. What lies under the boxes is covered before anything is written and cannot be uncovered. It "
    "waits for an hour; name it in `raise_problem`, `post_message`, `edit_message`, `hand_in_task` or `handle_case`.",
)
def keep_picture(_told: dict[str, Any]) -> dict[str, Any]:
    """Keep a picture until it is used."""
    drawn: Drawn = g.ahead
    token = keep_draft(g.actor, drawn, drafts_folder(data_dir(current_app)))
    return {"picture": token, "width": drawn.width, "height": drawn.height}


class DocumentBody(Body):
    """A PDF, and what it is called."""

    document = Picture(required=True, metadata={"description": "A PDF as base64, at most 12 MiB and 300 pages."})
    title = Text(TITLE_LENGTH, required=True, metadata={"example": "电梯检测报告.pdf"})


class DocumentSchema(Schema):
    """A document that waits to be used, for an hour."""

    file = fields.String(metadata={"description": "Its name; only who sent it can use it."})
    title = fields.String()
    pages = fields.Integer()


def _rewritten() -> Rewritten:
    told = doors.told(DocumentBody)
    with one_at_a_time(g.actor.person_id):
        return write_anew(told["document"], told["title"])


@doors.route("/documents", methods=["POST"])
@verb_of(Scope.TAKE_PART, ahead=_rewritten)
@doors.arguments(DocumentBody)
@doors.response(201, DocumentSchema)
@doors.doc(
    operationId="keep_document",
    summary="Send a PDF that the next message will enclose",
    description="Anybody signed in. The PDF is written anew from its pages: scripts, actions, files within it and what "
    "tells of its author are left behind, and one with a password is refused. It waits for an hour; name it in "
    "`post_message` or `edit_message`.",
)
def keep_document(_told: dict[str, Any]) -> dict[str, Any]:
    """Keep a document until it is used."""
    document: Rewritten = g.ahead
    token = keep_draft(g.actor, document, drafts_folder(data_dir(current_app)))
    return {"file": token, "title": document.title, "pages": document.pages}


# What other rooms use -------------------------------------------------------------------------------------------------


class Sent(Text):
    """The name of a picture that was sent before."""

    def __init__(self, **options: Any) -> None:
        metadata = {"description": "The `picture` of `keep_picture`.", **options.pop("metadata", {})}
        super().__init__(TOKEN, metadata=metadata, **options)


_LOST = Refusal(
    "picture_lost",
    say("没有这张照片，或者放了超过一小时，已经删掉了。"),
    what_next=say("请重新上传照片，再提交一次。"),
    status=422,
)


def files_of(by: Doer, tokens: Sequence[str]) -> list[Drawn | Rewritten]:
    """Return pictures and documents that somebody sent before, in their order."""
    folder = drafts_folder(data_dir(current_app))
    rows = drafts_of(by, tokens)
    found = [rows[token] for token in tokens if token in rows]
    whole = len(found) == len(tokens) and all(path_of(folder, row.name).is_file() for row in found)
    insist(None if whole else _LOST)
    return [kept_file(row, folder) for row in found]


def drawn_of(by: Doer, tokens: Sequence[str]) -> list[Drawn]:
    """Return pictures that somebody sent before, in their order."""
    drawn = [file for file in files_of(by, tokens) if isinstance(file, Drawn)]
    insist(None if len(drawn) == len(tokens) else _LOST)
    return drawn


def bytes_of(by: Doer, told: dict[str, Any]) -> bytes | None:
    """Return the picture of a request: the bytes that stand in it, or those that were sent before."""
    sent = told.pop("sent_picture", "")
    held: bytes | None = told.pop("picture", None)
    return drawn_of(by, [sent])[0].data if sent else held


def used(by: Doer, tokens: Sequence[str]) -> None:
    """Delete pictures that have been used."""
    if tokens:
        forget_drafts(by, tokens, drafts_folder(data_dir(current_app)))
