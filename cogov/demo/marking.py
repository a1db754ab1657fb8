"""Knowing a database that holds the demo: the first entry of its journal says so."""

from __future__ import annotations

from sqlalchemy import select

from cogov.demo.events import DemoBegun
from cogov.ground.db import session
from cogov.journal.models import JournalEntry


class NotEmpty(Exception):
    """The database holds something already; the demo is only loaded into an empty one."""


def is_demo() -> bool:
    """Say whether this database holds the demo, whose accounts are known to all: the first entry says so."""
    return first_entry() == DemoBegun.__name__


def first_entry() -> str | None:
    """Return what stands first in the journal, if anything does."""
    return session().scalar(select(JournalEntry.kind).order_by(JournalEntry.number).limit(1))
