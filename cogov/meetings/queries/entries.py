"""What the journal's sentences about meetings need, and what a person is given of what is kept about them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cogov.announcements.models import Announcement, AnnouncementVersion
from cogov.ground.copies import Copies, copies
from cogov.ground.db import session
from cogov.journal.reading import Entry
from cogov.meetings.models import (
    Attendance,
    Meeting,
    MeetingHand,
    MeetingMotion,
    MeetingNote,
    MeetingTurn,
    Minutes,
    MinutesSignature,
    MinutesVersion,
)

ABOUT = (Attendance.person_id, MeetingNote.person_id, MinutesVersion.person_id)
"""Columns that say whose a row is."""

DONE = (Meeting.chair_id, Attendance.entered_by, Minutes.final_by)
"""Columns that say who acted on a row that is about others."""


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return title and time of its meeting for each entry, and the words of a motion or a note."""
    meetings = {int(entry.facts["meeting"]) for entry in entries if "meeting" in entry.facts}
    motions = {int(entry.facts["motion"]) for entry in entries if entry.facts.get("motion")}
    if not meetings:
        return {}
    told = (
        select(Meeting.id, AnnouncementVersion.title, AnnouncementVersion.meeting_at)
        .join(Announcement, Announcement.id == Meeting.announcement_id)
        .join(AnnouncementVersion, AnnouncementVersion.announcement_id == Announcement.id)
        .where(Meeting.id.in_(meetings), AnnouncementVersion.version == Announcement.version)
    )
    titles = {id_: (title, begins) for id_, title, begins in session().execute(told)}
    said = select(MeetingMotion.id, MeetingMotion.text).where(MeetingMotion.id.in_(motions))
    texts = dict(session().execute(said).all()) if motions else {}
    found: dict[int, dict[str, object]] = {}
    for entry in entries:
        title, begins = titles.get(int(entry.facts.get("meeting", 0)), ("", None))
        text = texts.get(int(entry.facts.get("motion") or 0), "")
        found[entry.number] = {
            "meeting": entry.facts.get("meeting"),
            "title": title,
            "begins": begins,
            "motion": text,
            "words": "",
        }
    return found


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here, with what they did under their number."""
    own = select(Attendance.id).where(Attendance.person_id == person_id)
    found = copies(person_id, ABOUT, DONE)
    return found | {
        "meeting_motion": [
            {"meeting_id": row.meeting_id, "text": row.text, "state": row.state.value, "at": row.at.isoformat()}
            for row in session().scalars(
                select(MeetingMotion).where(MeetingMotion.mover_id.in_(own)).order_by(MeetingMotion.id)
            )
        ],
        "meeting_turn": [
            {"meeting_id": row.meeting_id, "side": row.side.value, "at": row.asked_at.isoformat()}
            for row in session().scalars(
                select(MeetingTurn).where(MeetingTurn.attendance_id.in_(own)).order_by(MeetingTurn.id)
            )
        ],
        "meeting_hand": [
            {"motion_id": row.motion_id, "hand": row.hand.value, "at": row.at.isoformat()}
            for row in session().scalars(
                select(MeetingHand).where(MeetingHand.attendance_id.in_(own)).order_by(MeetingHand.id)
            )
        ],
        "meeting_signature": [
            {"meeting_id": row.meeting_id, "agrees": row.agrees, "reason": row.reason, "at": row.at.isoformat()}
            for row in session().scalars(
                select(MinutesSignature).where(MinutesSignature.attendance_id.in_(own)).order_by(MinutesSignature.id)
            )
        ],
    }
