"""The versions of a message, for programs."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields

from cogov.ground.api import Body, Choice, Id, Text, Whole, reading, shown_at, verb_of
from cogov.ground.differences import PieceKind
from cogov.ground.scopes import Scope
from cogov.threads import commands, queries
from cogov.threads.api.current import LONG, doors
from cogov.threads.api.enclosures import EnclosureSchema, enclosing, files_told, files_used, plain_file
from cogov.threads.rules.enclosing import MOST_ENCLOSURES
from cogov.threads.rules.messages import MessageState


class PieceSchema(Schema):
    """A run of signs that stayed, is new, or is gone."""

    kind = Choice(PieceKind)
    text = fields.String()


class MessageTextSchema(Schema):
    """What a message said from a moment on."""

    version = fields.Integer()
    text = fields.String()
    at = fields.String(metadata={"description": "A moment; for readers from outside, residents' messages by day."})
    enclosures = fields.List(fields.Nested(EnclosureSchema), metadata={"description": "The files beside it then."})


class MessageVersionsSchema(Schema):
    """Every version of a message, and what one of them changed."""

    versions = fields.List(fields.Nested(MessageTextSchema))
    version = fields.Integer(allow_none=True)
    changes = fields.List(fields.Nested(PieceSchema))


class VersionQuery(Schema):
    """Which version is compared with the one before it; the latest unless asked."""

    version = Whole(1, 10_000, load_default=None)


@doors.route("/messages/<id:message_id>/versions")
@reading
@doors.arguments(VersionQuery, location="query")
@doors.response(200, MessageVersionsSchema)
@doors.doc(
    operationId="list_message_versions",
    summary="What a message said in each version, the latest first, and what one of them changed",
    description="Anybody who can see the problem, while the message stands; of one that was taken down "
    "nobody sees any.",
)
def list_message_versions(asked: dict[str, Any], message_id: int) -> dict[str, Any]:
    """List the versions of a message."""
    message, problem = queries.message_for(g.actor, message_id)
    texts = queries.texts_of(message)
    if not texts:
        return {"versions": [], "version": None, "changes": []}
    chosen, pieces = queries.changes_in(texts, asked["version"])
    exact = message.standing_id is not None or g.actor.inside(queries.dossier_of(problem).code)
    files = queries.enclosures_of(message.id)
    shown = [
        {
            "version": each.version,
            "text": each.text,
            "at": shown_at(each.at, exact=exact),
            "enclosures": [plain_file(file) for file in files if file.beside(each.version)],
        }
        for each in texts
    ]
    return {"versions": shown, "version": chosen.version, "changes": pieces}


class EditBody(Body):
    """Other words for a message."""

    text = Text(LONG, required=True, metadata={"example": "晚上没地方充电，只好从三楼拉线。"})
    enclosures = enclosing()
    without = fields.List(
        Id(), load_default=list, metadata={"description": "Ids of files that go.", "maxItems": MOST_ENCLOSURES}
    )


class EditedMessageSchema(Schema):
    """A message as it has been edited."""

    id = fields.Integer()
    version = fields.Integer()
    text = fields.String()
    state = Choice(MessageState)


@doors.route("/messages/<id:message_id>/versions", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(EditBody)
@doors.response(201, EditedMessageSchema)
@doors.doc(
    operationId="edit_message",
    summary="Edit one's message; every version stays to be seen",
    description="Its author, while it stands and the problem is talked about. Masks and holds are those of a new "
    "message: `state` says whether it waits to be looked at. `enclosures` come beside the new version, those of "
    "`without` stay beside the versions before alone.",
)
def edit_message(told: dict[str, Any], message_id: int) -> Any:
    """Edit a message."""
    edited = commands.edit_message(
        g.actor, message_id, text=told["text"], files=files_told(told["enclosures"]), without=told["without"]
    )
    files_used(told["enclosures"])
    return edited
