"""Messages, concerns with their answers, and solutions with their versions; all hang on a problem."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.messages import MessageKind, MessageState


class Message(Model):
    """A message in the thread of a problem, or a reply to one (one level)."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_problem_top",
            "problem_id",
            "id",
            sqlite_where=text("reply_to_id IS NULL"),
            postgresql_where=text("reply_to_id IS NULL"),
        ),
        Index("ix_message_problem", "problem_id", "person_id"),
        Index("ix_message_reply", "reply_to_id", "id"),
        Index("ix_message_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind))
    text: Mapped[str] = mapped_column(Text)
    """Empty while it does not stand: what was taken down lies sealed (`cogov.moderation`)."""

    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MessageState] = mapped_column(
        choice(MessageState), default=MessageState.SHOWN, server_default="shown"
    )
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    """The last review of it, if anybody ever asked for one."""


class Concern(Model):
    """A serious concern: the harm, and what would remove it; it blocks a vote until it is answered."""

    __tablename__ = "concern"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        Index(
            "ix_concern_open",
            "problem_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    harm: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[ConcernState] = mapped_column(choice(ConcernState), default=ConcernState.OPEN)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)


class ConcernAnswer(Model):
    """The answer to a concern, or the chair's reason to overrule it, which waits for a second person.

    A concern may have one of each: a proposal to overrule that nobody agreed to stays on record beside the answer.
    """

    __tablename__ = "concern_answer"
    __table_args__ = (
        UniqueConstraint("concern_id", "overrules"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> person_id", name="second_person"),
        CheckConstraint("agreed_by IS NULL OR overrules", name="agreed_overrules"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"))
    overrules: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    solution_version_id: Mapped[int | None] = mapped_column(ForeignKey("solution_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    agreed_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)


class Solution(Model):
    """A proposed solution; what it says stands in its versions."""

    __tablename__ = "solution"
    __table_args__ = (UniqueConstraint("problem_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class SolutionVersion(Model):
    """One version of a solution: what is done, what it costs (in fen), whether a permit is needed."""

    __tablename__ = "solution_version"
    __table_args__ = (
        UniqueConstraint("solution_id", "version"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    cost: Mapped[int | None] = mapped_column(Id)
    needs_permit: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
