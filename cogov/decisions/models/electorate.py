"""The frozen electorate of a decision: heads, their units, and who may cast for them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.electorate import HeadGround
from cogov.ground.db import Id, Model, choice


class ElectorateHead(Model):
    """One voice of the frozen electorate with its area in 0.01 m²: a head (人数), or a co-owner's share of one."""

    __tablename__ = "electorate_head"
    __table_args__ = (UniqueConstraint("decision_id", "key"), CheckConstraint("area >= 0", name="area"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    key: Mapped[str] = mapped_column(String(80))
    area: Mapped[int] = mapped_column(Id)
    units: Mapped[int]
    seats: Mapped[int] = mapped_column(default=1, server_default="1")
    """How many have to mark its ballot alike before it is cast: co-owners, where the rule asks for all of them."""

    ground: Mapped[HeadGround] = mapped_column(
        choice(HeadGround), default=HeadGround.LISTED, server_default=HeadGround.LISTED.value
    )
    """Why it is in the electorate."""

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    """The organization whose voice it is, where delegates of organizations vote."""


class ElectorateUnit(Model):
    """A unit of a head, for the shortage board (windows are counted, never named); each co-owner by shares has it."""

    __tablename__ = "electorate_unit"
    __table_args__ = (
        UniqueConstraint("decision_id", "unit_id", "head_id"),
        Index("ix_electorate_unit_head", "head_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    staircase: Mapped[str] = mapped_column(String(10), default="")


class ElectorateVoter(Model):
    """A verified person who may cast for a head."""

    __tablename__ = "electorate_voter"
    __table_args__ = (
        UniqueConstraint("head_id", "person_id"),
        Index("ix_electorate_voter_person", "person_id", "decision_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("proxy_mandate.id"), index=True)
    """By whose mandate a proxy casts for the head; empty for who stands on the frozen electorate."""
