"""Notifications: one per entry of the journal and person; and how much of them a person wants."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.tell.levels import NoticeLevel, NoticeTopic


class Notification(Model):
    """That a person was told of an entry, about which dossier or announcement, and why they of all people.

    ``why`` is a ``tell.levels.Why``, empty on rows older than the reason; ``needs`` says that it asks for an act.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "entry_number"),
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry_number: Mapped[int] = mapped_column(ForeignKey("journal_entry.number"))
    problem_id: Mapped[int | None] = mapped_column(Id)
    announcement_id: Mapped[int | None] = mapped_column(Id)
    why: Mapped[str] = mapped_column(String(16), default="", server_default="")
    needs: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class NoticeChoice(Model):
    """How much a person wants to hear of a kind of notices, where they said so."""

    __tablename__ = "notice_choice"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[NoticeTopic] = mapped_column(choice(NoticeTopic))
    level: Mapped[NoticeLevel] = mapped_column(choice(NoticeLevel))
    since: Mapped[datetime] = mapped_column(Moment)
