"""Keeping pictures and documents: bytes first, under the name of their hash, then the row that points to them."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, exists, or_, select

from cogov.files.models import DiscardedFile, Document, Picture, PictureDraft
from cogov.files.queries import KEPT, draft_name, path_of
from cogov.files.rules import SMALL, Drawn, Rewritten
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.journal.event import Doer
from cogov.journal.transaction import verb

MOST_DRAFTS = 12
"""How many pictures a person may have chosen and not sent; the oldest goes when one more comes."""


MOST_DELETED = 200
"""How many files are deleted at a time."""

JUST_NOW = timedelta(minutes=1)
"""So long discarded bytes stay after they were written or taken up; no request takes longer to commit."""


@verb
def keep_picture(by: Doer, drawn: Drawn, folder: Path, *, problem_id: int | None = None) -> Picture:
    """Store a picture (drawn anew before, outside the transaction) and say to which problem it belongs."""
    put(drawn, folder)
    picture = Picture(
        name=drawn.name,
        width=drawn.width,
        height=drawn.height,
        size=len(drawn.data),
        uploaded_by=found(by.person_id),
        uploaded_at=now(),
        problem_id=problem_id,
    )
    session().add(picture)
    session().flush()
    return picture


@verb
def keep_document(by: Doer, document: Rewritten, folder: Path) -> Document:
    """Store a document that was written anew before, outside the transaction."""
    _write(path_of(folder, document.name), document.data)
    row = Document(
        name=document.name,
        title=document.title,
        pages=document.pages,
        size=len(document.data),
        uploaded_by=found(by.person_id),
        uploaded_at=now(),
    )
    session().add(row)
    session().flush()
    return row


@verb
def replace_picture(picture: Picture, drawn: Drawn, folder: Path) -> None:
    """Let a picture show other pixels from now on; what showed the old ones is taken away after the commit."""
    put(drawn, folder)
    picture.name, picture.width, picture.height, picture.size = (
        drawn.name,
        drawn.width,
        drawn.height,
        len(drawn.data),
    )
    session().flush()


def discard(names: Iterable[str]) -> None:
    """Note in a transaction which bytes its rows have let go of; whatever happens then, they are deleted after it."""
    session().add_all(DiscardedFile(name=name) for name in sorted(set(names)))


def delete_discarded(folder: Path) -> int:
    """Delete the bytes that rows have let go of, and say how many; what another row points to stays.

    Bytes that were written or taken up again in the last minute wait for the next round: somebody may be about to
    commit a row that points to them.
    """
    waiting = list(session().scalars(select(DiscardedFile.name).order_by(DiscardedFile.id).limit(MOST_DELETED)))
    old = sorted({name for name in waiting if not _taken_up(name, folder)})
    if old:
        _delete_discarded(old, folder)
    return sum(name in old for name in waiting)


@verb
def _delete_discarded(names: list[str], folder: Path) -> None:
    left = [name for name in names if not take_away(name, folder, _taken_up)]
    session().execute(delete(DiscardedFile).where(DiscardedFile.name.in_(set(names) - set(left))))


def _taken_up(name: str, folder: Path) -> bool:
    """Say whether any of the files of a name was written, or found there by somebody who sends the same, just now."""
    just_now = (now() - JUST_NOW).timestamp()
    files = (path_of(folder, name, width) for width in (0, *SMALL))
    return any(file.stat().st_mtime > just_now for file in files if file.is_file())


def take_away(name: str, folder: Path, unless: Callable[[str, Path], bool] = lambda _name, _folder: False) -> bool:
    """Delete the files that no row points to any more, the small ones of a picture too; say whether it is settled."""
    if session().scalar(select(or_(*(exists().where(kind.name == name) for kind in (Picture, Document))))):
        return True
    if unless(name, folder):
        return False
    for width in (0, *SMALL):
        path_of(folder, name, width).unlink(missing_ok=True)
    return True


def put(drawn: Drawn, folder: Path) -> Path:
    """Write the bytes under their hash, whole or not at all; the same picture twice is one file."""
    for width, data in drawn.small:
        _write(path_of(folder, drawn.name, width), data)
    return _write(path_of(folder, drawn.name), drawn.data)


def _write(target: Path, data: bytes) -> Path:
    if target.is_file():
        os.utime(target, (now().timestamp(),) * 2)  # so that nobody deletes it before there is a row again
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target


# Chosen and not yet sent ----------------------------------------------------------------------------------------------


def keep_draft(by: Doer, file: Drawn | Rewritten, folder: Path) -> str:
    """Keep a file for the person who chose it until they send it, and return the token it is known by."""
    token = secrets.token_urlsafe(24)
    name = draft_name(token)
    _delete(_enter_draft(found(by.person_id), name, file), folder)
    _write(path_of(folder, name), file.data)
    return token


@verb
def _enter_draft(person_id: int, name: str, file: Drawn | Rewritten) -> list[str]:
    own = select(PictureDraft.id).where(PictureDraft.person_id == person_id).order_by(PictureDraft.id.desc())
    too_many = list(session().scalars(own.offset(MOST_DRAFTS - 1)))
    gone = _forget(or_(PictureDraft.at <= now() - KEPT, PictureDraft.id.in_(too_many)))
    draft = PictureDraft(name=name, person_id=person_id, width=0, height=0, at=now())
    if isinstance(file, Drawn):
        draft.width, draft.height = file.width, file.height
    else:
        draft.title, draft.pages = file.title, file.pages
    session().add(draft)
    session().flush()
    return gone


def forget_drafts(by: Doer, tokens: Iterable[str], folder: Path) -> None:
    """Delete one's own drafts, row and file: they have been sent, or are not wanted."""
    _delete(_forget_own(found(by.person_id), [draft_name(token) for token in tokens]), folder)


@verb
def _forget_own(person_id: int, names: list[str]) -> list[str]:
    return _forget(PictureDraft.name.in_(names) & (PictureDraft.person_id == person_id))


def forget_old_drafts(folder: Path) -> None:
    """Delete what was chosen more than an hour ago and never sent, and any file there that is as old."""
    if session().scalar(select(exists().where(PictureDraft.at <= now() - KEPT))):
        _forget_where_old()
    oldest = (now() - KEPT).timestamp()
    for file in folder.glob("*/*"):
        if file.stat().st_mtime <= oldest:
            file.unlink(missing_ok=True)


@verb
def _forget_where_old() -> list[str]:
    return _forget(PictureDraft.at <= now() - KEPT)


def _forget(which: object) -> list[str]:
    query = delete(PictureDraft).where(which).returning(PictureDraft.name)  # type: ignore[arg-type]
    return list(session().scalars(query, execution_options={"synchronize_session": False}))


def _delete(names: Iterable[str], folder: Path) -> None:
    for name in names:
        path_of(folder, name).unlink(missing_ok=True)
