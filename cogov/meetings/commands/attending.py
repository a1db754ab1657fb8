"""Coming in by the code on the wall or online, being entered by the desk, and handing over the chair."""

from __future__ import annotations

import hashlib
import secrets
from hmac import compare_digest

from sqlalchemy import func, select, update

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands.holding import at_the_desk, attendance, in_session, locked, own_attendance, run_by, tell
from cogov.meetings.events import AttendanceEnded, AttendanceNoted, ChairHandedOver, MeetingCodeRenewed
from cogov.meetings.models import Attendance, Meeting, MeetingTurn
from cogov.meetings.rules.calling import (
    why_not_check_in,
    why_not_leave,
    why_not_preside,
    why_not_run,
    why_not_take_part_here,
    why_not_try_code,
)
from cogov.meetings.rules.kinds import ENTERED, LABEL_LENGTH, Category, MeetingState, Presence, TurnState, category_of
from cogov.people.commands import forget_password_tries, note_password_try
from cogov.people.queries import password_tries
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_id


def _next(meeting: Meeting) -> int:
    return (session().scalar(select(func.max(Attendance.ordinal)).where(Attendance.meeting_id == meeting.id)) or 0) + 1


def let_in(by: Actor, meeting: Meeting, presence: Presence) -> Attendance:
    """Note that somebody is there; the meeting is locked, so everybody gets a number of their own."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == by.person_id)
    row = session().scalars(query).one_or_none()
    if row is not None:
        if row.presence is presence and row.left_at is None:
            return row
        row.presence, row.left_at = presence, None
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


def code_key(meeting: Meeting, person_id: int | None = None) -> str:
    """Return under what wrong codes are counted: for one person, or for all; a renewed code begins anew."""
    who = "all" if person_id is None else str(person_id)
    return hashlib.sha256(f"cogov.meeting\x1f{meeting.id}\x1f{meeting.code}\x1f{who}".encode()).hexdigest()


def check_in(by: Actor, meeting_id: int, *, presence: Presence, code: str = "", once: str | None = None) -> Attendance:
    """Take part in a meeting: in its room by the code shown there, or online; acting for whom, the standing says.

    A try of the code is counted in a transaction of its own before the code is looked at, so that many at once count
    as many and a refusal takes none of them back.
    """
    meeting = found(session().get(Meeting, meeting_id))
    if presence is not Presence.ROOM or meeting.state is not MeetingState.OPEN:
        return _checked_in(by, meeting_id, presence, code, once)
    # Who may not take part has no try to lose, and takes none of those who may.
    insist(why_not_take_part_here(by, place_by_id(meeting.place_id).code))
    own, everybody = code_key(meeting, by.person_id), code_key(meeting)
    note_password_try(by, own)
    insist(why_not_try_code(own=password_tries(own), everybody=password_tries(everybody)))
    if not _fits(meeting, code):
        note_password_try(by, everybody)
    row = _checked_in(by, meeting_id, presence, code, once)
    forget_password_tries(by, own)
    return row


def _fits(meeting: Meeting, code: str) -> bool:
    return compare_digest(code.strip().encode(), meeting.code.encode())


@verb
def _checked_in(by: Actor, meeting_id: int, presence: Presence, code: str, once: str | None) -> Attendance:
    insist_once(by, once)
    meeting = locked(meeting_id)
    insist(why_not_take_part_here(by, place_by_id(meeting.place_id).code))
    fits = _fits(meeting, code)
    insist(why_not_check_in(meeting.state, code_needed=presence is Presence.ROOM, code_fits=fits))
    return let_in(by, meeting, presence)


@verb
def check_out(by: Actor, meeting_id: int, *, ordinal: int | None = None, once: str | None = None) -> Attendance:
    """Leave a meeting before it is over: oneself, or who went away as whoever runs it sees.

    Hands that were raised stay; who is gone waits in no queue, and counts no more among those who are there.
    """
    insist_once(by, once)
    meeting = in_session(meeting_id)
    if ordinal is None:
        row, doer = own_attendance(by, meeting), by.under(None)
    else:
        insist(why_not_run(by, meeting.organization_id, meeting.chair_id))
        row, doer = attendance(meeting.id, ordinal), at_the_desk(by, meeting)
    presides = row.person_id is not None and row.person_id == meeting.chair_id
    insist(why_not_leave(meeting.state, presides=presides, gone=row.left_at is not None))
    row.left_at = at = now()
    ends = ((TurnState.SPEAKING, TurnState.DONE), (TurnState.WAITING, TurnState.WITHDRAWN))
    for state, then in ends:
        own = (MeetingTurn.attendance_id == row.id, MeetingTurn.state == state)
        session().execute(update(MeetingTurn).where(*own).values(state=then, ended_at=at))
    tell(AttendanceEnded(meeting.id, row.ordinal), doer, meeting)
    return row


@verb
def come_back(by: Actor, meeting_id: int, *, ordinal: int, once: str | None = None) -> Attendance:
    """Note that somebody without a phone is there again; all others check in again by themselves."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    row = attendance(meeting.id, ordinal)
    away = row.person_id is None and row.left_at is not None
    insist(None if away else Refusal("acts_for_themselves", say("这位没有离会，或者要由本人重新签到。")))
    row.left_at = None
    tell(AttendanceNoted(meeting.id, row.ordinal, row.category, row.presence, True), by, meeting)
    return row


def new_code() -> str:
    """Return six digits for the wall."""
    return f"{secrets.randbelow(10**6):06d}"


@verb
def renew_code(by: Actor, meeting_id: int, *, once: str | None = None) -> Meeting:
    """Replace the check-in code, where it was read out or wrong ones were tried; who is there stays."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    meeting.code = new_code()
    tell(MeetingCodeRenewed(meeting.id), by, meeting)
    return meeting


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
    present = row.person_id is not None and row.left_at is None
    insist(why_not_preside(present=present, presides=present and row.person_id == meeting.chair_id))
    meeting.chair_id = row.person_id
    tell(ChairHandedOver(meeting.id, row.ordinal), by, meeting)
    return meeting
