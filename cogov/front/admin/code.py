"""The one-time code that lets whoever stands at the machine make the first administrator."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask

from cogov.ground.settings import data_dir

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that nobody takes for one another."""


def _file(app: Flask) -> Path:
    return data_dir(app) / "setup_code"


def setup_code(app: Flask) -> str:
    """Return the code, made when it is first asked for; it lies in a file that only its owner may read."""
    file = _file(app)
    if not file.is_file():
        code = "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(code)
    return file.read_text(encoding="utf-8").strip()


def fits(app: Flask, text: str) -> bool:
    """Say whether a text is the code, however it was typed; without a file there is none."""
    if not _file(app).is_file():
        return False
    given = "".join(sign for sign in text.upper() if sign.isalnum())
    return secrets.compare_digest(given.encode(), setup_code(app).replace("-", "").encode())


def forget(app: Flask) -> None:
    """Let the code be used no more."""
    _file(app).unlink(missing_ok=True)
