"""What may change the course of a vote or its result: acts of two people, and objections."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.law import Annuller
from cogov.ground.db import Id, Model, Moment, choice


class CourseAct(Model):
    """Closing at another hour or annulling: asked for by one with the reason, in force when a second person signs."""

    __tablename__ = "course_act"
    __table_args__ = (
        CheckConstraint("NOT agreed OR settled_by != asked_by", name="second_person"),
        CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name="settled"),
        Index("ix_course_act_decision", "decision_id", "id"),
        Index(
            "uq_course_act_open",
            "decision_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[CourseKind] = mapped_column(choice(CourseKind))
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    annuller: Mapped[Annuller | None] = mapped_column(choice(Annuller))
    document: Mapped[str] = mapped_column(String(120), default="")
    dated: Mapped[date | None] = mapped_column(Date)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]


class Objection(Model):
    """What a member of the electorate objects to a result before it takes effect, and what they were answered."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("decision_id", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
