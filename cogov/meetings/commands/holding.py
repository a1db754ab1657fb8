"""What every act in a meeting does first: lock the meeting, and say who acts in it and for whom."""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal, select

from cogov.announcements.queries import AnnouncementShown, announcement
from cogov.ground.db import Id, for_change, found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import Event
from cogov.journal.transaction import record
from cogov.meetings.models import Attendance, Meeting, MeetingItem, MeetingMotion
from cogov.meetings.queries.loading import ALIVE
from cogov.meetings.rules.calling import desk_of, why_not_run, why_not_take_part_here
from cogov.meetings.rules.kinds import ItemState
from cogov.meetings.rules.order import why_not_in_session
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_take_part
from cogov.places.queries import place_by_id


def locked(meeting_id: int) -> Meeting:
    """Return a meeting that nobody else changes meanwhile."""
    return found(session().scalars(for_change(select(Meeting).where(Meeting.id == meeting_id))).one_or_none())


def in_session(meeting_id: int) -> Meeting:
    """Return an open meeting, locked."""
    meeting = locked(meeting_id)
    insist(why_not_in_session(meeting.state))
    return meeting


def run_by(by: Actor, meeting_id: int) -> tuple[Meeting, Actor]:
    """Return an open meeting, locked, and its chair or whoever keeps its desk, as they act."""
    meeting = in_session(meeting_id)
    insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
    return meeting, at_the_desk(by, meeting)


def at_the_desk(by: Actor, meeting: Meeting) -> Actor:
    """Return somebody as they act for the organization that called a meeting, or for themselves in the chair."""
    return by.under(desk_of(by, meeting.organization_id))


def notice_of(meeting: Meeting) -> AnnouncementShown:
    """Return the notice of a meeting: when, where, and whether it was called off."""
    return announcement(meeting.announcement_id)


_NOT_PRESENT = Refusal(
    "not_present",
    say("您还没有签到。"),
    what_next=say("在会场请输入大屏上的签到码；在别处请选“线上参加”。"),
    status=403,
)


_LEFT = Refusal("left_already", say("您已经离会了。"), what_next=say("要接着参加，请重新签到。"), status=403)


def own_attendance(by: Actor, meeting: Meeting) -> Attendance:
    """Return under which number somebody was there; refuse who did not check in."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == by.person_id)
    row = session().scalars(query).one_or_none() if by.person_id is not None else None
    insist(None if row is not None else _NOT_PRESENT)
    return found(row)


def acting_for(by: Actor, meeting: Meeting, ordinal: int | None) -> Attendance:
    """Return who acts: oneself, or somebody without a phone for whom the desk does what they say."""
    if ordinal is None:
        # Who checked in may have moved away since.
        insist(why_not_take_part_here(by, place_by_id(meeting.place_id).code))
        row = own_attendance(by, meeting)
        insist(None if row.left_at is None else _LEFT)
        return row
    insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
    row = attendance(meeting.id, ordinal)
    insist(None if row.left_at is None else Refusal("left_already", say("这位已经离会了。")))
    if row.person_id is not None:
        insist(Refusal("acts_for_themselves", say("这位是自己签到的，由本人操作。"), status=403))
    return row


def speaking_for(by: Actor, meeting: Meeting, ordinal: int | None) -> Attendance:
    """Return who speaks or moves; not who is suspended here, though their hand counts as before."""
    insist(why_not_take_part(by, place_by_id(meeting.place_id).code))
    return acting_for(by, meeting, ordinal)


def attendance(meeting_id: int, ordinal: int) -> Attendance:
    """Return who has a number in a meeting."""
    query = select(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.ordinal == literal(ordinal, Id))
    return found(session().scalars(query).one_or_none())


def item_now(meeting: Meeting) -> MeetingItem | None:
    """Return the item on the floor."""
    query = select(MeetingItem).where(MeetingItem.meeting_id == meeting.id, MeetingItem.state == ItemState.NOW)
    return session().scalars(query).one_or_none()


def motion_now(meeting: Meeting, *, amendment: bool = False) -> MeetingMotion | None:
    """Return the motion on the floor, or the amendment that is talked about."""
    of: ColumnElement[bool] = MeetingMotion.amends_id.is_not(None) if amendment else MeetingMotion.amends_id.is_(None)
    query = select(MeetingMotion).where(MeetingMotion.meeting_id == meeting.id, MeetingMotion.state.in_(ALIVE), of)
    return session().scalars(query).one_or_none()


def tell(event: Event, by: Actor, meeting: Meeting, *, problem_id: int | None = None) -> None:
    """Record what happened in a meeting."""
    record(event, by, place_id=meeting.place_id, problem_id=problem_id, subject=("meeting", meeting.id))
