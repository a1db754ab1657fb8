"""Whom the notice of a vote has reached, and who was reminded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.ground.db import Id, Model, Moment, choice


class Service(Model):
    """That the notice of a vote reached a head, or that somebody tried; who voted is no part of it."""

    __tablename__ = "service"
    __table_args__ = (
        Index("ix_service_decision", "decision_id", "head_id", "id"),
        Index(
            "uq_service_opened",
            "decision_id",
            "head_id",
            "person_id",
            unique=True,
            sqlite_where=text("means = 'opened'"),
            postgresql_where=text("means = 'opened'"),
        ),
        CheckConstraint("means <> 'opened' OR outcome = 'delivered'", name="opened"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    means: Mapped[ServiceMeans] = mapped_column(choice(ServiceMeans))
    outcome: Mapped[ServiceOutcome] = mapped_column(choice(ServiceOutcome))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who opened it, or who brought it."""

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    done_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)


class VoteReminder(Model):
    """That those who had not voted were reminded, so many hours before a vote closes; said once for each close."""

    __tablename__ = "vote_reminder"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
