"""What messages quote: the words are read where they were said, in the version that was quoted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_

from cogov.ground.db import session
from cogov.threads.models import Message, MessageVersion
from cogov.threads.queries.bylines import Byline, Faces
from cogov.threads.rules.messages import MessageState


@dataclass(frozen=True)
class QuoteShown:
    """What a message quotes; without words where they are not there any more."""

    message_id: int
    version: int
    text: str
    byline: Byline
    edited: bool
    """Whether the message was edited after it was quoted."""


@dataclass(frozen=True)
class Quotes:
    """The messages that those of a page quote, read once, and the earlier versions that are quoted."""

    messages: Mapping[int, Message]
    before: Mapping[tuple[int, int], str]

    @property
    def standings(self) -> list[int | None]:
        """Under which mandates they were said."""
        return [message.standing_id for message in self.messages.values()]

    def of(self, message: Message, names: Faces) -> QuoteShown | None:
        """Return what a message quotes."""
        quoted = self.messages.get(message.quoted_id or 0)
        if quoted is None or message.quoted_version is None:
            return None
        return QuoteShown(
            quoted.id,
            message.quoted_version,
            self._words(quoted, message.quoted_version)[message.quoted_from : message.quoted_to],
            names.of(quoted.person_id, quoted.standing_id),
            edited=quoted.version != message.quoted_version,
        )

    def _words(self, quoted: Message, version: int) -> str:
        if quoted.state is not MessageState.SHOWN or not quoted.salt:  # without salt its author had it erased
            return ""
        return quoted.text if version == quoted.version else self.before.get((quoted.id, version), "")


def quotes_in(messages: Iterable[Message]) -> Quotes:
    """Return what messages quote, in two queries at most; in none where they quote nothing."""
    wanted = {
        (message.quoted_id, message.quoted_version)
        for message in messages
        if message.quoted_id and message.quoted_version
    }
    if not wanted:
        return Quotes({}, {})
    query = select(Message).where(Message.id.in_(sorted({message_id for message_id, _ in wanted})))
    quoted = {message.id: message for message in session().scalars(query)}
    old = [(each, version) for each, version in sorted(wanted) if each in quoted and quoted[each].version != version]
    if not old:
        return Quotes(quoted, {})
    of_version = tuple_(MessageVersion.message_id, MessageVersion.version)
    texts = select(MessageVersion.message_id, MessageVersion.version, MessageVersion.text).where(of_version.in_(old))
    return Quotes(quoted, {(each, version): text for each, version, text in session().execute(texts)})
