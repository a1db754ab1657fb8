"""Ballots of named votes, what co-owners have marked together, and the reasons written beside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.reasons import Withheld
from cogov.ground.db import Id, Model, Moment, choice


class Ballot(Model):
    """The ballot of a head in a named vote; the last one counts and replaces the one before."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("decision_id", "head_id"),
        UniqueConstraint("decision_id", "ordinal"),
        UniqueConstraint("receipt"),
        CheckConstraint("person_id IS NOT NULL OR channel IN ('paper', 'door')", name="caster"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who cast it; nobody here where it came on paper from somebody without an account."""

    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.WEB, server_default=Channel.WEB.value)
    marks: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What is marked, as `rules/methods.py` writes it."""

    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    ordinal: Mapped[int]
    nonce: Mapped[str] = mapped_column(String(64))
    receipt: Mapped[str] = mapped_column(String(16))
    cast_at: Mapped[datetime] = mapped_column(Moment)
    changes: Mapped[int] = mapped_column(default=0)
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("proxy_mandate.id"), index=True)
    """By whose mandate a proxy cast it; empty once whoever has the vote has cast it themselves."""


class BallotSignature(Model):
    """What one of several co-owners has marked on the ballot of their head, which is cast once all marked it alike."""

    __tablename__ = "ballot_signature"
    __table_args__ = (UniqueConstraint("head_id", "seat"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    seat: Mapped[str] = mapped_column(String(24))
    """Whose place among the co-owners it is, made from ids."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("proxy_mandate.id"), index=True)
    marks: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(Moment)


class BallotReason(Model):
    """That whoever wrote the reason beside a ballot agrees to its being published, and who has read it first.

    Its id is drawn by lot: a number that counts up would tell the order in which people came.
    """

    __tablename__ = "ballot_reason"
    __table_args__ = (
        UniqueConstraint("ballot_id"),
        CheckConstraint("(checked_at IS NULL) = (checked_by IS NULL)", name="checked"),
        CheckConstraint("withheld IS NULL OR checked_at IS NOT NULL", name="withheld"),
        Index("ix_ballot_reason_decision", "decision_id", "checked_at"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    changes: Mapped[int]
    """Which writing of the ballot the consent is for: a later one takes its place, and the consent with it."""

    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    withheld: Mapped[Withheld | None] = mapped_column(choice(Withheld, "withheld_for"))
