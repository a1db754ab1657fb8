"""Reviews of texts with their flags, appeals, and the sealed originals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.moderation.rules import FlagReason, HoldReason, ReviewState, SubjectKind


class Review(Model):
    """The review of one text, named by kind and id; the room it lies in knows nothing of it but this row's id."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state != 'removed' OR reason IS NOT NULL", name="reason"),
        CheckConstraint("state != 'ordered' OR (order_organ != '' AND order_date IS NOT NULL)", name="ordered"),
        CheckConstraint("decided_by IS NULL OR decided_by != author_id", name="not_own"),
        Index("ix_review_subject", "subject", "subject_id"),
        Index("ix_review_place", "place_id", "decided_at"),
        Index("ix_review_author", "author_id", "id"),
        Index("ix_review_problem", "problem_id"),
        Index(
            "uq_review_open",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[SubjectKind] = mapped_column(choice(SubjectKind))
    subject_id: Mapped[int] = mapped_column(Id)
    version: Mapped[int | None]
    """Which version of it stood when it was first flagged, where it has versions."""

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    problem_id: Mapped[int | None] = mapped_column(Id)
    """Bare, as problems lie above."""

    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ReviewState] = mapped_column(choice(ReviewState), default=ReviewState.OPEN)
    held: Mapped[HoldReason | None] = mapped_column(choice(HoldReason))
    above: Mapped[bool] = mapped_column(default=False)
    flags: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[FlagReason | None] = mapped_column(choice(FlagReason))
    words: Mapped[str] = mapped_column(Text, default="")
    """What the author is told, besides the clause."""

    salt: Mapped[str] = mapped_column(String(32), default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    appeal_until: Mapped[datetime | None] = mapped_column(Moment)
    order_organ: Mapped[str] = mapped_column(String(120), default="")
    order_basis: Mapped[str] = mapped_column(String(200), default="")
    order_date: Mapped[date | None] = mapped_column(Date)


class Flag(Model):
    """That a person flagged a text, and why; however often they do it, it is one."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("review_id", "person_id"), Index("ix_flag_person", "person_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[FlagReason] = mapped_column(choice(FlagReason))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)


class SealedWords(Model):
    """The words of a text that was taken down or is held; nowhere else do they stand any more."""

    __tablename__ = "sealed_words"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Cover(Model):
    """That a mark stands where words were: in which field of which text, and by which review.

    Without a review its author took the words back. The mark itself says nothing: anybody can type one.
    """

    __tablename__ = "cover"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "field"), Index("ix_cover_review", "review_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[SubjectKind] = mapped_column(choice(SubjectKind))
    subject_id: Mapped[int] = mapped_column(Id)
    field: Mapped[str] = mapped_column(String(40))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))


class ReviewAppeal(Model):
    """The author's appeal, and what a second person answered."""

    __tablename__ = "review_appeal"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name="answered"),
        CheckConstraint("answered_by IS NULL OR answered_by != person_id", name="not_own"),
        Index("ix_review_appeal_person", "person_id"),
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(Text, default="")
    granted: Mapped[bool | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class WritingBlock(Model):
    """That a person may not write in a topic, or in a place, until a day: under which clause, why, and their appeal."""

    __tablename__ = "writing_block"
    __table_args__ = (
        CheckConstraint("blocked_by <> person_id", name="not_own"),
        CheckConstraint("answered_by IS NULL OR answered_by <> blocked_by", name="second_person"),
        CheckConstraint("(answered_at IS NULL) = (granted IS NULL)", name="answered"),
        Index("ix_writing_block_person", "person_id", "until"),
        Index("ix_writing_block_place", "place_id", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    problem_id: Mapped[int | None] = mapped_column(Id)
    """The topic it is about; none where it is about the whole place."""

    reason: Mapped[FlagReason] = mapped_column(choice(FlagReason))
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    blocked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    blocked_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(Text, default="")
    granted: Mapped[bool | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
