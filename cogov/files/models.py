"""Pictures: what is stored, not what the phone knew about the place and the hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class Picture(Model):
    """A picture drawn anew from the pixels of an upload; ``name`` is the SHA-256 of the stored bytes."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(Id)
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    problem_id: Mapped[int | None] = mapped_column(Id, index=True)


class PictureDraft(Model):
    """A picture that somebody has chosen and not yet sent: theirs alone, for an hour, until faces are covered.

    ``name`` is the SHA-256 of the token that only their page knows, and the name of the file.
    """

    __tablename__ = "picture_draft"
    __table_args__ = (Index("ix_picture_draft_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(Id)
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
