"""Faults sown into the rooms while their own tests run: ``COGOV_SOWN=slots pytest -p tools.faults.sown …``.

Each stands for what one promise forbids, and the tests that show the promise must fail on it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from cogov.decisions.commands import casting
from cogov.duties.rules import clock
from cogov.ground import db
from cogov.ground.db import session
from cogov.journal import repeating, sealing, transaction
from cogov.journal.models import KeptAnswer
from cogov.tasks.commands import claiming

SOWN = "COGOV_SOWN"


def _ballots() -> None:
    """Count each ballot as if there were none of that household yet."""

    def none(_head: object) -> None:
        return None

    casting._ballot_of = none  # type: ignore[assignment]


def _owners() -> None:
    """Let every owner replace what another one cast."""

    def always(*_given: object) -> bool:
        return True

    casting._may_replace = always  # type: ignore[assignment]


def _slots() -> None:
    """Give a slot to whoever asks."""

    def take(_task: object) -> bool:
        return True

    claiming.take_slot = take  # type: ignore[assignment, attr-defined]


def _copies() -> None:
    """Have SQLite delete what points to a table with it, when a migration puts a copy in its place."""
    begun = db._begun

    def watched(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
        begun(connection)

    db._begun = watched


def _chain() -> None:
    """Hash only the number of an entry."""

    def link(_previous: str, entry: Any) -> str:
        return hashlib.sha256(str(entry.number).encode()).hexdigest()

    sealing.link = transaction.link = link  # type: ignore[assignment, attr-defined]


def _keys() -> None:
    """Give a kept answer to whoever comes with its key."""

    def kept(_by: object, key: str) -> KeptAnswer | None:
        return session().scalars(select(KeptAnswer).where(KeptAnswer.key == key).limit(1)).one_or_none()

    repeating._kept = kept  # type: ignore[assignment]


def _zones() -> None:
    """Take the hour on the wall for that of Greenwich."""

    def utc(instant: datetime) -> datetime:
        return instant.replace(tzinfo=UTC)

    clock._utc = utc


SOWING: dict[str, Callable[[], None]] = {
    "ballots": _ballots,
    "owners": _owners,
    "slots": _slots,
    "copies": _copies,
    "chain": _chain,
    "keys": _keys,
    "zones": _zones,
}


def pytest_configure() -> None:
    """Sow before the tests are read."""
    if name := os.environ.get(SOWN):
        SOWING[name]()
