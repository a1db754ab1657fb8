"""What each robot has heard, and in which message it is told: once per entry, and what belongs together in one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class RobotPost(Model):
    """One message to a robot about one dossier or announcement; once ``closed_at`` is set nothing joins it any more."""

    __tablename__ = "robot_post"
    __table_args__ = (
        CheckConstraint("(problem_id IS NULL) <> (announcement_id IS NULL)", name="one_subject"),
        Index("ix_robot_post_about", "robot_id", "problem_id", "announcement_id", "id"),
        # What still gathers; a second one about the same would part what belongs together.
        Index(
            "uq_robot_post_problem",
            "robot_id",
            "problem_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL AND problem_id IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND problem_id IS NOT NULL"),
        ),
        Index(
            "uq_robot_post_announcement",
            "robot_id",
            "announcement_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL AND announcement_id IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND announcement_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    robot_id: Mapped[int] = mapped_column(ForeignKey("robot.id"))
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problem.id"))
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcement.id"))
    due_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class RobotHearing(Model):
    """That a robot hears of an entry, or of a clock that is running out, once; and in which message."""

    __tablename__ = "robot_hearing"
    __table_args__ = (
        UniqueConstraint("robot_id", "entry_number"),
        UniqueConstraint("robot_id", "clock_id"),
        CheckConstraint("(entry_number IS NULL) <> (clock_id IS NULL)", name="one_cause"),
        Index("ix_robot_hearing_post", "post_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    robot_id: Mapped[int] = mapped_column(ForeignKey("robot.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("robot_post.id"))
    entry_number: Mapped[int | None] = mapped_column(ForeignKey("journal_entry.number"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("running_clock.id"))
