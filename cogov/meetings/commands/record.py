"""Writing down: notes of the desk, the minutes and their versions, signing and settling them."""

from __future__ import annotations

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.meetings.commands.flagging import covered_in, marks_in
from cogov.meetings.commands.holding import at_the_desk, locked, own_attendance, run_by, tell
from cogov.meetings.events import (
    MeetingMinutesPutOut,
    MeetingMinutesSettled,
    MeetingMinutesSigned,
    MeetingMinutesWritten,
    MeetingNoted,
)
from cogov.meetings.models import (
    Attendance,
    Meeting,
    MeetingItem,
    MeetingNote,
    Minutes,
    MinutesSignature,
    MinutesVersion,
)
from cogov.meetings.queries.records import hidden_from
from cogov.meetings.rules.calling import why_not_note, why_not_write
from cogov.meetings.rules.covering import told_anew, unveiled
from cogov.meetings.rules.kinds import (
    MINUTES_LENGTH,
    NOTE_LENGTH,
    REASON_LENGTH,
    ItemState,
    MinutesState,
    NoteKind,
)
from cogov.meetings.rules.record import why_not_edit, why_not_put_out, why_not_settle, why_not_sign
from cogov.moderation.rules import mask
from cogov.people.rules import Actor


@verb
def note_down(
    by: Actor, meeting_id: int, item_id: int, *, kind: NoteKind, text: str, once: str | None = None
) -> MeetingNote:
    """Write down a point, what was agreed, or a task that somebody wishes for."""
    insist_once(by, once)
    meeting, by = run_by(by, meeting_id)
    query = select(MeetingItem).where(MeetingItem.id == item_id, MeetingItem.meeting_id == meeting.id)
    item = found(session().scalars(query).one_or_none())
    insist(why_not_note(taken_up=item.state is not ItemState.WAITING))
    text = mask(tidy(text)).text
    insist(why_not_wording(text, longest=NOTE_LENGTH, what=say("要记的话")))
    row = MeetingNote(
        meeting_id=meeting.id,
        item_id=item.id,
        kind=kind,
        text=text,
        salt=salt(),
        person_id=found(by.person_id),
        at=now(),
    )
    session().add(row)
    session().flush()
    tell(MeetingNoted(meeting.id, item.id, row.id, kind, commit_to(row.salt, text)), by, meeting)
    return row


def _minutes_for_change(meeting: Meeting) -> Minutes | None:
    query = select(Minutes).where(Minutes.meeting_id == meeting.id)
    return session().scalars(for_change(query)).one_or_none()


def _written_by(by: Actor, meeting_id: int) -> tuple[Meeting, Minutes, Actor]:
    meeting = locked(meeting_id)
    insist(why_not_write(by, meeting.organization_id))
    minutes = _minutes_for_change(meeting)
    insist(why_not_edit(meeting.state, minutes.state if minutes else None))
    return meeting, found(minutes), at_the_desk(by, meeting)


def _text(minutes: Minutes) -> str:
    query = select(MinutesVersion.text).where(
        MinutesVersion.meeting_id == minutes.meeting_id, MinutesVersion.version == minutes.version
    )
    return session().scalars(query).one()


def _minuted(meeting_id: int, text: str) -> str:
    """Return minutes as they may be read: with the marks of what is down, also where somebody wrote its words."""
    return told_anew(mask(text, marks=marks_in(meeting_id)).text, (), covered_in(meeting_id))


@verb
def write_minutes(by: Actor, meeting_id: int, *, text: str, once: str | None = None) -> Minutes:
    """Give the minutes a new version; where people were signing, they are asked anew."""
    insist_once(by, once)
    meeting, minutes, by = _written_by(by, meeting_id)
    # Whoever may not see a problem does not take out what they could not read.
    text = unveiled(tidy(text), hidden_from(by, meeting.id), _text(minutes))
    text = _minuted(meeting.id, text)
    insist(why_not_wording(text, longest=MINUTES_LENGTH, what=say("纪要")))
    insist(None if text != _text(minutes) else Refusal("nothing_changed", say("内容和原来一样。"), status=422))
    at = now()
    minutes.version += 1
    version = MinutesVersion(
        meeting_id=meeting.id, version=minutes.version, text=text, person_id=by.person_id, salt=salt(), at=at
    )
    session().add(version)
    session().flush()
    tell(MeetingMinutesWritten(meeting.id, minutes.version, commit_to(version.salt, text)), by, meeting)
    if minutes.state is MinutesState.SIGNING:
        minutes.signing_since = at
        _ask_to_sign(by, meeting, minutes)
    return minutes


def _ask_to_sign(by: Actor, meeting: Meeting, minutes: Minutes) -> None:
    record(
        MeetingMinutesPutOut(meeting.id, minutes.version),
        by,
        place_id=meeting.place_id,
        subject=("announcement", meeting.announcement_id),
    )


@verb
def put_out_minutes(by: Actor, meeting_id: int, *, once: str | None = None) -> Minutes:
    """Ask those who were there to sign the minutes."""
    insist_once(by, once)
    meeting, minutes, by = _written_by(by, meeting_id)
    insist(why_not_put_out(minutes.state))
    minutes.state, minutes.signing_since = MinutesState.SIGNING, now()
    _ask_to_sign(by, meeting, minutes)
    return minutes


@verb
def sign_minutes(
    by: Actor, meeting_id: int, *, agrees: bool, reason: str = "", once: str | None = None
) -> MinutesSignature:
    """Endorse the minutes, or object and say why; each who was there once for each version."""
    insist_once(by, once)
    meeting = locked(meeting_id)
    minutes, reason = _minutes_for_change(meeting), mask(tidy(reason)).text
    insist(why_not_wording(reason, longest=REASON_LENGTH, least=0, what=say("理由")))
    query = select(Attendance.id).where(Attendance.meeting_id == meeting.id, Attendance.person_id == by.person_id)
    present = by.person_id is not None and session().scalar(query) is not None
    insist(why_not_sign(minutes.state if minutes else None, present=present, agrees=agrees, reason=reason))
    who = own_attendance(by, meeting)
    row = MinutesSignature(
        meeting_id=meeting.id,
        version=found(minutes).version,
        attendance_id=who.id,
        agrees=agrees,
        reason="" if agrees else reason,
        salt=salt(),
        at=now(),
    )
    with unless_taken(Refusal("signed_already", say("这一版您已经签过了。"))):
        session().add(row)
    words = commit_to(row.salt, row.reason)
    tell(MeetingMinutesSigned(meeting.id, row.version, who.ordinal, agrees, words), by.under(None), meeting)
    return row


@verb
def settle_minutes(by: Actor, meeting_id: int, *, once: str | None = None) -> Minutes:
    """Make the minutes final; every problem that was on the agenda hears of it."""
    insist_once(by, once)
    meeting, minutes, by = _written_by(by, meeting_id)
    endorsed, objected = _signed(minutes)
    of = (Attendance.meeting_id == meeting.id, Attendance.person_id.is_not(None))
    present = session().scalar(select(func.count()).where(*of)) or 0
    at = now()
    signed = endorsed + objected
    insist(why_not_settle(minutes.state, signed=signed, present=present, since=minutes.signing_since, now=at))
    minutes.state, minutes.final_at, minutes.final_by = MinutesState.FINAL, at, by.person_id
    items = session().execute(
        select(MeetingItem.id, MeetingItem.problem_id).where(
            MeetingItem.meeting_id == meeting.id, MeetingItem.problem_id.is_not(None)
        )
    )
    about: list[tuple[int | None, int | None]] = [(item, problem) for item, problem in items] or [(None, None)]
    for item_id, problem_id in about:
        event = MeetingMinutesSettled(meeting.id, item_id, minutes.version, endorsed, objected)
        tell(event, by, meeting, problem_id=problem_id)
    return minutes


def _signed(minutes: Minutes) -> tuple[int, int]:
    query = (
        select(MinutesSignature.agrees, func.count())
        .where(MinutesSignature.meeting_id == minutes.meeting_id, MinutesSignature.version == minutes.version)
        .group_by(MinutesSignature.agrees)
    )
    found_ = dict(session().execute(query).all())
    return found_.get(True, 0), found_.get(False, 0)
