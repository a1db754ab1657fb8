"""Notifications: spread from the journal after the commit, one per entry and person, safe to repeat."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select, true, update
from sqlalchemy.exc import DBAPIError

from cogov.ground.clock import now
from cogov.ground.db import Id, found, session
from cogov.ground.prepared import Adding, Prepared
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.opinion.models import Statement
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import Sight, seen_by, seen_with, sight_of
from cogov.tell.audience.dossiers import on_dossiers_of
from cogov.tell.audience.finding import asks, audience, is_important
from cogov.tell.audience.kinds import ABOUT_MANDATES, TO_THE_AUTHOR, TO_THE_BLOCKED
from cogov.tell.levels import NoticeLevel, NoticeTopic, Why, wanted
from cogov.tell.models import NoticeChoice, Notification
from cogov.tell.settling import quieten, settled_by

log = structlog.get_logger()

_BATCH = 100
PAGE = 20


def spread(limit: int = _BATCH) -> int:
    """Tell people of the entries that nobody has been told of; return how many entries were handled.

    Who is told is found before anything is locked: on SQLite all who write would wait for it. What another process has
    told of meanwhile is left out.
    """
    query = select(JournalEntry).where(JournalEntry.told_at.is_(None)).order_by(JournalEntry.number).limit(limit)
    entries = session().scalars(query).all()
    if not entries:
        return 0
    found_out, numbers = _told(entries), [entry.number for entry in entries]
    settled = settled_by(entries)
    untold = select(JournalEntry.number).where(JournalEntry.number.in_(numbers), JournalEntry.told_at.is_(None))
    with transaction():
        mine = set(session().scalars(untold.with_for_update(skip_locked=True)))
        _TELL.run_many([row for row in found_out if row["entry_number"] in mine])
        quieten(settled, mine)
        session().execute(
            update(JournalEntry)
            .where(JournalEntry.number.in_(mine))
            .values(told_at=now())
            .execution_options(synchronize_session=False)
        )
    return len(mine)


_TELL = Adding(Notification)


def spread_all() -> int:
    """Spread until nothing is left untold."""
    total = 0
    while handled := spread():
        total += handled
    return total


Rows = Sequence[dict[str, object]]


def _told(entries: Sequence[JournalEntry]) -> Rows:
    """Tell of all entries at once; where that cannot be done of one, of each alone, so that it holds up no other."""
    try:
        return _rows(entries)
    except Exception as error:
        _insist_connected(error)
        session().rollback()
        return [row for entry in entries for row in _tried(entry)]


def _tried(entry: JournalEntry) -> Rows:
    """Tell of one entry; one that cannot be told is logged."""
    number = entry.number
    try:
        return _rows([entry])
    except Exception as error:
        _insist_connected(error)
        session().rollback()
        log.exception("entry_not_told", number=number)
        return []


def _insist_connected(error: Exception) -> None:
    """Give up where the connection was lost: that is no fault of an entry, which would pass for told of."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error


Levels = Mapping[int, Mapping[NoticeTopic, NoticeLevel]]


def _rows(entries: Sequence[JournalEntry]) -> Rows:
    told = [entry for entry in entries if (kind := KINDS.get(entry.kind)) is not None and kind.told]
    dossiers, levels = on_dossiers_of(told), _levels()
    return [row for entry in told for row in _rows_of(entry, audience(entry, dossiers), levels)]


def _rows_of(entry: JournalEntry, told: Mapping[int, Why], levels: Levels) -> Iterator[dict[str, object]]:
    at, important = now(), is_important(entry)
    alone = entry.subject_id if entry.problem_id is None and entry.subject_kind == "announcement" else None
    for person, why in sorted(told.items()):
        if wanted(why, levels.get(person, {}), important=important):
            yield {
                "person_id": person,
                "entry_number": entry.number,
                "problem_id": entry.problem_id,
                "announcement_id": alone,
                "why": why.value,
                "needs": asks(entry.kind, why),
                "at": at,
            }


def _levels() -> Levels:
    """Return what those chose who want to hear less."""
    query = select(NoticeChoice.person_id, NoticeChoice.topic, NoticeChoice.level)
    chosen: dict[int, dict[NoticeTopic, NoticeLevel]] = {}
    for person, topic, level in session().execute(query.where(NoticeChoice.level != NoticeLevel.ALL)):
        chosen.setdefault(person, {})[topic] = level
    return chosen


def _of(by: Actor) -> ColumnElement[bool]:
    """Whose they are, and only those about problems that exist for the reader now: one may be hidden afterwards."""
    seen = exists().where(Problem.id == Notification.problem_id, seen_by(by))
    return and_(Notification.person_id == by.person_id, or_(Notification.problem_id.is_(None), seen))


def unread(by: Actor) -> int:
    """Return how many notifications a person has not read."""
    return session().scalar(select(func.count()).where(_of(by), Notification.read_at.is_(None))) or 0


def unread_topics(by: Actor) -> int:
    """Return of how many dossiers and announcements a person has unread news: the number at the bell."""
    return _unread_topics(sight_of(by)).one_or_none({"me": by.person_id}) or 0


TOPIC = func.coalesce(Notification.problem_id, -func.coalesce(Notification.announcement_id, 0))
"""What a notification is about: a problem by its number, an announcement by its own below zero."""


@lru_cache(maxsize=200)
def _unread_topics(sight: Sight) -> Prepared[int]:
    """Return the query of the bell, which every page asks; put together once for everybody of a sight."""
    seen = exists().where(Problem.id == Notification.problem_id, seen_with(sight))
    unread_ones = select(func.count(func.distinct(TOPIC))).where(
        Notification.person_id == bindparam("me", type_=Id),
        or_(Notification.problem_id.is_(None), seen),
        Notification.read_at.is_(None),
    )
    return Prepared(unread_ones, int)


class NoticeFilter(StrEnum):
    """What of the news a person wants to see."""

    ALL = "all"
    NEEDS = "needs"
    UNREAD = "unread"


@dataclass(frozen=True)
class Group:
    """The news about one dossier or announcement: how many, how many unread, whether one asks for an act."""

    topic: int
    last_id: int
    shown_id: int
    """The latest that still asks for an act, or else the latest."""
    count: int
    unread: int
    pressing: bool


@dataclass(frozen=True)
class Key:
    """Where a page of groups goes on: what presses stands before what does not, then the latest first."""

    pressing: bool
    last_id: int


def groups(
    by: Actor,
    shown: NoticeFilter = NoticeFilter.ALL,
    before: Key | None = None,
    *,
    between: tuple[int, int] | None = None,
) -> list[Group]:
    """Return a page of a person's news and one more, by dossier, in one query.

    ``between`` takes only the unread after one notification up to another: what a digest holds.
    """
    fresh = Notification.read_at.is_(None)
    last = func.max(Notification.id)
    new = func.sum(case((fresh, 1), else_=0))
    pressing = func.max(case((and_(fresh, Notification.needs), 1), else_=0))
    asking = func.max(case((and_(fresh, Notification.needs), Notification.id), else_=0))
    query = select(TOPIC, last, asking, func.count(), new, pressing).where(_of(by)).group_by(TOPIC)
    if between is not None:
        query = query.where(fresh, Notification.id > between[0], Notification.id <= between[1])
    if shown is NoticeFilter.UNREAD:
        query = query.having(new > 0)
    if shown is NoticeFilter.NEEDS:
        query = query.having(pressing > 0)
    if before is not None:
        query = query.having(
            or_(pressing < int(before.pressing), and_(pressing == int(before.pressing), last < before.last_id))
        )
    rows = session().execute(query.order_by(pressing.desc(), last.desc()).limit(PAGE + 1))
    return [
        Group(topic, last_id, asked or last_id, count, new, bool(presses))
        for topic, last_id, asked, count, new, presses in rows
    ]


def latest(by: Actor, ids: Sequence[int]) -> dict[int, tuple[Notification, JournalEntry]]:
    """Return notifications with their entries by id."""
    query = (
        select(Notification, JournalEntry)
        .join(JournalEntry, Notification.entry_number == JournalEntry.number)
        .where(_of(by), Notification.id.in_(ids))
    )
    return {notification.id: (notification, entry) for notification, entry in session().execute(query)}


def notification_of(by: Actor, notification_id: int) -> Notification:
    """Return one of a person's notifications."""
    return found(
        session().scalars(select(Notification).where(_of(by), Notification.id == notification_id)).one_or_none()
    )


def own_page_of(entry_number: int) -> tuple[str, dict[str, Any]] | None:
    """Return the page of an entry that concerns its reader alone and stands on no dossier."""
    query = select(JournalEntry).where(JournalEntry.number == entry_number)
    entry = found(session().scalars(query).one_or_none())
    kind, facts = entry.kind, entry.facts
    if kind in TO_THE_AUTHOR:
        return "moderation.show", {"review_id": int(entry.subject_id or 0)}
    if kind == "StatementPublished":
        asked_in = select(Statement.conversation_id).where(Statement.id == entry.subject_id)
        return "opinion.show", {"conversation_id": found(session().scalar(asked_in))}
    if kind in TO_THE_BLOCKED:
        return "moderation.show_block", {"block_id": int(entry.subject_id or 0)}
    if kind in ABOUT_MANDATES:
        return "decisions.mandates", {}
    if kind == "DelegateNamed":
        return "decisions.delegates", {"motion_id": int(json.loads(facts)["motion"])}
    if kind == "InterestSettled":
        return "decisions.interests", {"motion_id": int(json.loads(facts)["motion"])}
    return None


def mark_read(by: Actor, up_to: int, topic: int | None = None) -> None:
    """Mark one's notifications read up to one of them, all or those about one dossier or announcement."""
    about = true() if topic is None else TOPIC.in_([topic])
    mine = and_(Notification.person_id == by.person_id, Notification.id <= up_to, Notification.read_at.is_(None), about)
    with transaction():
        session().execute(update(Notification).where(mine).values(read_at=now()))
