"""Ballots that come on paper or with help."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.paper import SlipFault, SlipState
from cogov.ground.db import Id, Model, Moment, choice


class PaperSlip(Model):
    """A printed paper ballot of a head; its code is the receipt that the voter tears off, and opens the entry page."""

    __tablename__ = "paper_slip"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_paper_slip_live",
            "decision_id",
            "head_id",
            unique=True,
            sqlite_where=text("state <> 'rejected'"),
            postgresql_where=text("state <> 'rejected'"),
        ),
        CheckConstraint("(state = 'rejected') = (fault IS NOT NULL)", name="fault_said"),
        CheckConstraint("(state IN ('counted', 'rejected')) = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("channel IN ('paper', 'door')", name="on_paper"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    code: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[str] = mapped_column(String(64))
    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.PAPER)
    state: Mapped[SlipState] = mapped_column(choice(SlipState), default=SlipState.ISSUED)
    fault: Mapped[SlipFault | None] = mapped_column(choice(SlipFault))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class PaperReading(Model):
    """What one person read on a paper ballot; emptied of its marks once the paper is settled."""

    __tablename__ = "paper_reading"
    __table_args__ = (
        UniqueConstraint("slip_id", "position"),
        UniqueConstraint("slip_id", "person_id"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slip_id: Mapped[int] = mapped_column(ForeignKey("paper_slip.id"))
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    marks: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    fault: Mapped[SlipFault | None] = mapped_column(choice(SlipFault))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class HelpedBallot(Model):
    """What a helper marked for a voter who is present; it counts once a second person has said they were there."""

    __tablename__ = "helped_ballot"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_helped_ballot_decision", "decision_id", "id"),
        Index(
            "uq_helped_ballot_open",
            "decision_id",
            "head_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        CheckConstraint("helper_id != voter_id", name="helper"),
        CheckConstraint("NOT agreed OR (witness_id != helper_id AND witness_id != voter_id)", name="second_person"),
        CheckConstraint("NOT agreed OR witness_id IS NOT NULL", name="witnessed"),
        CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    code: Mapped[str] = mapped_column(String(16))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helper_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    marks: Mapped[str] = mapped_column(Text, default="")
    """Emptied once it is settled: from then on the ballot has them."""

    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]
