"""Decisions with their frozen rule and options, their close, and what was resolved."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.stages import AdoptAnswer, DecisionState, Verdict
from cogov.ground.db import Id, Model, Moment, choice


class Decision(Model):
    """A published voting notice and what came of it; rule, options and electorate are frozen in it."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_problem", "problem_id", "id"),
        Index("ix_decision_community", "community_id", "state", "closes_at"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closes"),
        # One question at a time: people could not follow two votes on one matter, nor could their results be joined.
        Index(
            "uq_decision_running",
            "problem_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), unique=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    question: Mapped[str] = mapped_column(String(80))
    rule: Mapped[str] = mapped_column(String(8))
    frozen_rule: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    notice_at: Mapped[datetime] = mapped_column(Moment)
    notice_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # Who checked the item of the law and declared that no bar is touched, before everything was frozen.
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    notice_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    announced_for: Mapped[datetime | None] = mapped_column(Moment)
    """When the notice said it would open, where concerns without an answer stood in its way then."""

    state: Mapped[DecisionState] = mapped_column(choice(DecisionState), default=DecisionState.NOTICED)
    heads_total: Mapped[int]
    area_total: Mapped[int] = mapped_column(Id)
    units_total: Mapped[int]
    form: Mapped[str] = mapped_column(Text, default="", server_default="")
    frozen_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What it was frozen with, where an order has covered what the public reads (`rules/veiling.py`); else empty."""


class DecisionTurnout(Model):
    """How many ballots there are, with what area, and how many there can be: a row of its own.

    A head has one ballot, but for those that co-owners cast by shares, each their own; areas are in 0.01 m².

    Ballots hold a share of the decision's row, which whoever closes must have alone; a counter on that row would have
    every ballot wait for all others. Its count also numbers the ballots, in the order in which they came in.
    """

    __tablename__ = "decision_turnout"
    __table_args__ = (
        CheckConstraint("heads >= 0 AND heads <= heads_total", name="heads"),
        CheckConstraint("area >= 0 AND area <= area_total", name="area"),
    )

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    heads: Mapped[int] = mapped_column(default=0)
    area: Mapped[int] = mapped_column(Id, default=0)
    heads_total: Mapped[int]
    area_total: Mapped[int] = mapped_column(Id)


class DecisionOption(Model):
    """A frozen option with its result in integers, which is empty until the close."""

    __tablename__ = "decision_option"
    __table_args__ = (UniqueConstraint("decision_id", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(40))
    consequence: Mapped[str] = mapped_column(String(200))
    heads: Mapped[int | None]
    area: Mapped[int | None] = mapped_column(Id)
    cost: Mapped[int] = mapped_column(Id, default=0, server_default="0")


class Closing(Model):
    """The close of a decision: the verdict, the tests with their integers, the text of the outcome."""

    __tablename__ = "closing"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    tests: Mapped[str] = mapped_column(Text)
    objections_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when the electorate may object before what passed takes effect; empty where it takes effect at once."""

    annulled_at: Mapped[datetime | None] = mapped_column(Moment)
    statement: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What became of it, as those who put it on the agenda say, with the day on which it is looked at again."""

    statement_salt: Mapped[str] = mapped_column(String(32), default="", server_default="")
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stated_at: Mapped[datetime | None] = mapped_column(Moment)
    review_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What the count of a method said, as canonical JSON; empty where the options' own figures say all."""

    classes: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who took part, by class, as far as it may be said (`rules/classes.py`): who lives where changes afterwards."""

    channels: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How many ballots came by each way, as JSON, where no figure is of fewer than ten; the bundle says it."""

    at: Mapped[datetime] = mapped_column(Moment)


class Resolution(Model):
    """What was decided; where a public act is needed, the body adopts it or explains why not."""

    __tablename__ = "resolution"
    __table_args__ = (Index("ix_resolution_body", "organization_id", "answer"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    public_act: Mapped[str] = mapped_column(String(200), default="")
    answer: Mapped[AdoptAnswer | None] = mapped_column(choice(AdoptAnswer))
    reason: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)
