"""How a notification reads: which dossier, who did what, when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.pages import moment
from cogov.journal.models import JournalEntry
from cogov.journal.reading import details_of, plain, sentence
from cogov.people.queries import public_names
from cogov.problems.models import Problem
from cogov.tell.models import Notification


def items(rows: Sequence[tuple[Notification, JournalEntry]]) -> list[dict[str, Any]]:
    """Return notifications as the page shows them; the same few queries however many there are."""
    entries = [plain(entry) for _, entry in rows]
    details = details_of(entries)
    acted = public_names((entry.actor_id, entry.organization_id) for entry in entries)
    wanted = {entry.problem_id for entry in entries if entry.problem_id}
    dossiers = {
        problem_id: (number, title)
        for problem_id, number, title in session().execute(
            select(Problem.id, Problem.number, Problem.title).where(Problem.id.in_(wanted))
        )
    }
    shown = []
    for (notification, _), entry in zip(rows, entries, strict=True):
        number, title = dossiers.get(entry.problem_id or 0, ("", ""))
        held = acted.get((entry.actor_id, entry.organization_id))
        shown.append(
            {
                "id": notification.id,
                "unread": notification.read_at is None,
                "number": number,
                "title": title,
                "url": url_for("front.dossier", number=number, _anchor=f"e{entry.number}") if number else "",
                "who": held.organization_name if held else "",
                "sentence": sentence(entry, details.get(entry.number, {})),
                "at_text": moment(entry.at),
            }
        )
    return shown
