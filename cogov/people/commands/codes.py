"""One-time codes: issued at most once a minute, used once, and carried by whoever is configured to carry them."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.settings import configured
from cogov.journal.models import JournalHead
from cogov.journal.transaction import verb
from cogov.people.models import FailedSignIn, OneTimeCode
from cogov.people.rules import Actor
from cogov.people.rules.contacts import Contact
from cogov.people.rules.entering import (
    CODE_LASTS,
    CODE_PAUSE,
    CODE_TRIES,
    CodePurpose,
    why_not_from_there,
    why_not_send_code,
    why_not_use_code,
    wrong_code,
)


@dataclass(frozen=True)
class CodeMessage:
    """What is carried to a contact.

    Without a code it says that this contact has no account here or, as an invitation, that there is one now.
    """

    contact: Contact
    purpose: CodePurpose
    code: str | None
    expires_at: datetime | None


class CodeSender(Protocol):
    """Carries codes to people; it hands them to a queue and returns at once, for known and unknown contacts alike."""

    def send(self, message: CodeMessage) -> None:
        """Hand over a message; raise OSError when that is not possible."""


class Outbox:
    """Appends each message as a line of JSON to a file that only its owner may read."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "outbox.jsonl"

    def send(self, message: CodeMessage) -> None:
        """Append one line."""
        line = json.dumps(
            {
                "to": message.contact.value,
                "kind": message.contact.kind,
                "purpose": message.purpose,
                "code": message.code,
                "expires_at": message.expires_at.isoformat() if message.expires_at else None,
                "sent_at": now().isoformat(),
            },
            ensure_ascii=False,
        )
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as out:
            out.write(line + "\n")


SENDERS: dict[str, Callable[[Path], CodeSender]] = {"outbox": Outbox}
"""Who can be named in the setting CODE_SENDER; each is made with the data folder."""


def fresh_code() -> str:
    """Return six digits that nobody can foresee."""
    return f"{secrets.randbelow(1_000_000):06d}"


@verb
def count_there(by: Actor, there: str) -> None:
    """Count a code that is asked for or tried from a network (given as a keyed hash), unless there were too many."""
    # One after the other, so that many at once count as many. Who is refused is not counted, so that waiting helps.
    session().execute(for_change(select(JournalHead)))
    at = now()
    tried = select(FailedSignIn.at).where(FailedSignIn.key_hash == there, FailedSignIn.at > at - timedelta(days=1))
    limits = {name: int(str(configured(f"ADDRESS_CODES_{name.upper()}"))) for name in ("an_hour", "a_day")}
    insist(why_not_from_there(list(session().scalars(tried)), at, **limits))
    session().add(FailedSignIn(key_hash=there, at=at))


@verb
def issue_code(by: Actor, *, contact: Contact, purpose: CodePurpose, code_hash: str, there: str = "") -> OneTimeCode:
    """Keep a new code for a contact, known or not; ``there`` is the network it is asked for from, as a keyed hash."""
    at = now()
    if there:
        count_there(by, there)
    recent = select(OneTimeCode.sent_at).where(
        OneTimeCode.contact == contact.value, OneTimeCode.sent_at > at - timedelta(days=1)
    )
    insist(why_not_send_code(list(session().scalars(recent)), at))
    code = OneTimeCode(
        contact=contact.value,
        purpose=purpose,
        code_hash=code_hash,
        sent_at=at,
        minute=int(at.timestamp()) // int(CODE_PAUSE.total_seconds()),
        expires_at=at + CODE_LASTS,
    )
    too_soon = why_not_send_code([at], at)
    assert too_soon is not None
    with unless_taken(too_soon):
        session().add(code)
    return code


@verb
def use_code(by: Actor, *, code_id: int, purpose: CodePurpose, code_hash: str) -> str | Refusal:
    """Count a try and, when it is right, use the code up and return the contact it was sent to.

    The reason is returned and not raised: a wrong try has to stay counted.
    """
    code = session().scalars(for_change(select(OneTimeCode).where(OneTimeCode.id == code_id))).one_or_none()
    if code is None:
        return wrong_code()
    at = now()
    refusal = why_not_use_code(
        right=code.purpose is purpose and secrets.compare_digest(code.code_hash, code_hash),
        tries=code.tries + 1,
        used=code.used_at is not None,
        expires_at=code.expires_at,
        now=at,
    )
    code.tries = min(code.tries + 1, CODE_TRIES + 1)
    if refusal is not None:
        return refusal
    code.used_at = at
    return code.contact


def forget_codes() -> None:
    """Delete codes that can neither be used nor count towards a limit."""
    session().execute(delete(OneTimeCode).where(OneTimeCode.sent_at < now() - timedelta(days=1)))
