"""Places by code, grids as polygons, buildings, units, and the owners' roll."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cogov.ground.db import Id, Model, Moment, choice
from cogov.places.rules import OwnerKind, PlaceKind, ResidenceKind, UnitUse


class Place(Model):
    """An area of administration; a code begins with the code of the place above it."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind))
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)


class GridShape(Model):
    """The polygon of a grid: a ring of (longitude, latitude) in 1e-6 degrees, with its box."""

    __tablename__ = "grid_shape"
    __table_args__ = (Index("ix_grid_shape_box", "community_id", "west", "east"),)

    grid_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    ring: Mapped[str] = mapped_column(Text)
    west: Mapped[int]
    east: Mapped[int]
    south: Mapped[int]
    north: Mapped[int]


class GridHolder(Model):
    """The named holder of a grid, or the deputy, with the contact that the public may use."""

    __tablename__ = "grid_holder"
    __table_args__ = (
        Index(
            "uq_grid_holder_current",
            "grid_id",
            "deputy",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    grid_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy: Mapped[bool] = mapped_column(default=False)
    contact: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime | None] = mapped_column(Moment)


class PlaceSetting(Model):
    """A threshold or time limit of a tenant; the nearest place above decides."""

    __tablename__ = "place_setting"
    __table_args__ = (UniqueConstraint("place_id", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(String(48))
    value: Mapped[int]
    changed_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SetUp(Model):
    """That a community is set up through the pages, and opens when somebody says so.

    A community without one is open: it came from sheets or the command line, complete.
    """

    __tablename__ = "set_up"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(Moment)
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    planned_on: Mapped[date | None]
    rules_at: Mapped[datetime | None] = mapped_column(Moment)
    rules_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Building(Model):
    """A building of a community."""

    __tablename__ = "building"
    __table_args__ = (UniqueConstraint("community_id", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    floors: Mapped[int] = mapped_column(default=0)


class Unit(Model):
    """A unit (专有部分); ``area`` in 0.01 m², None where no register, survey or contract gives it."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("building_id", "staircase", "door"),
        CheckConstraint("area IS NULL OR area > 0", name="area_positive"),
        Index("ix_unit_community", "community_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    staircase: Mapped[str] = mapped_column(String(10), default="")
    door: Mapped[str] = mapped_column(String(20))
    area: Mapped[int | None]
    use: Mapped[UnitUse] = mapped_column(choice(UnitUse), default=UnitUse.DWELLING)
    unsold: Mapped[bool] = mapped_column(default=False)


class Owner(Model):
    """An owner on the roll; ``person_id`` once a verified person has been joined to it."""

    __tablename__ = "owner"
    __table_args__ = (UniqueConstraint("community_id", "reference"), Index("ix_owner_person", "person_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    reference: Mapped[str] = mapped_column(String(40))
    kind: Mapped[OwnerKind] = mapped_column(choice(OwnerKind))
    name: Mapped[str] = mapped_column(String(80), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_at: Mapped[datetime | None] = mapped_column(Moment)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Ownership(Model):
    """That an owner holds a unit, alone or with others, from one day to another."""

    __tablename__ = "ownership"
    __table_args__ = (
        Index("ix_ownership_unit", "unit_id", "until"),
        Index("ix_ownership_owner", "owner_id", "until"),
        Index(
            "uq_ownership_current",
            "unit_id",
            "owner_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint(
            "(share_part IS NULL) = (share_of IS NULL) AND (share_of IS NULL OR share_part BETWEEN 1 AND share_of)",
            name="share",
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    share_part: Mapped[int | None]
    share_of: Mapped[int | None]
    """The share of the unit as a fraction in its lowest terms; empty where none is registered."""


class Residence(Model):
    """That a person lives in a unit; a unit with a verified residence is a household (户)."""

    __tablename__ = "residence"
    __table_args__ = (
        Index("ix_residence_unit", "unit_id", "ended_at"),
        Index(
            "uq_residence_current",
            "person_id",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[ResidenceKind] = mapped_column(choice(ResidenceKind))
    verified_at: Mapped[datetime] = mapped_column(Moment)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
