"""Entries, the chain's head, checkpoints, and the tokens of requests already handled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class JournalEntry(Model):
    """One thing that happened; immutable but for ``told_at`` (a trigger keeps it so)."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_problem", "problem_id", "number"),
        Index("ix_journal_entry_place", "place_id", "number"),
        Index("ix_journal_entry_subject", "subject_kind", "subject_id"),
        Index(
            "ix_journal_entry_untold",
            "number",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        # Each page asks for the last of these; from (problem_id, number) PostgreSQL does not read them in order.
        Index(
            "ix_journal_entry_registers",
            "number",
            sqlite_where=text("problem_id IS NULL"),
            postgresql_where=text("problem_id IS NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(Id)
    organization_id: Mapped[int | None] = mapped_column(Id)
    place_id: Mapped[int | None] = mapped_column(Id)
    problem_id: Mapped[int | None] = mapped_column(Id)
    subject_kind: Mapped[str] = mapped_column(String(32), default="")
    subject_id: Mapped[int | None] = mapped_column(Id)
    facts: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    told_at: Mapped[datetime | None] = mapped_column(Moment)


class JournalHead(Model):
    """The chain's last link; its row is the lock under which entries are numbered."""

    __tablename__ = "journal_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Id)
    hash: Mapped[str] = mapped_column(String(64))


class JournalCheckpoint(Model):
    """A published seal over all entries up to a number: chain hash and RFC 6962 tree head."""

    __tablename__ = "journal_checkpoint"

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    chain_hash: Mapped[str] = mapped_column(String(64))
    tree_hash: Mapped[str] = mapped_column(String(64))
    peaks: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(Moment)


class HandledRequest(Model):
    """A form or request that has had its effect, so that sending it again has none."""

    __tablename__ = "handled_request"
    __table_args__ = (UniqueConstraint("person_id", "token"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id)
    token: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class KeptAnswer(Model):
    """What was answered to a request that carried a key, so that sending it again gets the same and does nothing."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(Id)
    key: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment, index=True)
