"""What a message said before it was edited, and what changed from one version to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.ground.db import found, session
from cogov.ground.differences import Piece, differences
from cogov.threads.models import Message, MessageVersion
from cogov.threads.rules.messages import MessageState


@dataclass(frozen=True)
class MessageText:
    """What a message said from a moment on."""

    version: int
    text: str
    at: datetime


def texts_of(message: Message) -> list[MessageText]:
    """Return every version of a message that stands, the latest first; of what is not there any more none."""
    if message.state is not MessageState.SHOWN:
        return []
    query = select(MessageVersion).where(MessageVersion.message_id == message.id)
    before = session().scalars(query.order_by(MessageVersion.version.desc())) if message.version > 1 else ()
    now_stands = MessageText(message.version, message.text, message.edited_at or message.at)
    return [now_stands, *(MessageText(each.version, each.text, each.at) for each in before)]


def text_of_version(message_id: int, version: int) -> str:
    """Return what a message said in one of its earlier versions; empty where that is erased."""
    query = select(MessageVersion.text).where(
        MessageVersion.message_id == message_id, MessageVersion.version == version
    )
    return session().scalar(query) or ""


def changes_in(texts: Sequence[MessageText], version: int | None) -> tuple[MessageText, tuple[Piece, ...]]:
    """Return one of the versions, the latest unless asked, and what it changed; one comparison, however many."""
    chosen = found(next((text for text in texts if text.version == (version or texts[0].version)), None))
    before = next((text.text for text in texts if text.version == chosen.version - 1), "")
    return chosen, differences(before, chosen.text) if chosen.version > 1 else ()
