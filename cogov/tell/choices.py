"""How much of each kind a person wants to hear; and their own copy of what is kept in this room."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select

from cogov.ground.clock import now
from cogov.ground.copies import Copies, copies
from cogov.ground.db import for_change, found, session
from cogov.journal.transaction import verb
from cogov.people.models import Person
from cogov.people.rules import Actor
from cogov.tell.levels import QUIETER, NoticeLevel, NoticeTopic
from cogov.tell.models import CalendarFeed, MailChoice, NoticeChoice, Notification, Sending


def choices_of(by: Actor) -> dict[NoticeTopic, NoticeLevel]:
    """Return how much a person wants to hear of each kind."""
    query = select(NoticeChoice.topic, NoticeChoice.level).where(NoticeChoice.person_id == by.person_id)
    return dict.fromkeys(NoticeTopic, NoticeLevel.ALL) | dict(session().execute(query).all())


@verb
def choose(by: Actor, levels: Mapping[NoticeTopic, NoticeLevel]) -> None:
    """Keep how much a person wants to hear; theirs alone, so the journal says nothing of it."""
    assert by.person_id is not None
    # Under the person's lock, so that two forms at once leave one row.
    found(session().scalars(for_change(select(Person).where(Person.id == by.person_id))).one_or_none())
    rows = {row.topic: row for row in session().scalars(_chosen(by))}
    for topic, level in levels.items():
        row = rows.get(topic)
        if row is None:
            session().add(NoticeChoice(person_id=by.person_id, topic=topic, level=level, since=now()))
        elif row.level is not level:
            row.level, row.since = level, now()


def _chosen(by: Actor) -> Select[NoticeChoice]:
    return select(NoticeChoice).where(NoticeChoice.person_id == by.person_id)


@verb
def quieten(by: Actor, topic: NoticeTopic) -> NoticeLevel:
    """Hear one level less of a kind."""
    level = QUIETER.get(choices_of(by)[topic], NoticeLevel.NONE)
    choose(by, {topic: level})
    return level


# One's own copy ------------------------------------------------------------------------------------------------------

ABOUT = (
    Notification.person_id,
    NoticeChoice.person_id,
    MailChoice.person_id,
    Sending.person_id,
    CalendarFeed.person_id,
)
"""Columns that say whose a row is."""

DONE = ()
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
