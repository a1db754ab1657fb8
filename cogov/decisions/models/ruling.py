"""A place's own versions of the rules, and the paper by which it may take statutory votes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


class DecisionRuleVersion(Model):
    """A version of a decision rule that a place made its own; in force once a second person has confirmed it."""

    __tablename__ = "decision_rule_version"
    __table_args__ = (
        UniqueConstraint("place_id", "code", "version"),
        Index(
            "uq_decision_rule_version_open",
            "place_id",
            "code",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    """The rule as `rules/freezing.py` writes it."""

    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    in_force_from: Mapped[datetime | None] = mapped_column(Moment)
    """Empty also where it was declined."""


class VoteAuthority(Model):
    """The paper by which a place may take statutory votes, as a picture; it counts once a second person has agreed."""

    __tablename__ = "vote_authority"
    __table_args__ = (
        Index("ix_vote_authority_place", "place_id", "id"),
        Index(
            "uq_vote_authority_open",
            "place_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    title: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(80))
    dated: Mapped[date]
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    salt: Mapped[str] = mapped_column(String(32))
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool] = mapped_column(default=False)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
