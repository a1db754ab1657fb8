"""Tasks with their slots, claims of persons and organizations, what was handed in and how it was judged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
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
        Index("ix_task_resolution", "resolution_id"),
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
    opened_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancel_words: Mapped[str] = mapped_column(Text, default="")
    cancel_salt: Mapped[str] = mapped_column(String(32), default="")


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
        Index("ix_claim_task", "task_id", "id"),
        Index("ix_claim_person", "person_id", "state", "id"),
        Index("ix_claim_organization", "organization_id", "state"),
        Index(
            "ix_claim_handed_in",
            "id",
            sqlite_where=text("state = 'handed_in'"),
            postgresql_where=text("state = 'handed_in'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[ClaimState] = mapped_column(choice(ClaimState), default=ClaimState.ACTIVE)
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    returned_at: Mapped[datetime | None] = mapped_column(Moment)


class HandIn(Model):
    """Work handed in on a claim, with what another person said of it; a claim sent back has more than one."""

    __tablename__ = "hand_in"
    __table_args__ = (
        UniqueConstraint("claim_id", "turn"),
        CheckConstraint("judged_by IS NULL OR judged_by <> person_id", name="another_verifies"),
        CheckConstraint("(judged_by IS NULL) = (accepted IS NULL)", name="judged_by_somebody"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    turn: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    minutes: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    accepted: Mapped[bool | None]
    verdict_words: Mapped[str] = mapped_column(Text, default="")
    verdict_salt: Mapped[str] = mapped_column(String(32), default="")
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    judged_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    judged_at: Mapped[datetime | None] = mapped_column(Moment)
