"""Pictures by problem; who may see a problem is asked by the room that knows it, before this is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from cogov.files.models import Picture
from cogov.files.rules import is_name
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound


def pictures_folder(data_dir: Path) -> Path:
    """Return where pictures lie under the folder for everything that is stored."""
    return data_dir / "files"


def path_of(folder: Path, name: str) -> Path:
    """Return where a picture's bytes lie; a name that is no hash is not found."""
    if not is_name(name):
        raise NotFound
    return folder / name[:2] / name


def picture_of(problem_id: int, picture_id: int) -> Picture:
    """Return a picture that belongs to this problem and to no other."""
    query = select(Picture).where(Picture.id == picture_id, Picture.problem_id == problem_id)
    return found(session().scalars(query).one_or_none())


def pictures_of(problem_ids: Iterable[int]) -> dict[int, list[Picture]]:
    """Return the pictures of problems in the order in which they came."""
    query = select(Picture).where(Picture.problem_id.in_(list(problem_ids))).order_by(Picture.id)
    result: dict[int, list[Picture]] = {}
    for row in session().scalars(query):
        result.setdefault(row.problem_id or 0, []).append(row)
    return result
