"""What a closed account leaves behind here: what it raised and met counts on, what it followed is forgotten."""

from __future__ import annotations

from sqlalchemy import delete

from cogov.ground.db import session
from cogov.problems.models import Following


def forget_person(person_id: int, _words: bool) -> None:
    """Forget what a person followed."""
    session().execute(delete(Following).where(Following.person_id == person_id))
