"""The discussion: a page of messages with the latest replies under each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.moderation.queries import Fate, fates
from cogov.threads.models import Message
from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.queries.enclosures import EnclosureShown, enclosures_in
from cogov.threads.queries.quotes import Quotes, QuoteShown, quotes_in
from cogov.threads.queries.windows import Window, window
from cogov.threads.rules.messages import REPLIES_SHOWN, MessageKind, MessageState
from cogov.threads.rules.speaking import PAGE_SIZE


@dataclass(frozen=True)
class MessageShown:
    """A message with its byline and the latest of its replies."""

    id: int
    kind: MessageKind
    text: str
    at: datetime
    byline: Byline
    own: bool
    state: MessageState = MessageState.SHOWN
    fate: Fate | None = None
    """What is told of its review, if there was one."""

    version: int = 1
    edited_at: datetime | None = None
    quote: QuoteShown | None = None
    enclosures: tuple[EnclosureShown, ...] = ()
    replies: tuple[MessageShown, ...] = ()
    reply_count: int = 0


def messages(
    problem_id: int, reader_id: int | None = None, *, before: int | None = None, after: int | None = None
) -> Window[MessageShown]:
    """Return a page of messages, the newest page first, each with its latest replies, in six queries at most."""
    top = select(Message).where(Message.problem_id == problem_id, Message.reply_to_id.is_(None))
    rows = window(top, Message.id, size=PAGE_SIZE, before=before, after=after, newest=True)
    below, totals = _latest_replies(message.id for message in rows.items)
    everything = [*rows.items, *(reply for group in below.values() for reply in group)]
    quotes = quotes_in(everything)
    names = faces(problem_id, [*(message.standing_id for message in everything), *quotes.standings])
    told = _Told(_fates(everything), quotes, enclosures_in(everything))
    return rows.of(
        [
            _shown(
                message,
                names,
                told,
                reader_id,
                tuple(_shown(reply, names, told, reader_id) for reply in below.get(message.id, ())),
                totals.get(message.id, 0),
            )
            for message in rows.items
        ]
    )


def replies(
    message: Message, reader_id: int | None = None, *, before: int | None = None, after: int | None = None
) -> tuple[MessageShown, Window[MessageShown]]:
    """Return a message and a page of the replies to it, the oldest page first."""
    query = select(Message).where(Message.reply_to_id == message.id)
    rows = window(query, Message.id, size=PAGE_SIZE, before=before, after=after)
    everything = (message, *rows.items)
    quotes = quotes_in(everything)
    names = faces(message.problem_id, [*(row.standing_id for row in everything), *quotes.standings])
    told = _Told(_fates(everything), quotes, enclosures_in(everything))
    return _shown(message, names, told, reader_id), rows.of([_shown(row, names, told, reader_id) for row in rows.items])


@dataclass(frozen=True)
class _Told:
    """What is told of messages besides their own words, read once for a page."""

    fates: Mapping[int, Fate]
    quotes: Quotes
    enclosures: Mapping[int, tuple[EnclosureShown, ...]]


def _fates(shown: Iterable[Message]) -> dict[int, Fate]:
    return fates(message.review_id for message in shown if message.review_id is not None)


def _latest_replies(message_ids: Iterable[int]) -> tuple[dict[int, list[Message]], dict[int, int]]:
    ranked = (
        select(
            Message.id,
            func.row_number().over(partition_by=Message.reply_to_id, order_by=Message.id.desc()).label("place"),
            func.count().over(partition_by=Message.reply_to_id).label("total"),
        )
        .where(Message.reply_to_id.in_(list(message_ids)))
        .subquery()
    )
    query = (
        select(Message, ranked.c.total)
        .join(ranked, Message.id == ranked.c.id)
        .where(ranked.c.place <= REPLIES_SHOWN)
        .order_by(Message.id)
    )
    below: dict[int, list[Message]] = {}
    totals: dict[int, int] = {}
    for reply, total in session().execute(query):
        assert reply.reply_to_id is not None
        below.setdefault(reply.reply_to_id, []).append(reply)
        totals[reply.reply_to_id] = total
    return below, totals


def _shown(
    message: Message,
    names: Faces,
    told: _Told,
    reader_id: int | None,
    below: tuple[MessageShown, ...] = (),
    total: int = 0,
) -> MessageShown:
    return MessageShown(
        message.id,
        message.kind,
        message.text,
        message.at,
        names.of(message.person_id, message.standing_id),
        own=message.person_id == reader_id,
        state=message.state,
        fate=told.fates.get(message.review_id or 0),
        version=message.version,
        edited_at=message.edited_at,
        enclosures=told.enclosures.get(message.id, ()),
        quote=told.quotes.of(message, names) if message.state is MessageState.SHOWN else None,
        replies=below,
        reply_count=total,
    )
