"""What the sentences of the timeline need of this room's rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.reading import Entry
from cogov.opinion.models import Conversation, Statement

Told = dict[str, object]


def details(entries: Sequence[Entry]) -> dict[int, Told]:
    """Return for each entry of this room, by its number, what its sentence needs, in two queries at most."""
    questions = _questions({int(str(each.facts["conversation"])) for each in entries if "conversation" in each.facts})
    texts = _texts({int(str(each.facts["statement"])) for each in entries if "statement" in each.facts})
    told: dict[int, Told] = {}
    for entry in entries:
        facts = entry.facts
        told[entry.number] = {
            "n": facts.get("number"),
            "conversation": facts.get("conversation"),
            "statement": facts.get("statement"),
            "people": facts.get("people"),
            "statements": facts.get("statements"),
            "said": texts.get(facts.get("statement")) or questions.get(facts.get("conversation"), ""),
        }
    return told


def _questions(ids: set[int]) -> dict[object, str]:
    if not ids:
        return {}
    query = select(Conversation.id, Conversation.question).where(Conversation.id.in_(ids))
    return {row.id: row.question for row in session().execute(query)}


def _texts(ids: set[int]) -> dict[object, str]:
    if not ids:
        return {}
    query = select(Statement.id, Statement.text).where(Statement.id.in_(ids))
    return {row.id: row.text for row in session().execute(query)}
