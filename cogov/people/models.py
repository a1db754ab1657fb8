"""Persons with their identity kept apart, organizations, roles held, sign-ins and codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.people.rules import OrganizationKind, Role
from cogov.people.rules.consents import ConsentKind
from cogov.people.rules.countersigning import CountersignedAct
from cogov.people.rules.entering import CodePurpose
from cogov.people.rules.looking import LookReason
from cogov.people.rules.suspension import SuspensionReason


class Person(Model):
    """A person as the platform knows them in public: a number and a pseudonym of their own choice."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(40), unique=True)
    language: Mapped[str] = mapped_column(String(16), default="zh_Hans_CN")
    created_at: Mapped[datetime] = mapped_column(Moment)
    suspended_at: Mapped[datetime | None] = mapped_column(Moment)
    renamed_at: Mapped[datetime | None] = mapped_column(Moment)


class Identity(Model):
    """Who a person is and how to reach them; read only by those whose duty needs it."""

    __tablename__ = "identity"
    __table_args__ = (CheckConstraint("phone IS NOT NULL OR email IS NOT NULL", name="reachable"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)


class SignIn(Model):
    """One signed-in device; ended by its owner, by signing out, or by a changed password.

    ``proved_at`` is when whoever sits at it last showed who they are; ``held_back`` lets roles of office rest until a
    second factor is set up, where the tenant asks for one.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person", "person_id", "ended_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    acting_id: Mapped[int | None] = mapped_column(ForeignKey("role_held.id"))
    proved_at: Mapped[datetime | None] = mapped_column(Moment)
    held_back: Mapped[bool] = mapped_column(default=False, server_default=text("(false)"))


class OneTimeCode(Model):
    """A code sent to a phone or an e-mail address; kept only as a hash, for a few minutes and a few tries."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        Index("ix_one_time_code_contact", "contact", "sent_at"),
        # The last word on "one a minute", whoever asks at the same instant.
        UniqueConstraint("contact", "minute"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact: Mapped[str] = mapped_column(String(254))
    purpose: Mapped[CodePurpose] = mapped_column(choice(CodePurpose))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    minute: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignUp(Model):
    """What a person wrote when signing up, kept until the contact is confirmed; nobody has joined yet."""

    __tablename__ = "sign_up"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact: Mapped[str] = mapped_column(String(254))
    pseudonym: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(32))
    privacy_version: Mapped[str] = mapped_column(String(16))
    terms_version: Mapped[str] = mapped_column(String(16), default="", server_default="")
    home_version: Mapped[str] = mapped_column(String(16), default="", server_default="")
    started_at: Mapped[datetime] = mapped_column(Moment)


class Consent(Model):
    """To what a person agreed, in which version, from when until when."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_current",
            "person_id",
            "kind",
            "version",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind))
    version: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class FailedSignIn(Model):
    """A try that is counted under a key: of a password for a contact from a network, of codes from a network.

    A password's is entered before the password is looked at and taken back when it was right, so that many tries at
    once count, and nobody locks another out. Keys are hashed: neither contact nor address can be read here.
    """

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_key", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class Organization(Model):
    """A body, committee, firm, branch or association; it acts only through named members."""

    __tablename__ = "organization"
    __table_args__ = (UniqueConstraint("scope", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[OrganizationKind] = mapped_column(choice(OrganizationKind))
    name: Mapped[str] = mapped_column(String(80))
    short_name: Mapped[str] = mapped_column(String(20), default="")
    scope: Mapped[str] = mapped_column(String(32))
    contact: Mapped[str] = mapped_column(String(120), default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class RoleHeld(Model):
    """A role held by a person at a place, for an organization (then it is a mandate) or for themselves."""

    __tablename__ = "role_held"
    __table_args__ = (
        Index("ix_role_held_person", "person_id", "ended_at"),
        Index("ix_role_held_organization", "organization_id", "role"),
        Index(
            "uq_role_held_personal",
            "person_id",
            "role",
            "scope",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organization_id IS NULL"),
            postgresql_where=text("ended_at IS NULL AND organization_id IS NULL"),
        ),
        Index(
            "uq_role_held_mandate",
            "person_id",
            "role",
            "scope",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND organization_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(choice(Role))
    scope: Mapped[str] = mapped_column(String(32))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    public_name: Mapped[str] = mapped_column(String(80), default="")
    document: Mapped[str] = mapped_column(String(120), default="", server_default="")
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Suspension(Model):
    """That a person may not raise, second, speak or claim at a place for a time; ends by itself, or is lifted before.

    It holds once it is agreed to: at once when it is short, by a second person when it is long.
    """

    __tablename__ = "suspension"
    __table_args__ = (
        Index("ix_suspension_person", "person_id", "until"),
        CheckConstraint("until > since", name="forwards"),
        CheckConstraint("agreed_by IS NULL OR agreed_by != asked_by", name="second_person"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(32))
    reason: Mapped[SuspensionReason] = mapped_column(choice(SuspensionReason))
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class ApiToken(Model):
    """A key that a person made for a program: for some scopes, until a day; kept only as a hash."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class AuthenticatorApp(Model):
    """The secret that a person shares with an app which shows six digits; sealed, and in force once a code was right.

    ``last_step`` is the half minute of the last code taken, so that none is taken twice.
    """

    __tablename__ = "authenticator_app"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class Passkey(Model):
    """A key that lies in a person's device and signs for them; only its public half is here."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    last_used_on: Mapped[date | None]


class RecoveryCode(Model):
    """One of ten codes on paper that stand in once for a lost second factor; kept only as a hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Countersign(Model):
    """A powerful act that waits for a second person; it has effect when they sign, and none when time runs out."""

    __tablename__ = "countersign"
    __table_args__ = (
        CheckConstraint("NOT agreed OR settled_by != asked_by", name="second_person"),
        CheckConstraint("(settled_at IS NULL) = (agreed IS NULL)", name="settled"),
        Index(
            "uq_countersign_open",
            "act",
            "person_id",
            "scope",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    act: Mapped[CountersignedAct] = mapped_column(choice(CountersignedAct))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    scope: Mapped[str] = mapped_column(String(32))
    terms: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed: Mapped[bool | None]


class Look(Model):
    """That somebody saw, by duty, how a person is called and reached; the person sees this row."""

    __tablename__ = "look"
    __table_args__ = (Index("ix_look_person", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    looked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "lookrole"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    reason: Mapped[LookReason] = mapped_column(choice(LookReason))
    at: Mapped[datetime] = mapped_column(Moment)


class Leaving(Model):
    """That a person asked for their account to be closed; done when the time for thinking again is over."""

    __tablename__ = "leaving"
    __table_args__ = (
        CheckConstraint("taken_back_at IS NULL OR done_at IS NULL", name="one_end"),
        Index(
            "uq_leaving_open",
            "person_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL AND done_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL AND done_at IS NULL"),
        ),
        Index(
            "ix_leaving_due",
            "due_at",
            sqlite_where=text("taken_back_at IS NULL AND done_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL AND done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    words: Mapped[bool]
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
