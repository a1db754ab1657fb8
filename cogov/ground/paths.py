"""Where templates, migrations and settings lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = PACKAGE.parent


def _home(name: str) -> Path:
    # An editable install may hold stale copies inside the package, so the checkout wins where there is one.
    beside = _CHECKOUT / name
    return beside if (_CHECKOUT / "pyproject.toml").is_file() and beside.exists() else PACKAGE / name


def templates() -> Path:
    """Return the folder of the Jinja templates."""
    return _home("templates")


def migrations() -> Path:
    """Return the folder of the Alembic scripts."""
    return _home("migrations")


def recount(name: str = "recount.py") -> Path:
    """Return the one file that recounts the bundle of a vote, or the one beside it for what is shared in proportion."""
    beside = _CHECKOUT / "tools" / name
    return beside if (_CHECKOUT / "pyproject.toml").is_file() and beside.is_file() else PACKAGE / name


def settings() -> Path:
    """Return the file that holds every setting and its default."""
    return _home("config.py")
