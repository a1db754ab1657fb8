"""Meetings with what their notices say now; everybody may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.announcements.rules import AUTHORS
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.journal.kept import kept
from cogov.meetings.models import Attendance, Meeting, MeetingItem
from cogov.meetings.rules.calling import REMINDED
from cogov.meetings.rules.kinds import ItemState, MeetingMotionState, MeetingState
from cogov.people.models import Organization
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.problems.models import Problem
from cogov.problems.queries import seen_by

PAGE = 20
ALIVE = (MeetingMotionState.OPEN, MeetingMotionState.HANDS)
STILL_COMING = timedelta(hours=3)
"""How long after its time a meeting that was not opened still counts as coming."""

STILL_OPEN = timedelta(hours=24)
"""How long after its opening a meeting that nobody closed still counts as open."""

Rows = Select[Meeting, AnnouncementVersion, datetime | None, str, Place, str]


@dataclass(frozen=True)
class MeetingShown:
    """A meeting as pages show it."""

    id: int
    announcement_id: int
    state: MeetingState
    title: str
    text: str
    begins: datetime
    spot: str
    moved: str
    cancelled_at: datetime | None
    cancelled_because: str
    place_id: int
    place_code: str
    place_name: str
    organization_id: int
    organization_name: str
    turn_seconds: int
    quorum: int
    chair_id: int | None
    opened_at: datetime | None
    closed_at: datetime | None

    @property
    def presides(self) -> int | None:
        """Who runs the meeting from its chair now: nobody any more when it is over."""
        return self.chair_id if self.state is MeetingState.OPEN else None


def _rows() -> Rows:
    return (
        select(
            Meeting, AnnouncementVersion, Announcement.withdrawn_at, Announcement.withdrawal, Place, Organization.name
        )
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(
            AnnouncementVersion,
            and_(
                AnnouncementVersion.announcement_id == Announcement.id,
                AnnouncementVersion.version == Announcement.version,
            ),
        )
        .join(Place, Place.id == Meeting.place_id)
        .join(Organization, Organization.id == Meeting.organization_id)
    )


def _shown(query: Rows) -> list[MeetingShown]:
    return [
        MeetingShown(
            id=row.id,
            announcement_id=row.announcement_id,
            state=row.state,
            title=said.title,
            text=said.text,
            # A correction may have taken the time away; then the notice still says when it was written.
            begins=said.meeting_at or said.at,
            spot=said.meeting_spot,
            moved=said.reason,
            cancelled_at=withdrawn_at,
            cancelled_because=withdrawal,
            place_id=place.id,
            place_code=place.code,
            place_name=place.name,
            organization_id=row.organization_id,
            organization_name=organization,
            turn_seconds=row.turn_seconds,
            quorum=row.quorum,
            chair_id=row.chair_id,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row, said, withdrawn_at, withdrawal, place, organization in session().execute(query)
    ]


def meeting(meeting_id: int) -> MeetingShown:
    """Return a meeting."""
    return found(next(iter(_shown(_rows().where(Meeting.id == meeting_id))), None))


def meeting_called_by(announcement_id: int) -> int | None:
    """Return the meeting that a notice calls, if it calls one."""
    return session().scalar(select(Meeting.id).where(Meeting.announcement_id == announcement_id))


def listed(place_ids: Iterable[int], *, before: int | None = None) -> list[MeetingShown]:
    """Return a page of the meetings of some places and one more, the latest called first."""
    query = _rows().where(Meeting.place_id.in_(list(place_ids)))
    if before is not None:
        query = query.where(Meeting.id < before)
    return _shown(query.order_by(Meeting.id.desc()).limit(PAGE + 1))


def coming(place_ids: Iterable[int], limit: int = 2) -> list[MeetingShown]:
    """Return the meetings of some places that are open or coming, the next first; one query."""
    wanted = tuple(place_ids)
    return list(kept(("coming meetings", wanted, limit), lambda: _coming(wanted, limit)))


def _coming(place_ids: Collection[int], limit: int) -> list[MeetingShown]:
    called = and_(Meeting.state == MeetingState.CALLED, AnnouncementVersion.meeting_at > now() - STILL_COMING)
    query = _rows().where(
        Meeting.place_id.in_(place_ids),
        Announcement.withdrawn_at.is_(None),
        called | and_(Meeting.state == MeetingState.OPEN, Meeting.opened_at > now() - STILL_OPEN),
    )
    return _shown(query.order_by(AnnouncementVersion.meeting_at, Meeting.id).limit(limit))


def to_remind(at: datetime) -> list[int]:
    """Return the meetings that begin within a day and of whose time people were not reminded yet."""
    query = (
        select(Meeting.id)
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(
            AnnouncementVersion,
            and_(
                AnnouncementVersion.announcement_id == Announcement.id,
                AnnouncementVersion.version == Announcement.version,
            ),
        )
        .where(
            Meeting.state == MeetingState.CALLED,
            Announcement.withdrawn_at.is_(None),
            AnnouncementVersion.meeting_at > at,
            AnnouncementVersion.meeting_at <= at + REMINDED,
            Meeting.reminded_for.is_(None) | (Meeting.reminded_for != AnnouncementVersion.meeting_at),
            # Who was told of it a moment ago is not told again.
            AnnouncementVersion.at < at - timedelta(hours=1),
        )
        .order_by(Meeting.id)
    )
    return list(session().scalars(query))


@dataclass(frozen=True)
class ItemShown:
    """An item of an agenda as a reader sees it; a problem that they may not see has neither number nor title."""

    id: int
    position: int
    state: ItemState
    title: str
    number: str
    problem_id: int | None


def agenda(by: Actor, meeting_id: int) -> list[ItemShown]:
    """Return the agenda of a meeting in its order."""
    query = (
        select(MeetingItem, Problem.number, Problem.title)
        .outerjoin(Problem, and_(Problem.id == MeetingItem.problem_id, seen_by(by)))
        .where(MeetingItem.meeting_id == meeting_id)
        .order_by(MeetingItem.position, MeetingItem.id)
    )
    return [
        ItemShown(
            id=item.id,
            position=place,
            state=item.state,
            title=(item.title or title or "") if number or item.problem_id is None else "",
            number=number or "",
            problem_id=item.problem_id if number else None,
        )
        for place, (item, number, title) in enumerate(session().execute(query), 1)
    ]


def attending(by: Actor, meeting_id: int) -> Attendance | None:
    """Return under which number a reader is there."""
    if by.person_id is None:
        return None
    query = select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.person_id == by.person_id)
    return session().scalars(query).one_or_none()


def code_of(meeting_id: int) -> str:
    """Return the code of a meeting, for the wall of its room."""
    return session().scalars(select(Meeting.code).where(Meeting.id == meeting_id)).one()


def calling_places(by: Actor) -> list[Place]:
    """Return the places for which somebody may call a meeting."""
    scopes = sorted({held.scope for held in by.standings if held.role in AUTHORS})
    own = select(Place.id).where(Place.code.in_(scopes))
    query = select(Place).where(Place.code.in_(scopes) | Place.parent_id.in_(own))
    return list(session().scalars(query.order_by(Place.code))) if scopes else []


__all__ = [
    "ALIVE",
    "PAGE",
    "ItemShown",
    "MeetingShown",
    "agenda",
    "attending",
    "calling_places",
    "code_of",
    "coming",
    "listed",
    "meeting",
    "meeting_called_by",
    "to_remind",
]
