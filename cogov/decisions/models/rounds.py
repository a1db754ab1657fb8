"""Open rounds: questions that everybody of a place answers openly."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.rounds import RoundChoice, RoundKind, Voice
from cogov.ground.db import Id, Model, Moment, choice


class OpenRound(Model):
    """A question that everybody of a place answers openly; nothing is decided by it."""

    __tablename__ = "open_round"
    __table_args__ = (
        CheckConstraint("opened_at < closes_at", name="opens_before_closes"),
        CheckConstraint("(closed_at IS NULL) = (summary = '')", name="summed_up"),
        Index("ix_open_round_problem", "problem_id", "id"),
        Index(
            "ix_open_round_waiting",
            "community_id",
            "closes_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[RoundKind] = mapped_column(choice(RoundKind))
    question: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    summary: Mapped[str] = mapped_column(Text, default="")


class RoundAnswer(Model):
    """What one person says in an open round; a block names the concern in which its reason stands."""

    __tablename__ = "round_answer"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("(answer = 'block') = (concern_id IS NOT NULL)", name="block_has_reason"),
        Index("ix_round_answer_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("open_round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    answer: Mapped[RoundChoice] = mapped_column(choice(RoundChoice))
    concern_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"))
    at: Mapped[datetime] = mapped_column(Moment)
