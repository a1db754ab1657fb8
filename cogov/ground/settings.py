"""Settings: the defaults of config.py, then the environment, then what the caller gives."""

from __future__ import annotations

import os
import runpy
import secrets
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from cogov.ground import paths

PREFIX = "COGOV_"


def _typed(default: object, text: str) -> object:
    if isinstance(default, bool):
        return text.strip().lower() in {"1", "true", "yes", "on"}
    return int(text) if isinstance(default, int) else text


def read(overrides: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return every setting; a name that config.py does not have is refused."""
    values = {name: value for name, value in runpy.run_path(str(paths.settings())).items() if name.isupper()}
    for name, default in list(values.items()):
        if text := os.environ.get(PREFIX + name):
            values[name] = _typed(default, text)
        elif file := os.environ.get(f"{PREFIX}{name}_FILE"):
            values[name] = _typed(default, Path(file).read_text(encoding="utf-8").strip())
    unknown = set(overrides or {}) - set(values) - {"TESTING"}
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    return {**values, **(overrides or {})}


def data_dir(app: Flask) -> Path:
    """Return the folder for everything that is stored, made if missing."""
    folder = Path(str(app.config["DATA_DIR"])).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _kept_secret(folder: Path) -> str:
    file = folder / "secret_key"
    if not file.is_file():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(secrets.token_hex(32))
    return file.read_text(encoding="utf-8").strip()


def insist_on_production(values: Mapping[str, object]) -> None:
    """Refuse settings that are only good for trying, where the installation says that it is none."""
    if not values["PRODUCTION"]:
        return
    lacking = [
        name
        for name, fits in (
            ("SECRET_KEY", len(str(values["SECRET_KEY"])) >= 32),
            ("SECURE_COOKIES", bool(values["SECURE_COOKIES"])),
            ("PUBLIC_URL", str(values["PUBLIC_URL"]).startswith("https://")),
            ("CALL_LOOPBACK", not values["CALL_LOOPBACK"]),
        )
        if not fits
    ]
    if lacking:
        names = ", ".join(PREFIX + name for name in lacking)
        raise ValueError(
            f"production needs {names} (a secret of 32 characters or more, TLS, the public https address, "
            "no calls to itself)"
        )


def load(app: Flask, overrides: Mapping[str, object] | None = None) -> None:
    """Put the settings into the application, and what Flask and its extensions derive from them."""
    values = read(overrides)
    insist_on_production(values)
    app.config.from_mapping(values)
    folder = data_dir(app)
    url = str(app.config["DATABASE_URL"]) or f"sqlite:///{folder / 'cogov.sqlite3'}"
    app.config.from_mapping(
        SECRET_KEY=str(app.config["SECRET_KEY"]) or _kept_secret(folder),
        SQLALCHEMY_DATABASE_URI=url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.config["SECURE_COOKIES"],
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=app.config["LANGUAGE"],
        BABEL_DEFAULT_TIMEZONE=app.config["TIMEZONE"],
    )
