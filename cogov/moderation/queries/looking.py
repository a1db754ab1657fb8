"""Who has just opened a seal, as the journal says."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import NotFound
from cogov.journal.models import JournalEntry
from cogov.moderation.queries.reviews import review_for
from cogov.moderation.rules import ReviewState
from cogov.people.rules import Actor

LOOK_LASTS = timedelta(minutes=30)
"""So long a look that was written down lets its person also see the files beside the words; a convention."""


def looked_lately(by: Actor, review_id: int) -> bool:
    """Say whether the journal holds that somebody has just opened a seal: what lies with the words opens with them."""
    query = select(JournalEntry.number).where(
        JournalEntry.subject_kind == "review",
        JournalEntry.subject_id == review_id,
        JournalEntry.kind == "SealedWordsRead",
        JournalEntry.actor_id == by.person_id,
        JournalEntry.at > now() - LOOK_LASTS,
    )
    return by.person_id is not None and session().scalar(query.limit(1)) is not None


def reads_sealed(by: Actor, review_id: int | None) -> bool:
    """Say whether somebody is shown what lies sealed: who wrote it, and who has yet to decide on it.

    And whoever decides there has just opened the seal: the look stands in the journal, for the files as for the words.
    """
    if review_id is None or by.person_id is None:
        return False
    try:
        shown = review_for(by, review_id)
    except NotFound:
        return False
    waits = shown.facts.state is ReviewState.OPEN or shown.facts.appeal_open
    return waits or by.person_id == shown.review.author_id or looked_lately(by, review_id)
