"""What the roll may hold: uses of units, kinds of owners, ways to live somewhere."""

from __future__ import annotations

from enum import StrEnum


class UnitUse(StrEnum):
    """What a unit is registered for."""

    DWELLING = "dwelling"
    SHOP = "shop"
    PARKING = "parking"
    STORAGE = "storage"


class OwnerKind(StrEnum):
    """Who owns: a person, a company, or the developer that has not sold yet."""

    PERSON = "person"
    COMPANY = "company"
    DEVELOPER = "developer"


class ResidenceKind(StrEnum):
    """As what a person lives in a unit."""

    OWNER = "owner"
    FAMILY = "family"
    TENANT = "tenant"
