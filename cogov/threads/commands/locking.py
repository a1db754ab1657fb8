"""A message to be changed: first the problem is locked, as everywhere, then the message itself."""

from __future__ import annotations

from sqlalchemy import select, update

from cogov.ground.db import for_change, found, session
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id
from cogov.threads.models import Message, MessageVersion


def message_for_change(by: Actor, message_id: int) -> tuple[Message, Problem]:
    """Return a message that exists for this actor, and its problem, both as they are now."""
    # Only the id is read before the lock, so that what the rule judges is what stands in the database after it.
    problem_id = found(session().scalar(select(Message.problem_id).where(Message.id == message_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    return locked_message(message_id), problem


def locked_message(message_id: int) -> Message:
    """Lock a message whose problem is locked."""
    return found(session().scalars(for_change(select(Message).where(Message.id == message_id))).one_or_none())


def erase_versions(message_id: int) -> None:
    """Erase what a message said before; that it was edited, and when, remains."""
    session().execute(
        update(MessageVersion).where(MessageVersion.message_id == message_id).values(text="", salt=""),
        execution_options={"synchronize_session": False},
    )
