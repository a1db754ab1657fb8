"""Entries as readers see them: plain values, and the sentence that each kind has in every language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup
from sqlalchemy import ColumnElement, select

from cogov.ground.db import session
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry, JournalHead


@dataclass(frozen=True)
class Entry:
    """An entry of the journal as plain values."""

    number: int
    kind: str
    actor_id: int | None
    organization_id: int | None
    problem_id: int | None
    facts: Mapping[str, Any]
    at: datetime


Details = Mapping[int, Mapping[str, Any]]
Loader = Callable[[Sequence[Entry]], Details]

_loaders: dict[str, Loader] = {}


def details_from(room: str, loader: Loader) -> None:
    """Register how a room supplies what its entries' templates need; called while the application is put together."""
    _loaders[room] = loader


def room_of(kind: str) -> str:
    """Return the room that an event belongs to."""
    event = KINDS.get(kind)
    return event.__module__.split(".")[1] if event else ""


def plain(row: JournalEntry) -> Entry:
    """Return a stored entry as plain values."""
    return Entry(row.number, row.kind, row.actor_id, row.organization_id, row.problem_id, json.loads(row.facts), row.at)


def head_number() -> int:
    """Return the number of the latest entry."""
    return session().scalar(select(JournalHead.number)) or 0


def public_kinds() -> list[str]:
    """Return the kinds of entries that anybody may read who may read the problem."""
    return sorted(name for name, event in KINDS.items() if event.public)


def _public(problem_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return JournalEntry.problem_id == problem_id, JournalEntry.kind.in_(public_kinds())


def public_entries(problem_id: int, before: int | None, limit: int) -> list[Entry]:
    """Return the public entries of a problem, the latest first."""
    query = select(JournalEntry).where(*_public(problem_id)).order_by(JournalEntry.number.desc()).limit(limit)
    if before is not None:
        query = query.where(JournalEntry.number < before)
    return [plain(row) for row in session().scalars(query)]


def public_entries_after(problem_id: int, after: int, limit: int) -> list[Entry]:
    """Return the public entries of a problem that came after one, the oldest first."""
    query = (
        select(JournalEntry)
        .where(
            JournalEntry.problem_id == problem_id, JournalEntry.kind.in_(public_kinds()), JournalEntry.number > after
        )
        .order_by(JournalEntry.number)
        .limit(limit)
    )
    return [plain(row) for row in session().scalars(query)]


def details_of(entries: Sequence[Entry]) -> dict[int, Mapping[str, Any]]:
    """Return what the templates of entries need, one look-up per room."""
    by_room: dict[str, list[Entry]] = {}
    for entry in entries:
        by_room.setdefault(room_of(entry.kind), []).append(entry)
    found: dict[int, Mapping[str, Any]] = {}
    for room, of_room in by_room.items():
        if room in _loaders:
            found.update(_loaders[room](of_room))
    return found


def sentence(entry: Entry, details: Mapping[str, Any]) -> Markup:
    """Return what happened as the reader's sentence, to stand after the name of who did it."""
    return Markup(render_template(f"entries/{entry.kind}.html", e=entry, d=details).strip())  # noqa: S704 - our template
