"""Who carries mail: the server of the settings, or a folder of files where none is set."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from flask import current_app

from cogov.ground.settings import data_dir
from cogov.tell.outbox import Later, Never

SECONDS = 20
"""How long the server may take for each of its answers."""

Carrier = Callable[[EmailMessage], None]


def carrier() -> Carrier:
    """Return who carries mail here; everything is read now, so that it works outside the application afterwards."""
    config = current_app.config
    host = str(config["MAIL_SERVER"])
    if not host:
        folder = data_dir(current_app) / "mail"
        return lambda message: _put_file(folder, message)
    server = Server(
        host, int(config["MAIL_PORT"]), str(config["MAIL_TLS"]), str(config["MAIL_USER"]), str(config["MAIL_PASSWORD"])
    )
    return server.carry


def connected() -> bool:
    """Say whether mail reaches anybody: files are only good for trying."""
    return bool(current_app.config["MAIL_SERVER"]) or not current_app.config["PRODUCTION"]


def _put_file(folder: Path, message: EmailMessage) -> None:
    """Keep a message as a file of its own; the same message again is the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    half = folder / f".{name}.part"
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(message.as_bytes(policy=SMTP))
    half.replace(folder / f"{name}.eml")


class Server:
    """A mail server that takes messages by SMTP, one connection each."""

    def __init__(self, host: str, port: int, tls: str, user: str, password: str) -> None:
        if tls not in ("starttls", "ssl", "none"):
            raise ValueError("MAIL_TLS is one of starttls, ssl, none")
        self.host, self.port, self.tls = host, port, tls
        self._user, self._password = user, password

    def carry(self, message: EmailMessage) -> None:
        """Hand a message over; what the server says decides whether it is tried again."""
        try:
            server = self._open()
            try:
                server.send_message(message)
            finally:
                # Once it was taken it was taken, however badly the two part.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
        except (OSError, smtplib.SMTPException) as error:
            raise _failure(error) from None

    def _open(self) -> smtplib.SMTP:
        if self.tls == "ssl":
            trusted = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, _own_name(), timeout=SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, _own_name(), timeout=SECONDS)
        try:
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _own_name() -> str:
    # Asking the resolver for our full name, as smtplib would, can take as long as it likes.
    return socket.gethostname().encode("ascii", "ignore").decode() or "localhost"


def _failure(error: Exception) -> Later | Never:
    """Say by a code of ours what failed; what servers answer may hold the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _judged("address_refused", next(iter(error.recipients.values()))[0])
    if isinstance(error, smtplib.SMTPDataError):
        return _judged("message_refused", error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Never("address_unsupported")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Later("server_sign_in", whole=True)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # It is the sender of all our mail, so the setting is to be mended, not the message.
        return Later(f"sender_refused_{error.smtp_code}", whole=True)
    return Later("server_certificate" if isinstance(error, ssl.SSLError) else "server_away", whole=True)


def _judged(code: str, answer: int) -> Later | Never:
    """A 4yz of the server means later, a 5yz never."""
    said = f"{code}_{answer}"
    return Never(said) if 500 <= answer < 600 else Later(said)
