"""Posting a message or a reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.prepared import Adding
from cogov.ground.refusals import insist
from cogov.ground.search import keep
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.queries import held_for_change
from cogov.threads.commands.speaking import speaking_on, standing_id
from cogov.threads.events import MessagePosted
from cogov.threads.models import Message
from cogov.threads.rules import MESSAGE_LENGTH, MessageKind, why_not_reply


@dataclass(frozen=True)
class Posted:
    """A message as it has been posted."""

    id: int
    problem_id: int
    reply_to_id: int | None
    person_id: int
    standing_id: int | None
    organization_id: int | None
    kind: MessageKind
    text: str
    salt: str
    at: datetime


@verb
def post_message(
    by: Actor,
    number: str,
    *,
    kind: MessageKind,
    text: str,
    reply_to: int | None = None,
    once: str | None = None,
) -> Posted:
    """Post a message in the thread of a problem, or a reply to one."""
    insist_once(by, once)
    problem = held_for_change(by, number)
    speaker = speaking_on(by, problem)
    text = tidy(text)
    insist(why_not_wording(text, longest=MESSAGE_LENGTH, what=say("发言")))
    if reply_to is not None:
        parent = session().get(Message, reply_to)
        insist(
            why_not_reply(
                of_this_problem=parent is not None and parent.problem_id == problem.id,
                is_reply=parent is not None and parent.reply_to_id is not None,
            )
        )
    assert speaker.person_id is not None
    said: dict[str, Any] = {
        "problem_id": problem.id,
        "reply_to_id": reply_to,
        "person_id": speaker.person_id,
        "standing_id": standing_id(speaker),
        "organization_id": speaker.organization_id,
        "kind": kind,
        "text": text,
        "salt": salt(),
        "at": now(),
    }
    message = Posted(_SAY.run(**said), **said)
    keep(None, "message", message.id, problem.id, text)
    record(
        MessagePosted(message.id, reply_to, kind, commit_to(message.salt, text)),
        speaker,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("message", message.id),
    )
    return message


_SAY = Adding(Message)
"""Past the ORM, as most of what is ever written are messages; so what makes a text found is told of it here."""
