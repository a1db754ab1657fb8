"""Who has an interest in a matter, and who is sent by an organization."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.interest import InterestState
from cogov.ground.db import Id, Model, Moment, choice


class InterestClaim(Model):
    """That the owner of a unit elsewhere says that a matter touches them, and what was decided about it.

    Only the applicant and those who decide read it; everybody sees how many were admitted.
    """

    __tablename__ = "interest_claim"
    __table_args__ = (
        CheckConstraint("settled_by IS NULL OR settled_by != person_id", name="second_person"),
        CheckConstraint("state NOT IN ('admitted', 'declined') OR settled_by IS NOT NULL", name="settled"),
        CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name="when"),
        Index(
            "uq_interest_claim_live",
            "motion_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'admitted')"),
            postgresql_where=text("state IN ('waiting', 'admitted')"),
        ),
        Index("ix_interest_claim_motion", "motion_id", "id"),
        Index("ix_interest_claim_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[InterestState] = mapped_column(choice(InterestState), default=InterestState.WAITING)
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was admitted or declined."""

    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class OrganizationDelegate(Model):
    """That an organization sends somebody of its own to vote for it on a motion; the last one it names goes."""

    __tablename__ = "organization_delegate"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(
            "uq_organization_delegate_sent",
            "motion_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # One person speaks for one organization: else two voices would be one.
        Index(
            "uq_organization_delegate_person",
            "motion_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_organization_delegate_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
