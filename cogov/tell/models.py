"""Notifications: one per entry of the journal and person; how much of them a person wants; and what is sent outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.tell.channels import Channel, MailPace
from cogov.tell.levels import NoticeLevel, NoticeTopic


class Notification(Model):
    """That a person was told of an entry, about which dossier or announcement, and why they of all people.

    ``why`` is a ``tell.levels.Why``, empty on rows older than the reason; ``needs`` says that it asks for an act.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("person_id", "entry_number"),
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry_number: Mapped[int] = mapped_column(ForeignKey("journal_entry.number"))
    problem_id: Mapped[int | None] = mapped_column(Id)
    announcement_id: Mapped[int | None] = mapped_column(Id)
    why: Mapped[str] = mapped_column(String(16), default="", server_default="")
    needs: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)


class NoticeChoice(Model):
    """How much a person wants to hear of a kind of notices, where they said so."""

    __tablename__ = "notice_choice"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[NoticeTopic] = mapped_column(choice(NoticeTopic))
    level: Mapped[NoticeLevel] = mapped_column(choice(NoticeLevel))
    since: Mapped[datetime] = mapped_column(Moment)


class Sending(Model):
    """One message to one receiver outside the platform, from the moment it is known to be due.

    No words of it are kept, only what they are rendered from at the moment of sending. Whoever sends it holds it until
    ``taken_until``; at the end it is either sent or given up, with a short code that says why.
    """

    __tablename__ = "sending"
    __table_args__ = (
        # What is still to do is little beside what was done; only that is looked through every minute.
        Index(
            "ix_sending_open",
            "next_try_at",
            sqlite_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND gave_up_at IS NULL"),
        ),
        Index("ix_sending_person", "person_id", "id"),
        CheckConstraint("sent_at IS NULL OR gave_up_at IS NULL", name="one_end"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    robot_id: Mapped[int | None] = mapped_column(ForeignKey("robot.id"))
    payload: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    due_at: Mapped[datetime] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    taken_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    gave_up_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(String(40), default="", server_default="")


class MailChoice(Model):
    """How often a person wants mail, where they said so; who said nothing gets none.

    ``next_at`` is when their next digest is due, and the two marks say up to which notification digests and mails at
    once have been put into the outbox: each piece of news goes into one digest. ``address`` is for mail only and proved
    by a code; nobody can sign in with it. Where it is empty, mail goes to the address that the person joined with.
    """

    __tablename__ = "mail_choice"
    __table_args__ = (Index("ix_mail_choice_next", "next_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    pace: Mapped[MailPace] = mapped_column(choice(MailPace))
    since: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(254), default="", server_default="")
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    told_up_to: Mapped[int] = mapped_column(Id, default=0, server_default=text("0"))
    asked_up_to: Mapped[int] = mapped_column(Id, default=0, server_default=text("0"))


class Reminded(Model):
    """That the reminders before a deadline are in the outbox; a deadline put off is another one."""

    __tablename__ = "reminded"

    clock_id: Mapped[int] = mapped_column(ForeignKey("running_clock.id"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class CalendarFeed(Model):
    """The secret address under which a person's calendar reads their deadlines; kept only as a hash, one at a time."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime] = mapped_column(Moment)
