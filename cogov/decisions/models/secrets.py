"""Secret ballots.

Roll and box know nothing of each other: no key, no time, no number that counts up. Their rows lie in the order of
their own keys (WITHOUT ROWID on SQLite), not in the order in which people came.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Model, Moment


class SecretVote(Model):
    """What makes a decision a secret one: the key that signs tokens, and what the opening of the box came to."""

    __tablename__ = "secret_vote"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    modulus: Mapped[str] = mapped_column(Text)
    sealed_key: Mapped[str] = mapped_column(Text)
    """The private half, encrypted under the server's secret; empty once the box is open."""

    open_until: Mapped[datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    spoiled: Mapped[int] = mapped_column(default=0)
    sheets: Mapped[int | None]
    """How many choice halves of papers were put into the box; None as long as they were not."""


class BoxHolder(Model):
    """One of the three who hold the box; of the code there is only the public half, and nobody else has seen it."""

    __tablename__ = "box_holder"
    __table_args__ = (
        UniqueConstraint("decision_id", "person_id"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position"),
        Index("ix_box_holder_person", "person_id", "decision_id"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    public_key: Mapped[str] = mapped_column(String(130), default="")
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)


class RollMark(Model):
    """That a head has its token: what was signed for it is blinded and fits every ballot in the box equally well.

    Of a head that handed in a paper there is no token: both are empty, and the person too who has no account here.
    """

    __tablename__ = "roll_mark"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR signature = ''", name="paper"),
        {"sqlite_with_rowid": False},
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    blinded: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(Text)


class BoxBallot(Model):
    """A ballot in the box under the hash of its token; sealed until the box is opened, and empty afterwards."""

    __tablename__ = "box_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[str] = mapped_column(String(128))
    signature: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text)


class OpenedBallot(Model):
    """The marks of one ballot after the opening, sorted; its tracker beside it only where ballots are checkable."""

    __tablename__ = "opened_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tracker: Mapped[str] = mapped_column(String(16), default="")
    marks: Mapped[str] = mapped_column(Text)


class SheetReading(Model):
    """That somebody read all choice halves of a secret vote's papers; of what they found there is only the digest."""

    __tablename__ = "sheet_reading"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
