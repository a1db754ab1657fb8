"""Pictures by problem; who may see a problem is asked by the room that knows it, before this is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import bindparam, select

from cogov.files.models import Document, Picture, PictureDraft
from cogov.files.rules import Box, Drawn, Rewritten, draw_over, is_name
from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.journal.event import Doer
from cogov.journal.kept import Of, kept_each

KEPT = timedelta(hours=1)
"""How long a picture that was chosen and not sent is kept."""


def pictures_folder(data_dir: Path) -> Path:
    """Return where pictures lie under the folder for everything that is stored."""
    return data_dir / "files"


def drafts_folder(data_dir: Path) -> Path:
    """Return where pictures lie that are chosen and not yet sent; it is none of what is backed up or served."""
    return data_dir / "drafts"


def path_of(folder: Path, name: str, width: int = 0) -> Path:
    """Return where a picture's bytes lie, in one of its small widths if asked; a name that is no hash is not found."""
    if not is_name(name):
        raise NotFound
    return folder / name[:2] / (f"{name}.{width}" if width else name)


def picture_of(problem_id: int, picture_id: int) -> Picture:
    """Return a picture that belongs to this problem and to no other."""
    query = select(Picture).where(Picture.id == picture_id, Picture.problem_id == problem_id)
    return found(session().scalars(query).one_or_none())


def pictures_of(problem_ids: Iterable[int]) -> dict[int, list[Picture]]:
    """Return the pictures of problems in the order in which they came."""
    wanted = set(problem_ids)
    return kept_each("pictures", wanted, _pictures_of, of=next(iter(wanted)) if len(wanted) == 1 else Of.EVERYTHING)


def _pictures_of(problem_ids: Iterable[int]) -> dict[int, list[Picture]]:
    result: dict[int, list[Picture]] = {}
    for row in session().scalars(_PICTURES, {"problems": list(problem_ids)}):
        result.setdefault(row.problem_id or 0, []).append(row)
    return result


_PICTURES = select(Picture).where(Picture.problem_id.in_(bindparam("problems", expanding=True))).order_by(Picture.id)


def draft_name(token: str) -> str:
    """Return the name under which a draft is kept; who reads the table or the folder learns no token from it."""
    return hashlib.sha256(token.encode()).hexdigest()


def drafts_of(by: Doer, tokens: Iterable[str]) -> dict[str, PictureDraft]:
    """Return one's own drafts by their tokens; somebody else's, and those of more than an hour ago, are not there."""
    if by.person_id is None:
        return {}
    names = {draft_name(token): token for token in tokens}
    query = select(PictureDraft).where(
        PictureDraft.name.in_(list(names)), PictureDraft.person_id == by.person_id, PictureDraft.at > now() - KEPT
    )
    return {names[row.name]: row for row in session().scalars(query)}


def draft_of(by: Doer, token: str) -> PictureDraft:
    """Return one of one's own drafts."""
    return found(drafts_of(by, [token]).get(token))


def kept_file(row: PictureDraft, folder: Path, boxes: Sequence[Box] = ()) -> Drawn | Rewritten:
    """Return what was chosen as it will be stored, a picture with the boxes covered."""
    data = path_of(folder, row.name).read_bytes()
    if row.title is None:
        return draw_over(data, boxes)
    return Rewritten(hashlib.sha256(data).hexdigest(), data, row.pages or 1, row.title)


ABOUT = (Picture.uploaded_by, Document.uploaded_by, PictureDraft.person_id)
"""Columns that say whose a row is."""

DONE = ()
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
