"""What the server must be able to say again and nobody may read: encrypted with a key made from SECRET_KEY.

A stolen database gives nothing away without the secret; a copy of both does. Under another secret what was kept cannot
be opened any more, and is asked for anew.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class Locked(Exception):
    """What was kept was encrypted under another secret, or is not what it was."""


def _fernet(purpose: str) -> Fernet:
    # Each purpose has a key of its own: what was encrypted for one place cannot be carried to another.
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"cogov.vault.{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(kdf.derive(str(current_app.config["SECRET_KEY"]).encode())))


def lock(purpose: str, text: str) -> str:
    """Return a text encrypted; the same text looks different each time."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unlock(purpose: str, kept: str) -> str:
    """Return the text that was encrypted for this purpose; raise Locked where it cannot be."""
    try:
        return _fernet(purpose).decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Locked from error
