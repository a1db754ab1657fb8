"""Files beside the words of a message: put there with a version of it, taken away with another, gone when it goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select, update

from cogov.files.commands import discard, keep_document, keep_picture
from cogov.files.models import Document, Picture
from cogov.files.rules import Drawn, Rewritten, tame_title
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.threads.models import Enclosure, Message
from cogov.threads.rules.enclosing import WORDS_LENGTH, why_not_enclose


@dataclass(frozen=True)
class Enclosing:
    """A file that is to stand beside a message (drawn or written anew before), and what is on it."""

    file: Drawn | Rewritten
    words: str = ""


@dataclass(frozen=True)
class Files:
    """Files for a message, and the folder in which they are to lie."""

    enclosing: Sequence[Enclosing] = ()
    folder: Path | None = None

    def __len__(self) -> int:
        """Return how many."""
        return len(self.enclosing)


NO_FILES = Files()


def names_of(files: Files) -> tuple[str, ...]:
    """Return what a commitment says of files: the digest of each, and what is on it."""
    return tuple(part for each in files.enclosing for part in (each.file.name, each.words))


def commitments_of(message: Message) -> tuple[str, ...]:
    """Return the same of the files that stand beside a message now; nothing is asked where none does."""
    if not message.enclosed:
        return ()
    query = (
        select(Picture.name, Document.name, Enclosure.words)
        .select_from(Enclosure)
        .outerjoin(Picture, Picture.id == Enclosure.picture_id)
        .outerjoin(Document, Document.id == Enclosure.document_id)
        .where(Enclosure.message_id == message.id, Enclosure.until.is_(None))
        .order_by(Enclosure.id)
    )
    rows = session().execute(query)
    return tuple(part for picture, document, words in rows for part in (picture or document or "", words))


def tidied_files(files: Files, *, beside: int = 0) -> Files:
    """Return files with their words as they may be published; more than may be are refused."""
    insist(why_not_enclose(beside + len(files)))
    return Files([Enclosing(_titled(each.file), _words(each.words)) for each in files.enclosing], files.folder)


def _titled(file: Drawn | Rewritten) -> Drawn | Rewritten:
    if isinstance(file, Drawn):
        return file
    return Rewritten(file.name, file.data, file.pages, tame_title(mask(file.title).text))


def _words(words: str) -> str:
    words = " ".join(tidy(words).split())
    insist(why_not_wording(words, longest=WORDS_LENGTH, least=0, what=say("照片的说明")))
    return mask(words).text[:WORDS_LENGTH]


def enclose(by: Actor, message_id: int, version: int, files: Files) -> None:
    """Put files beside a version of a message, and the later ones."""
    for each in files.enclosing:
        enclosure = Enclosure(message_id=message_id, person_id=found(by.person_id), words=each.words, since=version)
        if isinstance(each.file, Drawn):
            enclosure.picture_id = keep_picture(by, each.file, found(files.folder)).id
        else:
            enclosure.document_id = keep_document(by, each.file, found(files.folder)).id
        session().add(enclosure)
    if files.enclosing:
        session().flush()


def let_go(message: Message, version: int, ids: Collection[int]) -> int:
    """Take files away from a version of a message on; beside the earlier ones they stay. Return how many are left."""
    standing = select(Enclosure).where(Enclosure.message_id == message.id, Enclosure.until.is_(None))
    stood = {each.id: each for each in session().scalars(standing)}
    for each in set(ids):
        if each not in stood:
            raise NotFound
        stood[each].until = version
    return len(stood) - len(set(ids))


def erase_enclosures(message_ids: Collection[int]) -> None:
    """Erase every file of messages, whichever version it stood beside; the bytes go after the act."""
    of_them = Enclosure.message_id.in_(message_ids)
    bare = {"synchronize_session": False}
    for kind, points in ((Picture, Enclosure.picture_id), (Document, Enclosure.document_id)):
        rows = session().execute(select(kind.id, kind.name).join(Enclosure, points == kind.id).where(of_them)).all()
        if rows:
            session().execute(delete(Enclosure).where(of_them, points.is_not(None)), execution_options=bare)
            session().execute(delete(kind).where(kind.id.in_([row.id for row in rows])), execution_options=bare)
            discard(row.name for row in rows)
    session().execute(
        update(Message).where(Message.id.in_(message_ids), Message.enclosed > 0).values(enclosed=0),
        execution_options={"synchronize_session": "evaluate"},
    )
