"""Cases, the steps done to them, their stamps, and the bodies called to help."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.cases.rules import CallState, CaseState, RefusalReason, StampKind, StepKind
from cogov.cases.rules.templates import LONGEST_CODE
from cogov.ground.db import Id, Model, Moment, choice


class Case(Model):
    """What a public body is asked to do about a problem; ``round`` grows when raisers say "not fixed".

    ``body_id`` is a proposal until the case is dispatched. ``overdue_at`` is the first time anybody was late with it;
    ``overdue_clock_id`` the last clock whose running out was told, so that each is told once.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index(
            "uq_case_current",
            "problem_id",
            unique=True,
            sqlite_where=text("state NOT IN ('closed', 'refused')"),
            postgresql_where=text("state NOT IN ('closed', 'refused')"),
        ),
        Index("ix_case_problem", "problem_id", "id"),
        Index("ix_case_accountable", "accountable_id", "state", "id"),
        Index("ix_case_body", "body_id", "state", "id"),
        CheckConstraint("inspected_by IS NULL OR closed_by IS NULL OR inspected_by <> closed_by", name="two_persons"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolution.id"))
    duty_item_id: Mapped[int | None] = mapped_column(ForeignKey("duty_item.id"))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    accountable_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[CaseState] = mapped_column(choice(CaseState), default=CaseState.REPORTED)
    emergency: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=1)
    reworks: Mapped[int] = mapped_column(default=0)
    returns: Mapped[int] = mapped_column(default=0)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    inspected_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_clock_id: Mapped[int | None] = mapped_column(Id)


class Step(Model):
    """One step done to a case: who, for whom, when, on what basis, in what words; ``to_id`` is whom it was given to.

    ``template`` is the shipped answer it was written from, if any, and ``reworded`` whether its words were changed.
    """

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("case_id", "seq"),
        Index(
            "uq_step_closing",
            "case_id",
            "round",
            unique=True,
            sqlite_where=text("kind = 'close'"),
            postgresql_where=text("kind = 'close'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    seq: Mapped[int]
    round: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(choice(StepKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    reason: Mapped[RefusalReason | None] = mapped_column(choice(RefusalReason))
    at: Mapped[datetime] = mapped_column(Moment)
    basis: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    template: Mapped[str] = mapped_column(String(LONGEST_CODE), default="", server_default="")
    reworded: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Stamp(Model):
    """A stamp (章) under one round of a case: who signed, for which organization, when.

    A reopened round begins with copies of 问题 and 指挥, signed as they were; a returned dispatch takes 指挥 away.
    What was done stays in the steps.
    """

    __tablename__ = "stamp"
    __table_args__ = (UniqueConstraint("case_id", "round", "kind"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    round: Mapped[int]
    kind: Mapped[StampKind] = mapped_column(choice(StampKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[str] = mapped_column(Text, default="")


class Call(Model):
    """A body called to help (吹哨): what is asked, until when, and its answer."""

    __tablename__ = "call"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "organization_id"),
        Index("ix_call_body", "organization_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    round: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    ask: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    called_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    called_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[CallState] = mapped_column(choice(CallState), default=CallState.CALLED)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)
