"""The files beside messages: who may read a message may read them, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from cogov.files.models import Document, Picture
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.moderation.queries import reads_sealed
from cogov.people.rules import Actor
from cogov.threads.models import Enclosure, Message
from cogov.threads.queries.loading import message_for
from cogov.threads.rules.messages import MessageState


@dataclass(frozen=True)
class EnclosureShown:
    """A file beside a message: a picture with its measures, or a document with its title and pages."""

    id: int
    message_id: int
    words: str
    since: int
    until: int | None
    picture: Picture | None
    document: Document | None

    def beside(self, version: int) -> bool:
        """Say whether it stands beside a version of its message."""
        return self.since <= version and (self.until is None or version < self.until)


@dataclass(frozen=True)
class Beside:
    """The files beside one version of a message: those that stayed, and what this version brought and took away."""

    stayed: tuple[EnclosureShown, ...] = ()
    added: tuple[EnclosureShown, ...] = ()
    removed: tuple[EnclosureShown, ...] = ()


NOTHING_BESIDE = Beside()


def files_in(enclosures: Sequence[EnclosureShown], version: int) -> Beside:
    """Return which of all files of a message stand beside one of its versions, and what changed with it."""
    there = [each for each in enclosures if each.beside(version)]
    return Beside(
        tuple(each for each in there if each.since < version or version == 1),
        tuple(each for each in there if each.since == version > 1),
        tuple(each for each in enclosures if each.until == version),
    )


def _rows() -> Select[Enclosure, Picture | None, Document | None]:
    return (
        select(Enclosure, Picture, Document)
        .outerjoin(Picture, Picture.id == Enclosure.picture_id)
        .outerjoin(Document, Document.id == Enclosure.document_id)
        .order_by(Enclosure.id)
    )


def _shown(query: Select[Enclosure, Picture | None, Document | None]) -> list[EnclosureShown]:
    return [
        EnclosureShown(row.id, row.message_id, row.words, row.since, row.until, picture, document)
        for row, picture, document in session().execute(query)
    ]


def enclosures_in(messages: Iterable[Message]) -> dict[int, tuple[EnclosureShown, ...]]:
    """Return the files beside messages as they stand now, in one query; in none where no message has any."""
    wanted = [each.id for each in messages if each.enclosed and each.state is MessageState.SHOWN]
    result: dict[int, tuple[EnclosureShown, ...]] = {}
    if wanted:
        for each in _shown(_rows().where(Enclosure.message_id.in_(wanted), Enclosure.until.is_(None))):
            result[each.message_id] = (*result.get(each.message_id, ()), each)
    return result


def enclosures_of(message_id: int) -> Sequence[EnclosureShown]:
    """Return every file that ever stood beside a message; whether it may be seen was asked before."""
    return _shown(_rows().where(Enclosure.message_id == message_id))


def enclosure_for(by: Actor, message_id: int, enclosure_id: int) -> EnclosureShown:
    """Return a file of a message to whoever may read its words: all where it stands, else who may see them sealed."""
    _insist_read(by, message_id)
    return found(enclosure_of(message_id, enclosure_id))


def readable_enclosures(by: Actor, message_id: int) -> Sequence[EnclosureShown]:
    """Return every file that ever stood beside a message, to whoever may have them; to others none."""
    try:
        _insist_read(by, message_id)
    except NotFound:
        return ()
    return enclosures_of(message_id)


def _insist_read(by: Actor, message_id: int) -> None:
    message, _ = message_for(by, message_id)
    if message.state is not MessageState.SHOWN and not reads_sealed(by, message.review_id):
        raise NotFound


def enclosure_of(message_id: int, enclosure_id: int) -> EnclosureShown | None:
    """Return a file of this message and of no other; whether it may be seen was asked before."""
    query = _rows().where(Enclosure.message_id == message_id, Enclosure.id == enclosure_id)
    return next(iter(_shown(query)), None)
