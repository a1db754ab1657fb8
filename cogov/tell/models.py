"""Notifications: one per entry of the journal and person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class Notification(Model):
    """That a person was told of an entry."""

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
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
