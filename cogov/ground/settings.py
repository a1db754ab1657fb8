"""Settings: the defaults of config.py, then the environment, then what the caller gives."""

from __future__ import annotations

import os
import re
import runpy
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Flask, current_app

from cogov.ground import logs, paths

PREFIX = "COGOV_"


TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
_SECRET = re.compile(r"(_KEY|_SECRET|_PASSWORD|_TOKEN)$")
_PASSWORD = re.compile(r"(?<=://)([^/@]*):[^/@]*(?=@)")


class Source(StrEnum):
    """Where a setting comes from; the later ones win."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    ARGUMENT = "argument"


@dataclass(frozen=True)
class Setting:
    """A setting as it stands, and where it comes from."""

    name: str
    value: object
    source: Source

    @property
    def shown(self) -> str:
        """Return the value as it may be shown: of a secret only that there is one."""
        if _SECRET.search(self.name) and self.value:
            return f"••• ({len(str(self.value))})"
        return _PASSWORD.sub(r"\1:•••", str(self.value))


def _typed(name: str, default: object, text: str) -> object:
    if isinstance(default, bool):
        if (word := text.strip().lower()) not in TRUE | FALSE:
            raise ValueError(f"{PREFIX}{name} is true or false, not {text!r}")
        return word in TRUE
    if not isinstance(default, int):
        return text
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{PREFIX}{name} is a whole number, not {text!r}") from None


def _given(name: str, default: object) -> Setting:
    if text := os.environ.get(PREFIX + name):
        return Setting(name, _typed(name, default, text), Source.ENVIRONMENT)
    if file := os.environ.get(f"{PREFIX}{name}_FILE"):
        return Setting(name, _typed(name, default, Path(file).read_text(encoding="utf-8").strip()), Source.FILE)
    return Setting(name, default, Source.DEFAULT)


def explain(overrides: Mapping[str, object] | None = None) -> list[Setting]:
    """Return every setting and where it comes from; a name that config.py does not have is refused."""
    defaults = {name: value for name, value in runpy.run_path(str(paths.settings())).items() if name.isupper()}
    given = dict(overrides or {})
    unknown = set(given) - set(defaults) - {"TESTING"}
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    held = [_given(name, default) for name, default in defaults.items() if name not in given]
    return [*held, *(Setting(name, value, Source.ARGUMENT) for name, value in given.items())]


def unknown_names() -> list[str]:
    """Return what the environment sets under our prefix and no setting is called: likely a slip."""
    known = {f"{PREFIX}{each.name}{end}" for each in explain() for end in ("", "_FILE")}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def read(overrides: Mapping[str, object] | None = None) -> dict[str, object]:
    """Return the value of every setting."""
    values = {each.name: each.value for each in explain(overrides)}
    if wrong := logs.why_not(values):
        raise ValueError(f"{PREFIX}{wrong}")
    return values


def configured(name: str) -> object:
    """Return a setting of the application that runs."""
    return current_app.config[name]


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
            ("SMS_URL", values["CODE_SENDER"] != "gateway" or bool(values["SMS_URL"])),
            ("SMS_SECRET", values["CODE_SENDER"] != "gateway" or len(str(values["SMS_SECRET"])) >= 24),
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
