"""Motions with their options, the tasks they plan, and who wants them tabled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.stages import MotionState, Scope
from cogov.ground.db import Id, Model, Moment, choice


class Motion(Model):
    """A motion: the question, the solution version it puts to the vote, and what should follow when it passes."""

    __tablename__ = "motion"
    __table_args__ = (
        Index("ix_motion_problem", "problem_id", "id"),
        CheckConstraint("supports >= 0", name="supports"),
        CheckConstraint("item IS NULL OR item BETWEEN 1 AND 9", name="item"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    solution_version_id: Mapped[int | None] = mapped_column(ForeignKey("solution_version.id"))
    question: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(8))
    item: Mapped[int | None]
    scope: Mapped[Scope] = mapped_column(choice(Scope), default=Scope.COMMUNITY)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    staircase: Mapped[str] = mapped_column(String(10), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MotionState] = mapped_column(choice(MotionState), default=MotionState.MOVED)
    supports: Mapped[int] = mapped_column(default=0)
    supports_needed: Mapped[int] = mapped_column(default=0)
    tabled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    tabled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    tabled_at: Mapped[datetime | None] = mapped_column(Moment)
    public_body_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    public_act: Mapped[str] = mapped_column(String(200), default="")
    form: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How the ballot is put (`rules/methods.py`); empty: one option is chosen."""


class MotionOption(Model):
    """An option of a motion with its consequence; frozen with the notice."""

    __tablename__ = "motion_option"
    __table_args__ = (UniqueConstraint("motion_id", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(40))
    consequence: Mapped[str] = mapped_column(String(200))
    cost: Mapped[int] = mapped_column(Id, default=0, server_default="0")


class PlannedTask(Model):
    """A task that is opened for claiming when the motion passes."""

    __tablename__ = "planned_task"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    slots: Mapped[int] = mapped_column(default=1)
    days: Mapped[int] = mapped_column(default=14)


class MotionSupport(Model):
    """That a person wants the motion tabled; a head that would vote is counted once, whoever of it speaks."""

    __tablename__ = "motion_support"
    __table_args__ = (UniqueConstraint("motion_id", "person_id"), UniqueConstraint("motion_id", "head_key"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    head_key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
