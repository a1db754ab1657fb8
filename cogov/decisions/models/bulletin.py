"""The public bulletin of sealed ballots, and who took the full bundle."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class BulletinLeaf(Model):
    """A sealed ballot on the public bulletin; it names no ballot, and stays when the ballot is changed."""

    __tablename__ = "bulletin_leaf"
    __table_args__ = (UniqueConstraint("decision_id", "leaf"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leaf: Mapped[str] = mapped_column(String(64))


class BulletinHead(Model):
    """A state of the bulletin that was pinned up: how many leaves, and the tree head over them (RFC 6962)."""

    __tablename__ = "bulletin_head"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class BundleTaken(Model):
    """That somebody took the full bundle, in which every choice is open; everybody of the electorate sees this row."""

    __tablename__ = "bundle_taken"
    __table_args__ = (Index("ix_bundle_taken_decision", "decision_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
