"""A box that takes what is sent, and people who want mail."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from cogov.people.commands import issue_code
from cogov.people.rules import Actor
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.entering import CodePurpose
from cogov.tell import letters
from cogov.tell.channels import MailPace
from cogov.tell.mailing import add_address, choose_mail


class Box:
    """Every message that was handed over; `before` and `after` may raise, when it is not yet taken and when it is."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.before: Callable[[EmailMessage], None] = lambda _message: None
        self.after: Callable[[EmailMessage], None] = lambda _message: None

    def carry(self, message: EmailMessage) -> None:
        """Take a message as a server would: as bytes."""
        self.before(message)
        raw = message.as_bytes(policy=SMTP)
        arrived = message_from_bytes(raw, policy=default)
        assert isinstance(arrived, EmailMessage)
        self.raw.append(raw)
        self.taken.append(arrived)
        self.after(message)

    def to(self, name: str) -> list[EmailMessage]:
        """Return what one of the cast got."""
        return [message for message in self.taken if str(message["To"]) == f"{name}@example.org"]


def plain(message: EmailMessage) -> str:
    """Return the plain words of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(message: EmailMessage) -> str:
    """Return the HTML of a message."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def wants_mail(actor: Actor, name: str, pace: MailPace, language: str = "") -> None:
    """Let somebody prove an address and choose how often."""
    address = contact_from(f"{name}@example.org")
    assert address is not None
    code = issue_code(actor, contact=address, purpose=CodePurpose.ADDRESS, code_hash="right")
    assert add_address(actor, code_id=code.id, code_hash="right") == address.value
    choose_mail(actor, pace, language)


def box_in(monkeypatch: pytest.MonkeyPatch) -> Box:
    """Put a box in the place of the mail server."""
    box = Box()
    monkeypatch.setattr(letters, "carrier", lambda: box.carry)
    return box
