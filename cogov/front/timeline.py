"""The timeline of a dossier: entries of the journal with the words that lie in the rooms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import format_date, format_datetime, gettext
from markupsafe import Markup
from sqlalchemy import select

from cogov.cases import queries as cases
from cogov.decisions import queries as decisions
from cogov.duties import queries as duties
from cogov.ground.db import session
from cogov.ground.prose import prose
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.people.queries import public_names
from cogov.people.rules import PUBLIC_KINDS, Actor
from cogov.problems import queries as problems
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads

PAGE = 25


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


Details = Callable[[Sequence[Entry]], Mapping[int, Mapping[str, Any]]]

DETAILS: dict[str, Details] = {
    "problems": problems.details,
    "threads": threads.details,
    "decisions": decisions.details,
    "tasks": tasks.details,
    "cases": cases.details,
    "duties": duties.details,
}

_STAMPED = {"CaseVerified", "CaseDispatched", "CaseAcknowledged", "CallNotNeeded", "CaseFedBack", "CaseClosed"}
_ICONS = {
    "ProblemRaised": "camera",
    "ProblemSeconded": "hand-stop",
    "MessagePosted": "message",
    "ConcernRaised": "alert-triangle",
    "ConcernAnswered": "message-check",
    "SolutionProposed": "bulb",
    "SolutionRevised": "bulb",
    "NoticePublished": "checkbox",
    "DecisionOpened": "checkbox",
    "DecisionClosed": "gavel",
    "ResolutionPassed": "gavel",
    "TaskOpened": "clipboard-check",
    "TaskClaimed": "heart-handshake",
    "TaskVerified": "circle-check",
    "BodyCalled": "speakerphone",
    "ClockPaused": "player-pause",
    "ProblemConfirmed": "circle-check",
    "ProblemReopened": "arrow-back-up",
}


def room_of(kind: str) -> str:
    """Return the room that an event belongs to."""
    event = KINDS.get(kind)
    return event.__module__.split(".")[1] if event else ""



def _public_kinds() -> list[str]:
    return sorted(name for name, event in KINDS.items() if event.public)


def entries_of(problem_id: int, before: int | None = None, limit: int = PAGE) -> list[Entry]:
    """Return the public entries of a dossier, the latest first."""
    query = (
        select(JournalEntry)
        .where(JournalEntry.problem_id == problem_id, JournalEntry.kind.in_(_public_kinds()))
        .order_by(JournalEntry.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(JournalEntry.number < before)
    return [plain(row) for row in session().scalars(query)]


def plain(row: JournalEntry) -> Entry:
    """Return a stored entry as plain values."""
    return Entry(
        row.number, row.kind, row.actor_id, row.organization_id, row.problem_id, json.loads(row.facts), row.at
    )


def details_of(entries: Sequence[Entry]) -> dict[int, Mapping[str, Any]]:
    """Return what the templates of entries need, one look-up per room."""
    by_room: dict[str, list[Entry]] = {}
    for entry in entries:
        by_room.setdefault(room_of(entry.kind), []).append(entry)
    found: dict[int, Mapping[str, Any]] = {}
    for room, of_room in by_room.items():
        if room in DETAILS:
            found.update(DETAILS[room](of_room))
    return found


def sentence(entry: Entry, details: Mapping[str, Any]) -> Markup:
    """Return what happened as the reader's sentence, after the name of who did it."""
    return Markup(render_template(f"entries/{entry.kind}.html", e=entry, d=details).strip())  # noqa: S704 - our template


def shown(by: Actor, code: str, entries: Sequence[Entry], names: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return entries as the macro shows them: names, sentences, words, times by what the reader may know."""
    details = details_of(entries)
    acted = public_names({(e.actor_id, e.organization_id) for e in entries if e.organization_id})
    inside = any(held.reaches(code) or code.startswith(held.scope) for held in by.standings)
    return [_shown(entry, details.get(entry.number, {}), acted, names, inside) for entry in entries]


def _shown(
    entry: Entry,
    details: Mapping[str, Any],
    acted: Mapping[tuple[int | None, int | None], Any],
    names: Mapping[int, int],
    inside: bool,
) -> dict[str, Any]:
    ours = entry.organization_id is None
    by_day = ours and not inside
    return {
        "id": f"e{entry.number}",
        "icon": "rubber-stamp" if entry.kind in _STAMPED else _ICONS.get(entry.kind, "point"),
        "kind": "stamp" if entry.kind in _STAMPED else ("ours" if room_of(entry.kind) != "cases" else "theirs"),
        "who": _who(entry, acted, names),
        "sentence": sentence(entry, details),
        "words": prose(str(details["words"])) if details.get("words") else "",
        "basis": details.get("basis", ""),
        "at_text": format_date(entry.at, "M月d日") if by_day else format_datetime(entry.at, "M月d日 HH:mm"),
        "at_iso": entry.at.date().isoformat() if by_day else entry.at.isoformat(timespec="minutes"),
        "number": entry.number,
    }


def _who(
    entry: Entry, acted: Mapping[tuple[int | None, int | None], Any], names: Mapping[int, int]
) -> dict[str, str]:
    if entry.organization_id is not None:
        found = acted.get((entry.actor_id, entry.organization_id))
        if found is not None:
            public = found.organization_kind in PUBLIC_KINDS
            return {
                "kind": "body" if public else "organization",
                "name": found.organization_name,
                "tag": found.public_name,
            }
    if entry.actor_id is None:
        return {"kind": "organization", "name": gettext("到期自动"), "mark": "时"}
    ordinal = names.get(entry.actor_id)
    return {"kind": "person", "name": gettext("住户 %(n)s", n=ordinal) if ordinal else gettext("一位住户")}
