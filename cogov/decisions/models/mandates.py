"""Who casts for another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.mandates import MandateEnd
from cogov.ground.db import Id, Model, Moment, choice


class ProxyMandate(Model):
    """That somebody casts for another: for one vote or for all of a time, signed here or on paper.

    On paper it is for one head, whoever owns it; here it is for every head of the principal. The heads of a vote for
    which it holds are rows of ``electorate_voter``, which go when it ends.
    """

    __tablename__ = "proxy_mandate"
    __table_args__ = (
        CheckConstraint("(principal_id IS NULL) = (head_id IS NOT NULL)", name="principal_or_head"),
        CheckConstraint("(decision_id IS NULL) = (until IS NOT NULL)", name="vote_or_time"),
        CheckConstraint("head_id IS NULL OR decision_id IS NOT NULL", name="paper_for_one_vote"),
        CheckConstraint("principal_id IS NULL OR principal_id != proxy_id", name="not_oneself"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by != entered_by", name="second_person"),
        CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended"),
        Index("ix_proxy_mandate_principal", "principal_id", "ended_at"),
        Index("ix_proxy_mandate_proxy", "proxy_id", "ended_at"),
        Index("ix_proxy_mandate_decision", "decision_id", "id"),
        Index(
            "uq_proxy_mandate_head",
            "head_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("electorate_head.id"))
    principal_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    proxy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    salt: Mapped[str] = mapped_column(String(32), default="")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended: Mapped[MandateEnd | None] = mapped_column(choice(MandateEnd))
