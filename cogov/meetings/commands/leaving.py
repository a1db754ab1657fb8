"""What a closed account leaves behind in meetings: its number and its hand, and its words where it wished."""

from __future__ import annotations

from sqlalchemy import select, update

from cogov.ground.db import session
from cogov.meetings.models import Attendance, MinutesSignature
from cogov.threads.commands.leaving import ERASED


def forget_person(person_id: int, words: bool) -> None:
    """Erase why somebody objected to minutes, if they wished it; motions stay, others have decided on them."""
    if not words:
        return
    own = select(Attendance.id).where(Attendance.person_id == person_id, Attendance.standing_id.is_(None))
    session().execute(
        update(MinutesSignature)
        .where(MinutesSignature.attendance_id.in_(own), MinutesSignature.reason != "")
        .values(reason=ERASED, salt="")
        .execution_options(synchronize_session=False)
    )
