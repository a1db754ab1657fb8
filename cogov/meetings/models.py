"""Meetings: agenda, who is there, motions and what follows, turns, hands, notes, and the minutes with their versions.

Title, time and place of a meeting stand in its notice, an announcement; it is moved and called off there.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.meetings.rules.kinds import (
    Category,
    FollowUp,
    Hand,
    ItemState,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    NoteKind,
    Presence,
    Stand,
    TurnState,
)

_ITEM_NOW = text("state = 'now'")
_MOTION_ALIVE = text("amends_id IS NULL AND state IN ('open', 'hands')")
_AMENDMENT_ALIVE = text("amends_id IS NOT NULL AND state IN ('open', 'hands')")
_SPEAKING = text("state = 'speaking'")
_WAITING = text("state = 'waiting'")
_PERSON = text("person_id IS NOT NULL")
_OPEN = text("final_at IS NULL")


class Meeting(Model):
    """A meeting of a place; ``chair_id`` is who presides now, ``code`` what is typed at the door."""

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_place", "place_id", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState), default=MeetingState.CALLED)
    code: Mapped[str] = mapped_column(String(6))
    turn_seconds: Mapped[int]
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    reminded_for: Mapped[datetime | None] = mapped_column(Moment)
    quorum: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many residents and owners must be there when hands are raised; 0: as many as come."""


class MeetingItem(Model):
    """One item of an agenda: a problem, or a matter of its own; one at a time is on the floor."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        Index("ix_meeting_item_meeting", "meeting_id", "position"),
        Index("ix_meeting_item_problem", "problem_id"),
        Index("uq_meeting_item_now", "meeting_id", unique=True, sqlite_where=_ITEM_NOW, postgresql_where=_ITEM_NOW),
        UniqueConstraint("meeting_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    position: Mapped[int]
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problem.id"))
    title: Mapped[str] = mapped_column(String(160), default="")
    state: Mapped[ItemState] = mapped_column(choice(ItemState), default=ItemState.WAITING)


class Attendance(Model):
    """That somebody is there, under a number of this meeting; who has no phone is entered by the desk under a label."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "ordinal"),
        Index(
            "uq_meeting_attendance_person",
            "meeting_id",
            "person_id",
            unique=True,
            sqlite_where=_PERSON,
            postgresql_where=_PERSON,
        ),
        Index("ix_meeting_attendance_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    ordinal: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    category: Mapped[Category] = mapped_column(choice(Category))
    presence: Mapped[Presence] = mapped_column(choice(Presence))
    label: Mapped[str] = mapped_column(String(40), default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when they are gone; empty while they are there."""


class MeetingMotion(Model):
    """A motion, or with ``amends_id`` new wording for one; ``before`` is the wording that an amendment replaced."""

    __tablename__ = "meeting_motion"
    __table_args__ = (
        Index("ix_meeting_motion_meeting", "meeting_id", "id"),
        Index(
            "uq_meeting_motion_alive",
            "meeting_id",
            unique=True,
            sqlite_where=_MOTION_ALIVE,
            postgresql_where=_MOTION_ALIVE,
        ),
        Index(
            "uq_meeting_amendment_alive",
            "meeting_id",
            unique=True,
            sqlite_where=_AMENDMENT_ALIVE,
            postgresql_where=_AMENDMENT_ALIVE,
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("meeting_item.id"))
    mover_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_motion.id"))
    reconsiders_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_motion.id"))
    text: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    state: Mapped[MeetingMotionState] = mapped_column(choice(MeetingMotionState), default=MeetingMotionState.OPEN)
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    present: Mapped[int | None]
    """How many residents and owners were there when its hands were counted."""


class MeetingOutcome(Model):
    """What followed from a motion that a meeting carried: a task, a motion to be voted on, a case of a public body."""

    __tablename__ = "meeting_outcome"
    __table_args__ = (
        Index("ix_meeting_outcome_meeting", "meeting_id", "id"),
        Index("ix_meeting_outcome_motion", "motion_id", "id"),
        UniqueConstraint("kind", "subject_id", "motion_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    motion_id: Mapped[int] = mapped_column(ForeignKey("meeting_motion.id"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    kind: Mapped[FollowUp] = mapped_column(choice(FollowUp))
    subject_id: Mapped[int] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Moment)


class MeetingTurn(Model):
    """A turn to speak, from asking for it to its end."""

    __tablename__ = "meeting_turn"
    __table_args__ = (
        Index("ix_meeting_turn_meeting", "meeting_id", "state"),
        Index(
            "uq_meeting_turn_speaking", "meeting_id", unique=True, sqlite_where=_SPEAKING, postgresql_where=_SPEAKING
        ),
        Index(
            "uq_meeting_turn_waiting", "attendance_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("meeting_item.id"))
    motion_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_motion.id"))
    attendance_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id"))
    side: Mapped[Stand] = mapped_column(choice(Stand))
    state: Mapped[TurnState] = mapped_column(choice(TurnState), default=TurnState.WAITING)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    prompted_at: Mapped[datetime | None] = mapped_column(Moment)


class MeetingHand(Model):
    """One hand on one motion, which may be raised otherwise until the hands are counted."""

    __tablename__ = "meeting_hand"
    __table_args__ = (UniqueConstraint("motion_id", "attendance_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("meeting_motion.id"))
    attendance_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id"))
    hand: Mapped[Hand] = mapped_column(choice(Hand))
    at: Mapped[datetime] = mapped_column(Moment)


class MeetingNote(Model):
    """What the desk wrote down of an item: a point, what was agreed, a task somebody wishes for."""

    __tablename__ = "meeting_note"
    __table_args__ = (Index("ix_meeting_note_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("meeting_item.id"))
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Minutes(Model):
    """The minutes of a meeting; ``version`` is the one that holds now."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (
        CheckConstraint("(state = 'final') = (final_at IS NOT NULL)", name="final"),
        Index("ix_meeting_minutes_open", "meeting_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[MinutesState] = mapped_column(choice(MinutesState), default=MinutesState.DRAFT)
    signing_since: Mapped[datetime | None] = mapped_column(Moment)
    final_at: Mapped[datetime | None] = mapped_column(Moment)
    final_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MinutesVersion(Model):
    """The words of the minutes as they stood from a moment on; nobody wrote the first, it was drafted."""

    __tablename__ = "meeting_minutes_version"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)


class MinutesSignature(Model):
    """That somebody who was there endorses a version of the minutes, or objects and says why."""

    __tablename__ = "meeting_signature"
    __table_args__ = (UniqueConstraint("meeting_id", "version", "attendance_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    attendance_id: Mapped[int] = mapped_column(ForeignKey("meeting_attendance.id"))
    agrees: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400), default="")
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
