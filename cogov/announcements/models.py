"""Announcements and the versions of their words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.announcements.rules import AnnouncementKind
from cogov.ground.db import Id, Model, Moment, choice


class Announcement(Model):
    """What an organization announces to everybody at a place; ``version`` is the one that holds now."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index("ix_announcement_current", "place_id", "until"),
        Index("ix_announcement_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[AnnouncementKind] = mapped_column(choice(AnnouncementKind))
    pinned: Mapped[bool] = mapped_column(default=False)
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problem.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    standing_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawal: Mapped[str] = mapped_column(String(400), default="")
    salt: Mapped[str] = mapped_column(String(32))


class AnnouncementVersion(Model):
    """The words of an announcement as they stood from a moment on; a correction says why it was made."""

    __tablename__ = "announcement_version"
    __table_args__ = (UniqueConstraint("announcement_id", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    meeting_at: Mapped[datetime | None] = mapped_column(Moment)
    meeting_spot: Mapped[str] = mapped_column(String(240), default="")
    until: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(400), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
