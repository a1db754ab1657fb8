"""Conversations with their statements, who answered what, the map drawn of it, and where it was quoted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.opinion.rules.stages import IMPORTED_LENGTH, QUESTION_LENGTH, QuotedIn, StatementState


class Conversation(Model):
    """A question that a problem's neighbourhood is asked: people write statements, and answer those of others."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        CheckConstraint("opens_at < closes_at", name="times"),
        Index(
            "uq_conversation_running",
            "problem_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_conversation_closes",
            "closes_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    question: Mapped[str] = mapped_column(String(QUESTION_LENGTH))
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class Statement(Model):
    """A short opinion to answer; how many answered is counted beside it in the transaction that answers."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        CheckConstraint("agree >= 0 AND disagree >= 0 AND passed >= 0", name="counts"),
        CheckConstraint("person_id IS NOT NULL OR imported", name="author"),
        Index("ix_statement_conversation", "conversation_id", "number"),
        Index("ix_statement_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    """The number on the dossier (S12), over all its conversations, so that it can be quoted by it."""

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    text: Mapped[str] = mapped_column(String(IMPORTED_LENGTH))
    """Empty while it does not stand: what was taken down lies sealed (`cogov.moderation`)."""

    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[StatementState] = mapped_column(choice(StatementState))
    seed: Mapped[bool] = mapped_column(default=False)
    """Whether who opened the conversation wrote it to begin with."""

    imported: Mapped[bool] = mapped_column(default=False)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    agree: Mapped[int] = mapped_column(default=0)
    disagree: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    """How often an answer to it was given, changed or taken back: what the map is younger or older than."""

    @property
    def answered(self) -> int:
        """How many answered it."""
        return self.agree + self.disagree + self.passed


class Participant(Model):
    """Whoever answered in a conversation; the number is drawn by lot, so that it tells nobody who came first."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id"),
        UniqueConstraint("conversation_id", "imported"),
        CheckConstraint("(person_id IS NULL) = (imported IS NOT NULL)", name="one"),
        Index("ix_participant_person", "person_id"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported: Mapped[int | None]
    """The number in the file that the answers came from."""

    answered: Mapped[int] = mapped_column(default=0)


class Stance(Model):
    """What one participant answers to one statement; neither when nor in which order is kept."""

    __tablename__ = "stance"
    __table_args__ = (
        CheckConstraint("value IN (-1, 0, 1)", name="value"),
        {"sqlite_with_rowid": False},
    )

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True, autoincrement=False)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(SmallInteger)


class Chart(Model):
    """The map of a conversation as it was drawn last; none is drawn or shown while fewer than ten have answered."""

    __tablename__ = "chart"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    people: Mapped[int]
    statements: Mapped[int]
    answers: Mapped[int]
    changes: Mapped[int] = mapped_column(Id)
    """The sum of the changes of all statements when it was drawn."""

    final: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str] = mapped_column(String(80))
    told: Mapped[str] = mapped_column(Text, deferred=True)
    """All that the core says of it, as JSON: where everybody stands. For no page as it is."""

    own: Mapped[str] = mapped_column(Text, deferred=True)
    """What places one person on it, and what is asked next, as JSON."""

    public: Mapped[str] = mapped_column(Text, deferred=True)
    """What may be published of it, as JSON."""

    counted: Mapped[str] = mapped_column(Text, deferred=True, default="", server_default="")
    """Whose answers the published map counts, each as one number, as JSON; empty: older than this. For no page."""

    behind: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many answered first or otherwise, or left, since what is published was drawn."""


class Drawing(Model):
    """That a map is due or being drawn; one that failed waits before it is tried again."""

    __tablename__ = "drawing"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True, autoincrement=False)
    tried_at: Mapped[datetime] = mapped_column(Moment)


class Quote(Model):
    """That somebody who acts for a body quoted a statement in what they answered."""

    __tablename__ = "quote"
    __table_args__ = (
        UniqueConstraint("statement_id", "place", "subject_id"),
        Index("ix_quote_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    place: Mapped[QuotedIn] = mapped_column(choice(QuotedIn))
    subject_id: Mapped[int] = mapped_column(Id)
    """Bare: a message, an answer to a concern, or a resolution."""

    at: Mapped[datetime] = mapped_column(Moment)


class MapTaken(Model):
    """That the rows of a conversation were asked for by an auditor, who agreed to it, and when they were taken."""

    __tablename__ = "map_taken"
    __table_args__ = (
        CheckConstraint("(agreed_by IS NULL) = (agreed_at IS NULL)", name="agreed"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> asked_by", name="second_person"),
        CheckConstraint("taken_at IS NULL OR agreed_at IS NOT NULL", name="taken"),
        Index("ix_map_taken_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
