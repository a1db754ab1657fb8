"""Files beside messages, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, g, url_for
from marshmallow import Schema, fields

from cogov.files.api import Sent, files_of, used
from cogov.files.queries import pictures_folder
from cogov.ground.api import Body, Text
from cogov.ground.settings import data_dir
from cogov.threads.commands.enclosing import Enclosing, Files
from cogov.threads.queries.enclosures import EnclosureShown
from cogov.threads.rules.enclosing import MOST_ENCLOSURES, WORDS_LENGTH


class EnclosureSchema(Schema):
    """A file beside a message: a picture with its measures, or a document with its title and pages."""

    id = fields.Integer()
    address = fields.String(metadata={"description": "Where it is had by whoever may read the message; none keeps it."})
    words = fields.String(metadata={"description": "What is on it, for who does not see it."})
    width = fields.Integer(allow_none=True, metadata={"description": "Of a picture."})
    height = fields.Integer(allow_none=True, metadata={"description": "Of a picture."})
    title = fields.String(allow_none=True, metadata={"description": "Of a document."})
    pages = fields.Integer(allow_none=True, metadata={"description": "Of a document."})
    size = fields.Integer(metadata={"description": "Bytes."})


class EnclosingBody(Body):
    """A file that was sent before, and what is on it."""

    file = Sent(
        required=True, metadata={"description": "The `picture` of `keep_picture`, or the `file` of `keep_document`."}
    )
    words = Text(WORDS_LENGTH, load_default="", metadata={"example": "三楼楼道里的灯，罩子碎了。"})


def enclosing() -> Any:
    """Return the field of a body that names files sent before."""
    return fields.List(
        fields.Nested(EnclosingBody),
        load_default=list,
        metadata={"description": "Files sent before, within the hour.", "maxItems": MOST_ENCLOSURES},
    )


def files_told(told: Sequence[dict[str, Any]]) -> Files:
    """Return the files of a body as a command takes them."""
    if not told:
        return Files()
    kept = files_of(g.actor, [each["file"] for each in told])
    wanted = [Enclosing(file, each["words"]) for file, each in zip(kept, told, strict=True)]
    return Files(wanted, pictures_folder(data_dir(current_app)))


def files_used(told: Sequence[dict[str, Any]]) -> None:
    """Delete what waited to be used and has been."""
    used(g.actor, [each["file"] for each in told])


def plain_file(shown: EnclosureShown) -> dict[str, Any]:
    """Return a file as a program is told of it."""
    picture, document = shown.picture, shown.document
    file = picture or document
    return {
        "id": shown.id,
        "address": url_for(
            "threads.show_enclosure", message_id=shown.message_id, enclosure_id=shown.id, _external=True
        ),
        "words": shown.words,
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "title": document.title if document else None,
        "pages": document.pages if document else None,
        "size": file.size if file else 0,
    }
