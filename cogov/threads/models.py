"""Messages, concerns with their answers, and solutions with their versions; all hang on a problem."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind, MessageState
from cogov.threads.rules.minority import OutcomeKind
from cogov.threads.rules.pledges import PledgeKind, PledgeState
from cogov.threads.rules.summaries import SummaryKind, SummaryState

_PROPOSED = text("state = 'proposed'")
_MINUTES = text("kind = 'minutes' AND state = 'standing'")


class Message(Model):
    """A message in the thread of a problem, or a reply to one (one level)."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_problem_top",
            "problem_id",
            "id",
            sqlite_where=text("reply_to_id IS NULL"),
            postgresql_where=text("reply_to_id IS NULL"),
        ),
        Index("ix_message_problem", "problem_id", "person_id"),
        Index("ix_message_reply", "reply_to_id", "id"),
        Index("ix_message_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind))
    text: Mapped[str] = mapped_column(Text)
    """Empty while it does not stand: what was taken down lies sealed (`cogov.moderation`)."""

    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MessageState] = mapped_column(
        choice(MessageState), default=MessageState.SHOWN, server_default="shown"
    )
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    """The last review of it, if anybody ever asked for one."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    quoted_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    quoted_version: Mapped[int | None]
    quoted_from: Mapped[int | None]
    quoted_to: Mapped[int | None]
    """Which signs of which version are quoted; the words stand in their own message alone, and go when it goes."""

    enclosed: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many files stand beside its words as they are now; a page of messages without any asks for none."""


class Concern(Model):
    """A serious concern: the harm, and what would remove it; it blocks a vote until it is answered."""

    __tablename__ = "concern"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        Index(
            "ix_concern_open",
            "problem_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("solution.id"), index=True)
    """Which solution would do the harm, where it is one alone."""

    harm: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[ConcernState] = mapped_column(choice(ConcernState), default=ConcernState.OPEN)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)


class ConcernAnswer(Model):
    """The answer to a concern, or the chair's reason to overrule it, which waits for a second person.

    A concern may have one of each: a proposal to overrule that nobody agreed to stays on record beside the answer.
    """

    __tablename__ = "concern_answer"
    __table_args__ = (
        UniqueConstraint("concern_id", "overrules"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> person_id", name="second_person"),
        CheckConstraint("agreed_by IS NULL OR overrules", name="agreed_overrules"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"))
    overrules: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    solution_version_id: Mapped[int | None] = mapped_column(ForeignKey("solution_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    agreed_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)


class Solution(Model):
    """A proposed solution; what it says stands in its versions."""

    __tablename__ = "solution"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        Index("ix_solution_person", "person_id"),
        Index("ix_solution_organization", "organization_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class SolutionVersion(Model):
    """One version of a solution: what is done, what it costs (in fen), whether a permit is needed."""

    __tablename__ = "solution_version"
    __table_args__ = (
        UniqueConstraint("solution_id", "version"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    cost: Mapped[int | None] = mapped_column(Id)
    needs_permit: Mapped[bool] = mapped_column(default=False)
    benefits: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who has the good of it."""

    bears: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who pays for it, or has to put up with it."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


# Around solutions: changes to them, who stands behind them, what is promised for them --------------------------------


class Amendment(Model):
    """A change that somebody proposes to a version of a solution: the whole version as it would read, and why."""

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("solution_id", "number"),
        UniqueConstraint("solution_id", "became_version"),
        UniqueConstraint("became_solution_id"),
        CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
        CheckConstraint("(state = 'accepted') = (became_version IS NOT NULL)", name="accepted"),
        CheckConstraint("(state = 'promoted') = (became_solution_id IS NOT NULL)", name="promoted"),
        CheckConstraint("state <> 'rejected' OR answer <> ''", name="rejected"),
        Index("ix_amendment_waiting", "at", sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id"))
    number: Mapped[int]
    on_version: Mapped[int]
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    cost: Mapped[int | None] = mapped_column(Id)
    needs_permit: Mapped[bool] = mapped_column(default=False)
    benefits: Mapped[str] = mapped_column(String(200), default="")
    bears: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[AmendmentState] = mapped_column(choice(AmendmentState), default=AmendmentState.PROPOSED)
    answer: Mapped[str] = mapped_column(Text, default="")
    answer_salt: Mapped[str] = mapped_column(String(32), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    answered_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    became_version: Mapped[int | None]
    became_solution_id: Mapped[int | None] = mapped_column(ForeignKey("solution.id"))


class Endorsement(Model):
    """That an organization stands behind a version of a solution, until it takes that back."""

    __tablename__ = "endorsement"
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        Index(
            "uq_endorsement_standing",
            "solution_id",
            "organization_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id"))
    version: Mapped[int]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    standing_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Interest(Model):
    """What is at stake for somebody in one problem, as they say it; an office held is said apart from oneself."""

    __tablename__ = "interest"
    __table_args__ = (
        Index("ix_interest_person", "person_id", "problem_id"),
        Index(
            "uq_interest_own",
            "problem_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organization_id IS NULL"),
            postgresql_where=text("ended_at IS NULL AND organization_id IS NULL"),
        ),
        Index(
            "uq_interest_office",
            "problem_id",
            "person_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[InterestKind] = mapped_column(choice(InterestKind))
    words: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Pledge(Model):
    """What somebody promises to put in if a solution is carried out: fen, hours, or a thing in words."""

    __tablename__ = "pledge"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        CheckConstraint("(kind = 'material') = (amount IS NULL)", name="amount"),
        CheckConstraint("amount IS NULL OR amount > 0", name="positive"),
        CheckConstraint("settled_by IS NULL OR state <> 'kept' OR settled_by <> person_id", name="not_own"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int]
    solution_id: Mapped[int | None] = mapped_column(ForeignKey("solution.id"), index=True)
    kind: Mapped[PledgeKind] = mapped_column(choice(PledgeKind))
    amount: Mapped[int | None] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(80), default="")
    salt: Mapped[str] = mapped_column(String(32))
    state: Mapped[PledgeState] = mapped_column(choice(PledgeState), default=PledgeState.PLEDGED)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was asked for, because what it was promised for was decided."""

    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    settled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))


# Beside an outcome: who disagrees -------------------------------------------------------------------------------------


class Outcome(Model):
    """What came out and until when those who disagree are heard beside it; what it says stands with its own room."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("kind", "subject_id"), Index("ix_outcome_problem", "problem_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    kind: Mapped[OutcomeKind] = mapped_column(choice(OutcomeKind))
    subject_id: Mapped[int] = mapped_column(Id)
    """The conclusion of the deliberation, or the decision; that one lies above this room."""

    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)


class MinorityOpinion(Model):
    """What those say who disagree with an outcome."""

    __tablename__ = "minority_opinion"
    __table_args__ = (UniqueConstraint("outcome_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class MinoritySigner(Model):
    """That somebody stands behind a minority opinion; its author is the first."""

    __tablename__ = "minority_signer"
    __table_args__ = (
        UniqueConstraint("outcome_id", "person_id"),
        Index("ix_minority_signer_opinion", "opinion_id", "id"),
        Index("ix_minority_signer_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    outcome_id: Mapped[int] = mapped_column(ForeignKey("outcome.id"))
    opinion_id: Mapped[int] = mapped_column(ForeignKey("minority_opinion.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class MessageVersion(Model):
    """What a message said before it was edited; what it says now stands in the message itself."""

    __tablename__ = "message_version"
    __table_args__ = (UniqueConstraint("message_id", "version"), Index("ix_message_version_person", "person_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    version: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)


class Mention(Model):
    """That a message mentions somebody who takes part; they are told once."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("message_id", "person_id"), Index("ix_mention_person", "person_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """The first version that mentions them."""


class ReadingMark(Model):
    """How far somebody has read a thread, as the journal numbers it; theirs alone, and never in the journal."""

    __tablename__ = "reading_mark"
    __table_args__ = (UniqueConstraint("problem_id", "person_id"), Index("ix_reading_mark_person", "person_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry: Mapped[int] = mapped_column(Id)


class SummaryVersion(Model):
    """A version of what stands on top of a discussion, or one that somebody proposed; minutes are answered."""

    __tablename__ = "summary_version"
    __table_args__ = (
        UniqueConstraint("problem_id", "number"),
        CheckConstraint("(state = 'standing') = (number IS NOT NULL)", name="numbered"),
        CheckConstraint("decided_by IS NULL OR decided_by <> person_id", name="second_person"),
        Index("ix_summary_version_problem", "problem_id", "id"),
        Index("ix_summary_version_person", "person_id", "id"),
        Index("ix_summary_version_waiting", "id", sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
        Index("ix_summary_version_minutes", "problem_id", "id", sqlite_where=_MINUTES, postgresql_where=_MINUTES),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    number: Mapped[int | None]
    kind: Mapped[SummaryKind] = mapped_column(choice(SummaryKind))
    state: Mapped[SummaryState] = mapped_column(choice(SummaryState))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    base: Mapped[int] = mapped_column(default=0)
    """The number of the version that it was written on, 0 for none."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_under: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    decided_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")


class SummarySource(Model):
    """A message that a version of the summary rests on."""

    __tablename__ = "summary_source"
    __table_args__ = (UniqueConstraint("summary_version_id", "message_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    summary_version_id: Mapped[int] = mapped_column(ForeignKey("summary_version.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))


class MinutesAnswer(Model):
    """That somebody who takes part endorses minutes, or objects to them and why; the last word counts."""

    __tablename__ = "minutes_answer"
    __table_args__ = (
        UniqueConstraint("summary_version_id", "person_id"),
        CheckConstraint("endorses OR reason <> ''", name="reason"),
        Index("ix_minutes_answer_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    summary_version_id: Mapped[int] = mapped_column(ForeignKey("summary_version.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    endorses: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)


class SlowMode(Model):
    """That a person may write one message in so many minutes in a thread, by whom, why and until when."""

    __tablename__ = "slow_mode"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_slow_mode_problem", "problem_id", "id"),
        Index("ix_slow_mode_until", "until"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    standing_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Enclosure(Model):
    """A picture or document beside the words of a message, from one version of it until another."""

    __tablename__ = "enclosure"
    __table_args__ = (
        CheckConstraint("(picture_id IS NULL) <> (document_id IS NULL)", name="one_file"),
        CheckConstraint("until IS NULL OR until > since", name="versions"),
        UniqueConstraint("picture_id"),
        UniqueConstraint("document_id"),
        Index("ix_enclosure_message", "message_id", "id"),
        Index("ix_enclosure_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    words: Mapped[str] = mapped_column(String(200), default="")
    """What is on it, for who does not see it."""

    since: Mapped[int]
    until: Mapped[int | None]
    """The version that it does not stand beside any more."""
