"""What the roll may hold: uses of units, kinds of owners, ways to live somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role


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


def why_not_own(since: date, until: date | None, others: Iterable[tuple[date, date | None]]) -> Refusal | None:
    """One owner cannot hold one unit twice over the same days; `others` are the times already entered."""
    for began, ended in others:
        if (until is None or began < until) and (ended is None or since < ended):
            return Refusal(
                "ownership_overlaps",
                say("这位业主在同一房屋已登记的起始日期是 {day}，与这一行重叠。", day=began.isoformat()),
                what_next=say("请写相同的起始日期，或先更正登记。"),
                status=422,
            )
    return None


def why_not_share(shares: Iterable[Fraction]) -> Refusal | None:
    """Refuse shares of one unit that are more than the whole together."""
    summed = sum(shares, Fraction(0))
    if summed <= 1:
        return None
    return Refusal(
        "shares_above_one",
        say("这一套各位共有人的份额加起来是 {sum}，超过 1。", sum=f"{summed.numerator}/{summed.denominator}"),
        article="民法典第298条",
        what_next=say("请按不动产登记核对；要调整的，先改份额变少的那一位。"),
        status=422,
    )


def roles_of_living(kinds: Iterable[ResidenceKind]) -> frozenset[Role]:
    """Return the roles that somebody has by living in a community; owning there is another matter."""
    lives = set(kinds)
    tenant = {Role.TENANT} if ResidenceKind.TENANT in lives else set()
    return frozenset({Role.RESIDENT} | tenant) if lives else frozenset()


def why_not_end_residence(*, ended: bool) -> Refusal | None:
    """A residence ends once."""
    return Refusal("residence_ended", say("这一处住处已经登记搬走。")) if ended else None


_LIVING: dict[ResidenceKind, Words] = {
    ResidenceKind.OWNER: say("您住在这里，是业主"),
    ResidenceKind.FAMILY: say("您住在这里，是业主的家人"),
    ResidenceKind.TENANT: say("您住在这里，是租户"),
}


def living_words(kind: ResidenceKind) -> Words:
    """Return how a person lives in a unit, said to themselves."""
    return _LIVING[kind]


def door_words(building: str, staircase: str, door: str) -> Words:
    """Return a unit as its door plate says it."""
    if staircase:
        return say("{building} {staircase} 单元 {door} 室", building=building, staircase=staircase, door=door)
    return say("{building} {door} 室", building=building, door=door)
