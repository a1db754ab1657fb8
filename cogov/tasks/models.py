"""Tasks with their slots, claims of persons and organizations, verifications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.tasks.rules import ClaimState, TaskState


class Task(Model):
    """Something the community does itself; ``taken`` never exceeds ``slots``."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("slots > 0", name="slots"),
        CheckConstraint("taken >= 0 AND taken <= slots", name="taken"),
        CheckConstraint("done >= 0 AND done <= taken", name="done"),
        Index("ix_task_community", "community_id", "state", "id"),
        Index("ix_task_problem", "problem_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolution.id"))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    meeting_point: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    slots: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    days: Mapped[int]
    state: Mapped[TaskState] = mapped_column(choice(TaskState), default=TaskState.OPEN)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)


class Claim(Model):
    """That a person, for themselves or for an organization, has promised to do a slot of a task."""

    __tablename__ = "claim"
    __table_args__ = (
        Index(
            "uq_claim_current",
            "task_id",
            "person_id",
            unique=True,
            sqlite_where=text("state <> 'returned'"),
            postgresql_where=text("state <> 'returned'"),
        ),
        Index("ix_claim_person", "person_id", "state"),
        Index("ix_claim_organization", "organization_id", "state"),
        CheckConstraint("verified_by IS NULL OR verified_by <> person_id", name="another_verifies"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[ClaimState] = mapped_column(choice(ClaimState), default=ClaimState.ACTIVE)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    handed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    report: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    minutes: Mapped[int | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    verdict_words: Mapped[str] = mapped_column(Text, default="")
    returned_at: Mapped[datetime | None] = mapped_column(Moment)
