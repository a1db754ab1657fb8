"""Robots: whose, of what kind, where they listen, and how it went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.robots.rules import Fault, RobotKind, RobotState, RobotTopic
from cogov.robots.rules.keeping import LONGEST_NAME


class Robot(Model):
    """A group robot or another system, of an organization or of a community.

    ``ear`` is where it listens, encrypted (``ground.vault``), and gone once it is removed; only the last signs of the
    address are shown. ``heard`` is the entry of the journal up to which it has been told; ``failures`` counts posts
    refused for good, one after the other.
    """

    __tablename__ = "robot"
    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) <> (community_id IS NULL)", name="one_owner"),
        CheckConstraint("hears <> 'desk' OR organization_id IS NOT NULL", name="desk_of_organization"),
        CheckConstraint("(state = 'removed') = (ear = '')", name="removed_without_ear"),
        Index(
            "uq_robot_organization_name",
            "organization_id",
            "name",
            unique=True,
            sqlite_where=text("state <> 'removed' AND organization_id IS NOT NULL"),
            postgresql_where=text("state <> 'removed' AND organization_id IS NOT NULL"),
        ),
        Index(
            "uq_robot_community_name",
            "community_id",
            "name",
            unique=True,
            sqlite_where=text("state <> 'removed' AND community_id IS NOT NULL"),
            postgresql_where=text("state <> 'removed' AND community_id IS NOT NULL"),
        ),
        Index("ix_robot_made_by", "made_by"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[RobotKind] = mapped_column(choice(RobotKind))
    hears: Mapped[RobotTopic] = mapped_column(choice(RobotTopic))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    ear: Mapped[str] = mapped_column(Text)
    tail: Mapped[str] = mapped_column(String(4))
    state: Mapped[RobotState] = mapped_column(choice(RobotState), default=RobotState.ON)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)
    heard: Mapped[int] = mapped_column(Id)
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    fault: Mapped[Fault | None] = mapped_column(choice(Fault))
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
