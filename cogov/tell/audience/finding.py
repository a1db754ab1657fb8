"""Who is told of an entry, each with the strongest reason; never the one who acted."""

from __future__ import annotations

import json
from collections.abc import Callable

from cogov.announcements.rules import WEIGHTY
from cogov.journal.models import JournalEntry
from cogov.tell.audience.circles import Facts, chairs, electorate, holders, neighbours, street_office
from cogov.tell.audience.dossiers import Dossiers, Told, on_dossiers_of
from cogov.tell.audience.kinds import (
    ANNOUNCED,
    ASKS_FOR_BALLOTS,
    HAND_OFFS,
    MILESTONES,
    TO_SOME_ALONE,
    TO_THE_ACCOUNTABLE,
    TO_THE_ELECTORATE,
)
from cogov.tell.audience.persons import ASKED
from cogov.tell.levels import STRONGEST, Why


def audience(entry: JournalEntry, dossiers: Dossiers | None = None) -> dict[int, Why]:
    """Return the persons who are told of an entry, each with the strongest reason.

    ``dossiers`` holds the people of its dossier for whoever has read those of many entries at once.
    """
    told = Facts(entry, json.loads(entry.facts), on_dossiers_of([entry]) if dossiers is None else dossiers)
    people: dict[int, Why] = {}
    for source in _sources(entry.kind):
        for why, persons in source(told).items():
            people |= {person: min(why, people.get(person, why), key=STRONGEST.__getitem__) for person in persons}
    people.pop(entry.actor_id or 0, None)
    return people


def asks(kind: str, why: Why) -> bool:
    """Say whether an entry asks somebody who is told of it for this reason to act."""
    return why in (Why.ASKED, Why.DUTY) or (why is Why.VOTE and kind in ASKS_FOR_BALLOTS)


def is_important(entry: JournalEntry) -> bool:
    """Say whether who wants to hear only the important is told."""
    if entry.kind in ANNOUNCED:
        return json.loads(entry.facts).get("kind") in WEIGHTY
    return entry.kind in MILESTONES


def _sources(kind: str) -> list[Callable[[Facts], Told]]:
    sources: list[Callable[[Facts], Told]] = []
    if kind not in TO_SOME_ALONE:
        sources.append(_dossier)
    if kind == "OpeningHeldBack":
        sources += [chairs, street_office]
    if kind in TO_THE_ACCOUNTABLE or kind in HAND_OFFS:
        sources.append(holders)
    if kind in TO_THE_ELECTORATE:
        sources.append(electorate)
    if kind in ASKED:
        sources.append(ASKED[kind])
    if kind in ANNOUNCED:
        sources.append(neighbours)
    return sources


def _dossier(told: Facts) -> Told:
    return told.dossiers.get(told.entry.problem_id or 0, {})
