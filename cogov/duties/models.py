"""The catalogue of matters, duty lists, the working calendar, and every clock that runs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.duties.rules.clock import LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKind
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import Id, Model, Moment, choice


class Matter(Model):
    """A matter of the catalogue; codes repeat between lists, so the key is (standard, kind, code)."""

    __tablename__ = "matter"
    __table_args__ = (UniqueConstraint("standard", "kind", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    standard: Mapped[str] = mapped_column(String(20))
    kind: Mapped[MatterKind] = mapped_column(choice(MatterKind))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    lane: Mapped[str] = mapped_column(String(4), default="")
    rules: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(16), default="")
    radius_m: Mapped[int] = mapped_column(default=250)
    limit_amount: Mapped[int | None]
    limit_unit: Mapped[LimitUnit | None] = mapped_column(choice(LimitUnit))
    basis: Mapped[str] = mapped_column(String(200), default="")
    close_condition: Mapped[str] = mapped_column(String(200), default="")
    kpi: Mapped[str] = mapped_column(String(80), default="按期处置率", server_default="按期处置率")
    confidence: Mapped[str] = mapped_column(String(1), default="L")
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class DutyItem(Model):
    """An item of a duty list (权责清单): which body answers for a matter, within what limit, on what basis."""

    __tablename__ = "duty_item"
    __table_args__ = (
        Index("ix_duty_item_matter", "matter_id", "scope"),
        UniqueConstraint("scope", "number", "version"),
        CheckConstraint("limit_amount > 0", name="limit_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(32))
    number: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=1)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    list_kind: Mapped[ListKind] = mapped_column(choice(ListKind))
    limit_amount: Mapped[int]
    limit_unit: Mapped[LimitUnit] = mapped_column(choice(LimitUnit))
    basis: Mapped[str] = mapped_column(String(200))
    condition: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class CalendarDay(Model):
    """A day that differs from the week's rule at a place: a public holiday off, or a Saturday worked (调休)."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("scope", "day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(32))
    day: Mapped[date]
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40), default="")


class RunningClock(Model):
    """A public clock: what was promised by whom until when; one running clock per purpose and subject."""

    __tablename__ = "running_clock"
    __table_args__ = (
        Index(
            "uq_running_clock_current",
            "purpose",
            "subject_id",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index(
            "ix_running_clock_due",
            "due_at",
            sqlite_where=text("stopped_at IS NULL AND handled_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL AND handled_at IS NULL"),
        ),
        Index("ix_running_clock_promise", "place_id", "purpose", "due_at"),
        Index("ix_running_clock_problem", "problem_id", "stopped_at"),
        Index(
            "ix_running_clock_next",
            "place_id",
            "due_at",
            "problem_id",
            sqlite_where=text("stopped_at IS NULL AND paused_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL AND paused_at IS NULL"),
        ),
        Index("ix_running_clock_holder", "organization_id", "stopped_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    subject_id: Mapped[int] = mapped_column(Id)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    problem_id: Mapped[int | None] = mapped_column(Id)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    limit_amount: Mapped[int | None]
    limit_unit: Mapped[LimitUnit | None] = mapped_column(choice(LimitUnit))
    basis: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    handled_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)


class ClockPause(Model):
    """A public pause of a clock, with its reason."""

    __tablename__ = "clock_pause"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("running_clock.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    salt: Mapped[str] = mapped_column(String(32))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
