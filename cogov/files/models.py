"""Pictures and documents: what is stored, not what the phone knew about the place and the hour."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cogov.files.rules.documents import TITLE_LENGTH
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


class Document(Model):
    """A PDF written anew from the pages of an upload; ``name`` is the SHA-256 of the stored bytes."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("pages > 0 AND size > 0", name="pages"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    pages: Mapped[int]
    size: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(Id, index=True)
    uploaded_at: Mapped[datetime] = mapped_column(Moment)


class DiscardedFile(Model):
    """The name of bytes that perhaps no row points to any more; they are deleted after the act that let go of them."""

    __tablename__ = "discarded_file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))


class PictureDraft(Model):
    """A picture or document that somebody has chosen and not yet sent: theirs alone, for an hour.

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
    title: Mapped[str | None] = mapped_column(String(TITLE_LENGTH))
    """What a document is called; none of a picture."""

    pages: Mapped[int | None]
