"""What followed from the motions that meetings carried, and from which meeting something comes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.ground.db import session
from cogov.ground.words import Words
from cogov.meetings.models import Attendance, Meeting, MeetingItem, MeetingMotion, MeetingOutcome
from cogov.meetings.rules.calling import desk_of
from cogov.meetings.rules.kinds import FollowUp, MeetingMotionState
from cogov.people.rules import Actor

Called = Callable[[Collection[int]], Mapping[int, tuple[str, Words]]]
"""Gives title and state of some things of one kind."""

_called: dict[FollowUp, Called] = {}


def outcomes_called(by: Mapping[FollowUp, Called]) -> None:
    """Say who knows what the things are called that follow from meetings; done once by ``create_app``."""
    _called.update(by)


@dataclass(frozen=True)
class OutcomeShown:
    """A thing that followed from a motion, as it stands now."""

    motion_id: int
    kind: FollowUp
    subject_id: int
    at: datetime
    title: str
    state: Words | None


def outcomes_of(motion_ids: Collection[int]) -> dict[int, list[OutcomeShown]]:
    """Return what followed from some motions, the first thing first; one query, and one for each kind found."""
    if not motion_ids:
        return {}
    query = select(MeetingOutcome).where(MeetingOutcome.motion_id.in_(motion_ids)).order_by(MeetingOutcome.id)
    rows = session().scalars(query).all()
    named: dict[tuple[FollowUp, int], tuple[str, Words]] = {}
    for kind, called in _called.items():
        ids = {row.subject_id for row in rows if row.kind is kind}
        named |= {(kind, id_): said for id_, said in called(ids).items()} if ids else {}
    found: dict[int, list[OutcomeShown]] = {}
    for row in rows:
        title, state = named.get((row.kind, row.subject_id), ("", None))
        shown = OutcomeShown(row.motion_id, row.kind, row.subject_id, row.at, title, state)
        found.setdefault(row.motion_id, []).append(shown)
    return found


@dataclass(frozen=True)
class Carried:
    """A motion that a meeting carried, where something is made of it or came from it."""

    meeting_id: int
    motion_id: int
    title: str
    """Title of the meeting."""
    text: str
    at: datetime | None


def _carried(*where: object) -> Carried | None:
    query = (
        select(MeetingMotion, AnnouncementVersion.title)
        .join(Meeting, Meeting.id == MeetingMotion.meeting_id)
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(
            AnnouncementVersion,
            and_(
                AnnouncementVersion.announcement_id == Announcement.id,
                AnnouncementVersion.version == Announcement.version,
            ),
        )
        .where(*where)  # type: ignore[arg-type]
        .limit(1)
    )
    row = session().execute(query).first()
    if row is None:
        return None
    motion, title = row
    return Carried(motion.meeting_id, motion.id, title, motion.text, motion.decided_at)


def carried_on(problem_id: int, motion_id: int | None) -> Carried | None:
    """Return a motion that a meeting carried on a problem, for whoever wants to make something of it."""
    if motion_id is None:
        return None
    item = select(MeetingItem.id).where(MeetingItem.problem_id == problem_id)
    return _carried(
        MeetingMotion.id == motion_id,
        MeetingMotion.state == MeetingMotionState.PASSED,
        MeetingMotion.amends_id.is_(None),
        MeetingMotion.item_id.in_(item),
    )


def origin_of(kind: FollowUp, subject_id: int) -> Carried | None:
    """Return the motion of a meeting from which something followed; its problem is the same, and so is who sees it."""
    source = select(MeetingOutcome.motion_id).where(
        MeetingOutcome.kind == kind, MeetingOutcome.subject_id == subject_id
    )
    return _carried(MeetingMotion.id.in_(source))


def was_there(by: Actor, meeting: Meeting) -> tuple[bool, bool]:
    """Say whether somebody was in a meeting, and whether they serve who called it."""
    query = select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == by.person_id)
    there = by.person_id is not None and session().scalar(query) is not None
    return there, desk_of(by, meeting.organization_id) is not None


def counted_outcomes(motion_id: int) -> dict[FollowUp, int]:
    """Return how much of each kind followed from a motion."""
    query = (
        select(MeetingOutcome.kind, func.count())
        .where(MeetingOutcome.motion_id == motion_id)
        .group_by(MeetingOutcome.kind)
    )
    return dict(session().execute(query).all())
