"""Motions, decisions with their frozen rule, options and electorate, ballots, results, resolutions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.interest import InterestState
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.paper import SlipFault, SlipState
from cogov.decisions.rules.proxies import MandateEnd
from cogov.decisions.rules.reasons import Withheld
from cogov.decisions.rules.rounds import RoundChoice, RoundKind, Voice
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.decisions.rules.stages import AdoptAnswer, DecisionState, MotionState, Scope, Verdict
from cogov.ground.db import Id, Model, Moment, choice


class Motion(Model):
    """A motion: the question, the solution version it puts to the vote, and what should follow when it passes."""

    __tablename__ = "motion"
    __table_args__ = (
        Index("ix_motion_problem", "problem_id", "id"),
        CheckConstraint("supports >= 0", name="supports"),
        CheckConstraint("item IS NULL OR item BETWEEN 1 AND 9", name="item"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    solution_version_id: Mapped[int | None] = mapped_column(ForeignKey("solution_version.id"))
    question: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text, default="")
    salt: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(8))
    item: Mapped[int | None]
    scope: Mapped[Scope] = mapped_column(choice(Scope), default=Scope.COMMUNITY)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    staircase: Mapped[str] = mapped_column(String(10), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[MotionState] = mapped_column(choice(MotionState), default=MotionState.MOVED)
    supports: Mapped[int] = mapped_column(default=0)
    supports_needed: Mapped[int] = mapped_column(default=0)
    tabled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    tabled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    tabled_at: Mapped[datetime | None] = mapped_column(Moment)
    public_body_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    public_act: Mapped[str] = mapped_column(String(200), default="")
    form: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How the ballot is put (`rules/methods.py`); empty: one option is chosen."""


class MotionOption(Model):
    """An option of a motion with its consequence; frozen with the notice."""

    __tablename__ = "motion_option"
    __table_args__ = (UniqueConstraint("motion_id", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(40))
    consequence: Mapped[str] = mapped_column(String(200))
    cost: Mapped[int] = mapped_column(Id, default=0, server_default="0")


class PlannedTask(Model):
    """A task that is opened for claiming when the motion passes."""

    __tablename__ = "planned_task"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    slots: Mapped[int] = mapped_column(default=1)
    days: Mapped[int] = mapped_column(default=14)


class MotionSupport(Model):
    """That a person wants the motion tabled; a head that would vote is counted once, whoever of it speaks."""

    __tablename__ = "motion_support"
    __table_args__ = (UniqueConstraint("motion_id", "person_id"), UniqueConstraint("motion_id", "head_key"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    head_key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)


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
    state: Mapped[DecisionState] = mapped_column(choice(DecisionState), default=DecisionState.NOTICED)
    heads_total: Mapped[int]
    area_total: Mapped[int] = mapped_column(Id)
    units_total: Mapped[int]
    form: Mapped[str] = mapped_column(Text, default="", server_default="")


class DecisionTurnout(Model):
    """How many heads, with what area in 0.01 m², have voted: a row of its own.

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


class ElectorateHead(Model):
    """One head (人数) of the frozen electorate with its area in 0.01 m²."""

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
    """A unit of a head, for the shortage board (windows are counted, never named)."""

    __tablename__ = "electorate_unit"
    __table_args__ = (UniqueConstraint("decision_id", "unit_id"), Index("ix_electorate_unit_head", "head_id"))

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


# The bulletin, the bundle, and what may change the course of a vote ---------------------------------------------------


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


class CourseAct(Model):
    """Closing at another hour or annulling: asked for by one with the reason, in force when a second person signs."""

    __tablename__ = "course_act"
    __table_args__ = (
        CheckConstraint("NOT agreed OR settled_by != asked_by", name="second_person"),
        CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name="settled"),
        Index("ix_course_act_decision", "decision_id", "id"),
        Index(
            "uq_course_act_open",
            "decision_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[CourseKind] = mapped_column(choice(CourseKind))
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    annuller: Mapped[Annuller | None] = mapped_column(choice(Annuller))
    document: Mapped[str] = mapped_column(String(120), default="")
    dated: Mapped[date | None] = mapped_column(Date)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]


class Objection(Model):
    """What a member of the electorate objects to a result before it takes effect, and what they were answered."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("decision_id", "person_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


# Secret ballots -----------------------------------------------------------------------------------------------------
#
# Roll and box know nothing of each other: no key, no time, no number that counts up. Their rows lie in the order of
# their own keys (WITHOUT ROWID on SQLite), not in the order in which people came.


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


# Proxies and co-owners ------------------------------------------------------------------------------------------------


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


# Channels: paper, help, service -------------------------------------------------------------------------------------


class PaperSlip(Model):
    """A printed paper ballot of a head; its code is the receipt that the voter tears off, and opens the entry page."""

    __tablename__ = "paper_slip"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_paper_slip_live",
            "decision_id",
            "head_id",
            unique=True,
            sqlite_where=text("state <> 'rejected'"),
            postgresql_where=text("state <> 'rejected'"),
        ),
        CheckConstraint("(state = 'rejected') = (fault IS NOT NULL)", name="fault_said"),
        CheckConstraint("(state IN ('counted', 'rejected')) = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("channel IN ('paper', 'door')", name="on_paper"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    code: Mapped[str] = mapped_column(String(16))
    nonce: Mapped[str] = mapped_column(String(64))
    channel: Mapped[Channel] = mapped_column(choice(Channel), default=Channel.PAPER)
    state: Mapped[SlipState] = mapped_column(choice(SlipState), default=SlipState.ISSUED)
    fault: Mapped[SlipFault | None] = mapped_column(choice(SlipFault))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    issued_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class PaperReading(Model):
    """What one person read on a paper ballot; emptied of its marks once the paper is settled."""

    __tablename__ = "paper_reading"
    __table_args__ = (
        UniqueConstraint("slip_id", "position"),
        UniqueConstraint("slip_id", "person_id"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slip_id: Mapped[int] = mapped_column(ForeignKey("paper_slip.id"))
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    marks: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    fault: Mapped[SlipFault | None] = mapped_column(choice(SlipFault))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class HelpedBallot(Model):
    """What a helper marked for a voter who is present; it counts once a second person has said they were there."""

    __tablename__ = "helped_ballot"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_helped_ballot_decision", "decision_id", "id"),
        Index(
            "uq_helped_ballot_open",
            "decision_id",
            "head_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        CheckConstraint("helper_id != voter_id", name="helper"),
        CheckConstraint("NOT agreed OR (witness_id != helper_id AND witness_id != voter_id)", name="second_person"),
        CheckConstraint("NOT agreed OR witness_id IS NOT NULL", name="witnessed"),
        CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name="settled"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    code: Mapped[str] = mapped_column(String(16))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    helper_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    marks: Mapped[str] = mapped_column(Text, default="")
    """Emptied once it is settled: from then on the ballot has them."""

    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    witness_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]


class Service(Model):
    """That the notice of a vote reached a head, or that somebody tried; who voted is no part of it."""

    __tablename__ = "service"
    __table_args__ = (
        Index("ix_service_decision", "decision_id", "head_id", "id"),
        Index(
            "uq_service_opened",
            "decision_id",
            "head_id",
            "person_id",
            unique=True,
            sqlite_where=text("means = 'opened'"),
            postgresql_where=text("means = 'opened'"),
        ),
        CheckConstraint("means <> 'opened' OR outcome = 'delivered'", name="opened"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    head_id: Mapped[int] = mapped_column(ForeignKey("electorate_head.id"))
    means: Mapped[ServiceMeans] = mapped_column(choice(ServiceMeans))
    outcome: Mapped[ServiceOutcome] = mapped_column(choice(ServiceOutcome))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who opened it, or who brought it."""

    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    done_on: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)


class VoteReminder(Model):
    """That those who had not voted were reminded, so many hours before a vote closes; said once for each close."""

    __tablename__ = "vote_reminder"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)


# Reasons, templates of ballots --------------------------------------------------------------------------------------


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


class BallotTemplate(Model):
    """A ballot that a place keeps ready to be put again; what it says stands in its versions."""

    __tablename__ = "ballot_template"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    retired_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class BallotTemplateVersion(Model):
    """One version of a place's ballot; those before it stay to be read."""

    __tablename__ = "ballot_template_version"
    __table_args__ = (UniqueConstraint("template_id", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("ballot_template.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    form: Mapped[str] = mapped_column(Text, default="")
    """As `rules/methods.py` writes it."""

    options: Mapped[str] = mapped_column(Text, default="[]")
    """Label, consequence and cost of each option, as canonical JSON."""

    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why it was changed."""

    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[datetime] = mapped_column(Moment)


# Who has an interest, and who is sent -------------------------------------------------------------------------------


class InterestClaim(Model):
    """That the owner of a unit elsewhere says that a matter touches them, and what was decided about it.

    Only the applicant and those who decide read it; everybody sees how many were admitted.
    """

    __tablename__ = "interest_claim"
    __table_args__ = (
        CheckConstraint("settled_by IS NULL OR settled_by != person_id", name="second_person"),
        CheckConstraint("state NOT IN ('admitted', 'declined') OR settled_by IS NOT NULL", name="settled"),
        CheckConstraint("(settled_by IS NULL) = (settled_at IS NULL)", name="when"),
        Index(
            "uq_interest_claim_live",
            "motion_id",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'admitted')"),
            postgresql_where=text("state IN ('waiting', 'admitted')"),
        ),
        Index("ix_interest_claim_motion", "motion_id", "id"),
        Index("ix_interest_claim_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[InterestState] = mapped_column(choice(InterestState), default=InterestState.WAITING)
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was admitted or declined."""

    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_for: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class OrganizationDelegate(Model):
    """That an organization sends somebody of its own to vote for it on a motion; the last one it names goes."""

    __tablename__ = "organization_delegate"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index(
            "uq_organization_delegate_sent",
            "motion_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # One person speaks for one organization: else two voices would be one.
        Index(
            "uq_organization_delegate_person",
            "motion_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_organization_delegate_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SheetReading(Model):
    """That somebody read all choice halves of a secret vote's papers; of what they found there is only the digest."""

    __tablename__ = "sheet_reading"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    digest: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


class OpenRound(Model):
    """A question that everybody of a place answers openly; nothing is decided by it."""

    __tablename__ = "open_round"
    __table_args__ = (
        CheckConstraint("opened_at < closes_at", name="opens_before_closes"),
        CheckConstraint("(closed_at IS NULL) = (summary = '')", name="summed_up"),
        Index("ix_open_round_problem", "problem_id", "id"),
        Index(
            "ix_open_round_waiting",
            "community_id",
            "closes_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[RoundKind] = mapped_column(choice(RoundKind))
    question: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closes_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    summary: Mapped[str] = mapped_column(Text, default="")


class RoundAnswer(Model):
    """What one person says in an open round; a block names the concern in which its reason stands."""

    __tablename__ = "round_answer"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("(answer = 'block') = (concern_id IS NOT NULL)", name="block_has_reason"),
        Index("ix_round_answer_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("open_round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    voice: Mapped[Voice] = mapped_column(choice(Voice))
    answer: Mapped[RoundChoice] = mapped_column(choice(RoundChoice))
    concern_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"))
    at: Mapped[datetime] = mapped_column(Moment)
