"""What a closed account leaves behind here: nothing."""

from __future__ import annotations

from sqlalchemy import delete

from cogov.ground.db import session
from cogov.tell.models import CalendarFeed, MailChoice, NoticeChoice, Notification, Sending


def forget_person(person_id: int, _words: bool) -> None:
    """Forget what a person was told, and how they wanted to be told."""
    for table in (Notification, NoticeChoice, MailChoice, CalendarFeed, Sending):
        session().execute(delete(table).where(table.person_id == person_id))
