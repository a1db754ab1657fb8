"""Codes by text message and by mail: a gateway of the installation's own, spoken to under a signature.

Every provider of text messages has an interface of its own, and templates that it approved beforehand. So the platform
says only whom, which template and what is filled in; a few lines at the installation turn that into what its provider
wants. docs/running.md shows the request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from cogov.ground.addresses import Call
from cogov.ground.clock import now
from cogov.ground.outward import Away, Barred, post
from cogov.ground.settings import configured
from cogov.people.commands.codes import SENDERS, CodeMessage
from cogov.people.rules.contacts import ContactKind
from cogov.people.rules.entering import CODE_LASTS, CodePurpose

NO_ACCOUNT = "no_account"
"""The template for a number that has no account here: whoever asks learns nothing, who owns the number does."""


class SmsGate(Protocol):
    """Sends text messages by approved templates."""

    def send(self, phone: str, template: str, values: Mapping[str, str]) -> None:
        """Send one message; raise OSError when that is not possible."""


class HttpsGate:
    """A gateway that takes a message as signed JSON and answers 2xx when it has taken it."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self._secret = url, secret

    def send(self, phone: str, template: str, values: Mapping[str, str]) -> None:
        """Post one message under an id of its own."""
        id_, seconds = f"sms_{secrets.token_hex(12)}", int(now().timestamp())
        told = {"id": id_, "phone": phone, "template": template, "values": dict(values)}
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        signed = hmac.new(self._secret.encode(), f"{id_}.{seconds}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(seconds),
            "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        }
        try:
            answer = post(Call(self.url, body, headers), ours=True)
        except (Away, Barred) as error:
            raise OSError("the gateway does not answer") from error
        if not 200 <= answer.status < 300:
            raise OSError(f"the gateway answered {answer.status}")


MailCarrier = Callable[[CodeMessage], None]
_mail: list[MailCarrier] = []


def mail_codes_with(carrier: MailCarrier) -> None:
    """Register who carries codes to e-mail addresses; called while the application is put together."""
    _mail[:] = [carrier]


class Gateway:
    """Sends codes to phones through the gateway of the settings, and to addresses by mail."""

    def __init__(self, _folder: Path) -> None:
        """Need nothing of the data folder; the settings are read when something is sent."""

    def send(self, message: CodeMessage) -> None:
        """Send over what the contact is."""
        if message.contact.kind is ContactKind.PHONE:
            _gate().send(message.contact.value, template_of(message), values_of(message))
        elif _mail:
            _mail[0](message)
        else:
            raise OSError("nobody carries mail")


def _gate() -> SmsGate:
    url, secret = str(configured("SMS_URL")), str(configured("SMS_SECRET"))
    if not url or not secret:
        raise OSError("SMS_URL and SMS_SECRET are not set")
    return HttpsGate(url, secret)


def template_of(message: CodeMessage) -> str:
    """Return which template says a message: the purpose's, or that there is no account."""
    if message.code is None and message.purpose is not CodePurpose.INVITATION:
        return NO_ACCOUNT
    return message.purpose.value


def values_of(message: CodeMessage) -> dict[str, str]:
    """Return what is filled into a template: the code and its minutes, or nothing."""
    if message.code is None:
        return {}
    return {"code": message.code, "minutes": str(int(CODE_LASTS.total_seconds()) // 60)}


SENDERS["gateway"] = Gateway
