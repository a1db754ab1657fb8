"""Ballots that a place keeps ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment


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
