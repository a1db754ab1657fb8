"""Coming in by the code on the wall or online, being entered by the desk, and handing over the chair."""

from __future__ import annotations

from hmac import compare_digest

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands.holding import attendance, locked, run_by, tell
from cogov.meetings.events import AttendanceNoted, ChairHandedOver
from cogov.meetings.models import Attendance, Meeting
from cogov.meetings.rules.calling import why_not_check_in, why_not_preside, why_not_take_part_here
from cogov.meetings.rules.kinds import ENTERED, LABEL_LENGTH, Category, Presence, category_of
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_id


def _next(meeting: Meeting) -> int:
    return (session().scalar(select(func.max(Attendance.ordinal)).where(Attendance.meeting_id == meeting.id)) or 0) + 1


def let_in(by: Actor, meeting: Meeting, presence: Presence) -> Attendance:
    """Note that somebody is there; the meeting is locked, so everybody gets a number of their own."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == by.person_id)
    row = session().scalars(query).one_or_none()
    if row is not None:
        if row.presence is presence:
            return row
        row.presence = presence
    else:
        standing = by.acting if by.organization_id is not None else None
        owns = by.holds(place_by_id(meeting.place_id).code, Role.OWNER)
        row = Attendance(
            meeting_id=meeting.id,
            ordinal=_next(meeting),
            person_id=by.person_id,
            standing_id=standing.id if standing else None,
            category=category_of(standing, owns=owns),
            presence=presence,
            at=now(),
        )
        session().add(row)
        session().flush()
    tell(AttendanceNoted(meeting.id, row.ordinal, row.category, presence, False), by, meeting)
    return row


@verb
def check_in(by: Actor, meeting_id: int, *, presence: Presence, code: str = "", once: str | None = None) -> Attendance:
    """Take part in a meeting: in its room by the code shown there, or online; acting for whom, the standing says."""
    insist_once(by, once)
    meeting = locked(meeting_id)
    insist(why_not_take_part_here(by, place_by_id(meeting.place_id).code))
    fits = compare_digest(code.strip().encode(), meeting.code.encode())
    insist(why_not_check_in(meeting.state, code_needed=presence is Presence.ROOM, code_fits=fits))
    return let_in(by, meeting, presence)


@verb
def enter_attendee(
    by: Actor, meeting_id: int, *, label: str, category: Category, once: str | None = None
) -> Attendance:
    """Enter somebody in the room who has no phone, under the unit or pseudonym that they give."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    label = tidy(label)
    fits = category in ENTERED
    insist(None if fits else Refusal("choice_missing", say("在会场登记的人，只能登记为居民或业主。"), status=422))
    insist(why_not_wording(label, longest=LABEL_LENGTH, what=say("称呼")))
    row = Attendance(
        meeting_id=meeting.id,
        ordinal=_next(meeting),
        category=category,
        presence=Presence.ROOM,
        label=label,
        entered_by=by.person_id,
        at=now(),
    )
    session().add(row)
    session().flush()
    tell(AttendanceNoted(meeting.id, row.ordinal, category, Presence.ROOM, True), by, meeting)
    return row


@verb
def hand_over_chair(by: Actor, meeting_id: int, *, ordinal: int, once: str | None = None) -> Meeting:
    """Hand the chair to somebody else who is there, so that who presided may take part."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    row = attendance(meeting.id, ordinal)
    present = row.person_id is not None
    insist(why_not_preside(present=present, presides=present and row.person_id == meeting.chair_id))
    meeting.chair_id = row.person_id
    tell(ChairHandedOver(meeting.id, row.ordinal), by, meeting)
    return meeting
