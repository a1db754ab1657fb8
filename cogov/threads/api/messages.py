"""Messages for programs."""

from __future__ import annotations

from typing import Any

from flask import g

from cogov.ground.api import Body, Choice, Id, Page, Text, reading, verb_of
from cogov.ground.scopes import Scope
from cogov.threads import commands
from cogov.threads.api.current import LONG, MessageSchema, doors, listed, messages_of, parts
from cogov.threads.api.enclosures import enclosing, files_told, files_used
from cogov.threads.commands.naming import Quote
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.quoting import QUOTE_LENGTH
from cogov.threads.rules.speaking import ThreadTab


@doors.route("/problems/<number>/messages")
@reading
@doors.arguments(Page(only=("after",)), location="query")
@doors.response(200, parts(MessageSchema))
@doors.doc(
    operationId="list_messages",
    summary="The messages of a problem, the oldest first",
    description="Anybody who can see the problem. Each message stands with the latest of its replies.",
)
def list_messages(asked: dict[str, Any], number: str) -> dict[str, Any]:
    """List messages."""
    return listed(number, ThreadTab.DISCUSSION, asked["after"], messages_of)


class MessageBody(Body):
    """A message, and what it is meant as."""

    kind = Choice(MessageKind, required=True)
    text = Text(LONG, required=True, metadata={"example": "晚上没地方充电，只好从楼上拉线。"})
    reply_to = Id(metadata={"description": "Id of the message that is answered."})
    quote = Id(metadata={"description": "Id of a message of the thread that is quoted."})
    quoted = Text(QUOTE_LENGTH, metadata={"description": "Which of its words, as they stand; all unless given."})
    enclosures = enclosing()


@doors.route("/problems/<number>/messages", methods=["POST"])
@verb_of(Scope.TAKE_PART)
@doors.arguments(MessageBody)
@doors.response(201, MessageSchema(only=("id", "kind", "text")))
@doors.doc(
    operationId="post_message",
    summary="Say something about a problem",
    description="Who lives, owns or serves in the place, while the problem is talked about. `reply_to` names the "
    "message that is answered, `quote` one that is quoted. `@` before the name under which "
    "somebody stands on the dossier, or speaks for an organization, mentions them; they are told once. "
    "`enclosures` are pictures and PDF sent before by `keep_picture` and `keep_document`, four at most.",
)
def post_message(told: dict[str, Any], number: str) -> Any:
    """Post a message."""
    quote = Quote(told["quote"], told.get("quoted") or "") if told.get("quote") else None
    posted = commands.post_message(
        g.actor,
        number,
        kind=told["kind"],
        text=told["text"],
        reply_to=told.get("reply_to"),
        quote=quote,
        files=files_told(told["enclosures"]),
    )
    files_used(told["enclosures"])
    return posted
