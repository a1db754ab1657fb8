"""The problem with what hangs on it directly: raisers, seconds, names, followers, triage, appeals, answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.leeway import Room
from cogov.problems.rules.phases import Part
from cogov.problems.rules.stages import AppealOutcome, ConfirmationAnswer, Ending, Official, Stage, TriageState


class NumberCounter(Model):
    """The last number given in a series and year, so that numbers stay short enough to say aloud."""

    __tablename__ = "number_counter"
    __table_args__ = (UniqueConstraint("series", "year"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    series: Mapped[str] = mapped_column(String(16))
    year: Mapped[int]
    last: Mapped[int]


class Problem(Model):
    """A shared problem: the root of everything that is said, decided and done about it."""

    __tablename__ = "problem"
    __table_args__ = (
        CheckConstraint("seconds >= 0 AND households >= 0", name="counts"),
        CheckConstraint("(stage = 'ended') = (ending IS NOT NULL)", name="ended_has_ending"),
        CheckConstraint("(ending = 'merged') = (merged_into_id IS NOT NULL) OR ending IS NULL", name="merged_into"),
        Index("ix_problem_community", "community_id", "id"),
        Index("ix_problem_community_stage", "community_id", "stage", "id"),
        Index("ix_problem_community_met", "community_id", "households", "id"),
        Index("ix_problem_community_ended", "community_id", "ending", "ended_at", "id"),
        # What lists and the home page count is in the index: the rows themselves are not read.
        Index(
            "ix_problem_counted",
            "community_id",
            "stage",
            "lane",
            "grid_id",
            "hidden",
            "accountable_id",
        ),
        Index("ix_problem_matter", "matter_id", "community_id"),
        Index("ix_problem_raised", "community_id", "raised_at"),
        Index("ix_problem_grid", "grid_id", "matter_id", "raised_at"),
        Index("ix_problem_accountable", "accountable_id", "stage", "id"),
        Index("ix_problem_raiser", "raiser_id", "id"),
        Index(
            "ix_problem_open",
            "community_id",
            "id",
            sqlite_where=text("ending IS NULL"),
            postgresql_where=text("ending IS NULL"),
        ),
        # What the map shows: few have a pin, and to find sixty nobody reads all that have none.
        Index(
            "ix_problem_pinned",
            "community_id",
            "id",
            sqlite_where=text("ending IS NULL AND longitude IS NOT NULL"),
            postgresql_where=text("ending IS NULL AND longitude IS NOT NULL"),
        ),
        Index(
            "ix_problem_recorded",
            "recorded_by",
            "id",
            sqlite_where=text("recorded_by IS NOT NULL"),
            postgresql_where=text("recorded_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    spot: Mapped[str] = mapped_column(String(120), default="")
    longitude: Mapped[int | None]
    latitude: Mapped[int | None]
    salt: Mapped[str] = mapped_column(String(32))
    raiser_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Moment)
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"))
    names_person: Mapped[bool] = mapped_column(default=False)
    emergency: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)
    lane: Mapped[Lane | None] = mapped_column(choice(Lane))
    stage: Mapped[Stage] = mapped_column(choice(Stage), default=Stage.RAISED)
    official: Mapped[Official] = mapped_column(choice(Official), default=Official.NONE)
    ending: Mapped[Ending | None] = mapped_column(choice(Ending))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ending_words: Mapped[str] = mapped_column(Text, default="")
    accountable_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("problem.id"))
    seconds: Mapped[int] = mapped_column(default=0)
    households: Mapped[int] = mapped_column(default=0)
    round: Mapped[int] = mapped_column(default=1)
    rework: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Raiser(Model):
    """Who raised it: the author, and the authors of problems merged into it; their household counts too."""

    __tablename__ = "raiser"
    __table_args__ = (UniqueConstraint("problem_id", "person_id"), Index("ix_raiser_person", "person_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[datetime] = mapped_column(Moment)


class Second(Model):
    """That a person has met the problem too (附议); the household is that of the roll, where known."""

    __tablename__ = "second"
    __table_args__ = (UniqueConstraint("problem_id", "person_id"), Index("ix_second_person", "person_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class DossierName(Model):
    """The pseudonym a person has on one dossier, so that dossiers cannot be joined by name."""

    __tablename__ = "dossier_name"
    __table_args__ = (
        UniqueConstraint("problem_id", "person_id"),
        UniqueConstraint("problem_id", "ordinal"),
        Index("ix_dossier_name_person", "person_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ordinal: Mapped[int]


class Following(Model):
    """How much a person wants to hear of a dossier, where they said so; private, and never in the journal."""

    __tablename__ = "following"
    __table_args__ = (
        UniqueConstraint("problem_id", "person_id"),
        Index("ix_following_person", "person_id", "problem_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    level: Mapped[FollowLevel] = mapped_column(choice(FollowLevel))
    since: Mapped[datetime] = mapped_column(Moment)


class Triage(Model):
    """What the rules proposed for a problem, and what a person made of it."""

    __tablename__ = "triage"
    __table_args__ = (UniqueConstraint("problem_id", "turn"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    turn: Mapped[int]
    state: Mapped[TriageState] = mapped_column(choice(TriageState), default=TriageState.PROPOSED)
    proposed_lane: Mapped[Lane] = mapped_column(choice(Lane, "proposed_lane"))
    proposal: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    lane: Mapped[Lane | None] = mapped_column(choice(Lane))
    reason: Mapped[ReasonCode | None] = mapped_column(choice(ReasonCode))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    duty_item_id: Mapped[int | None] = mapped_column(ForeignKey("duty_item.id"))
    rule: Mapped[str] = mapped_column(String(8), default="")
    channel: Mapped[str] = mapped_column(String(120), default="")
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("problem.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    changed: Mapped[bool] = mapped_column(default=False)
    after_refusal: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class TriageAppeal(Model):
    """The one appeal of a raiser against the triage, answered by the level above."""

    __tablename__ = "triage_appeal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    outcome: Mapped[AppealOutcome | None] = mapped_column(choice(AppealOutcome))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class Confirmation(Model):
    """What a raiser answered after closing; any "not fixed" opens the next round."""

    __tablename__ = "confirmation"
    __table_args__ = (UniqueConstraint("problem_id", "round", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[ConfirmationAnswer] = mapped_column(choice(ConfirmationAnswer))
    words: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)


class Mediation(Model):
    """The recorded outcome of a mediation (lane M); who the parties are stays with the mediator."""

    __tablename__ = "mediation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # An appeal may send a mediated problem round again, so there can be a second outcome.
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), index=True)
    agreed: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Conclusion(Model):
    """How a deliberation that needed no vote ended, in the moderator's words."""

    __tablename__ = "conclusion"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Leeway(Model):
    """What the body that takes a problem declares can still be changed, and why; the last one holds, none is erased."""

    __tablename__ = "leeway"
    __table_args__ = (
        UniqueConstraint("problem_id", "version"),
        CheckConstraint("(room = 'partly') = (open_part <> '')", name="open_part"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    version: Mapped[int]
    room: Mapped[Room] = mapped_column(choice(Room))
    open_part: Mapped[str] = mapped_column(Text, default="")
    """What of it is open, where only a part is."""

    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Phase(Model):
    """From when until when a part of the deliberation is taken, and why; a part without a row is always open."""

    __tablename__ = "phase"
    __table_args__ = (
        Index("ix_phase_problem", "problem_id", "id"),
        CheckConstraint("closes_at IS NULL OR opens_at < closes_at", name="opens_before_closes"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_by IS NULL)", name="cancelled"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    part: Mapped[Part] = mapped_column(choice(Part))
    opens_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
