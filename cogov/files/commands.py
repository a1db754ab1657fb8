"""Keeping pictures: bytes first, under the name of their hash, then the row that points to them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cogov.files.models import Picture
from cogov.files.queries import path_of
from cogov.files.rules import Drawn
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.journal.event import Doer
from cogov.journal.transaction import verb


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


def put(drawn: Drawn, folder: Path) -> Path:
    """Write the bytes under their hash, whole or not at all; the same picture twice is one file."""
    target = path_of(folder, drawn.name)
    if target.is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(drawn.data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return target
