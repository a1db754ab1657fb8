"""What a closed account leaves behind in threads: all it said, or that it said something."""

from __future__ import annotations

from sqlalchemy import select, update

from cogov.ground.db import session
from cogov.threads.models import Message, MessageVersion

ERASED = "（写的人注销账号时，删去了这段话）"
"""Stands in the language of what stood there; the journal's commitment to the old words can then prove nothing more."""


def forget_person(person_id: int, words: bool) -> None:
    """Erase what a person said for themselves, if they wished it; what they said for an organization is its own.

    Concerns and solutions stay: others answered and decided by them.
    """
    if not words:
        return
    own = select(Message).where(Message.person_id == person_id, Message.organization_id.is_(None))
    for message in session().scalars(own.execution_options(yield_per=500)):
        message.text, message.salt = ERASED, ""
    of_them = select(Message.id).where(Message.person_id == person_id, Message.organization_id.is_(None))
    session().execute(
        update(MessageVersion).where(MessageVersion.message_id.in_(of_them)).values(text="", salt=""),
        execution_options={"synchronize_session": False},
    )
