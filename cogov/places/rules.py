"""Codes of places, points in grids, and what the roll may hold: plain values and pure functions."""

from __future__ import annotations

from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import say


class PlaceKind(StrEnum):
    """Levels of administration; each code is longer than the one above by a fixed width."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


CODE_LENGTH = {
    PlaceKind.PROVINCE: 2,
    PlaceKind.CITY: 4,
    PlaceKind.DISTRICT: 6,
    PlaceKind.STREET: 9,
    PlaceKind.COMMUNITY: 12,
    PlaceKind.GRID: 15,
}


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


class Setting(StrEnum):
    """Thresholds and time limits that a tenant may set for a place and everything under it."""

    TRIAGE_HOURS = "triage_hours"
    EMERGENCY_TRIAGE_HOURS = "emergency_triage_hours"
    APPEAL_DAYS = "appeal_days"
    APPEAL_ANSWER_DAYS = "appeal_answer_days"
    CONCERN_ANSWER_DAYS = "concern_answer_days"
    MOTION_SUPPORTS = "motion_supports"
    OWNERS_SHARE_PERCENT = "owners_share_percent"
    VOTE_DAYS = "vote_days"
    RESOLUTION_ANSWER_DAYS = "resolution_answer_days"
    CALL_HOURS = "call_hours"
    CASE_DAYS = "case_days"
    CLAIM_DAYS = "claim_days"
    CONFIRMATION_DAYS = "confirmation_days"
    MEDIATION_DAYS = "mediation_days"
    GRID_HOUSEHOLDS_MIN = "grid_households_min"
    GRID_HOUSEHOLDS_MAX = "grid_households_max"
    STATUTORY_VOTE_AUTHORIZED = "statutory_vote_authorized"


DEFAULTS: dict[Setting, int] = {
    Setting.TRIAGE_HOURS: 24,
    Setting.EMERGENCY_TRIAGE_HOURS: 2,
    Setting.APPEAL_DAYS: 7,
    Setting.APPEAL_ANSWER_DAYS: 5,
    Setting.CONCERN_ANSWER_DAYS: 5,
    Setting.MOTION_SUPPORTS: 5,
    Setting.OWNERS_SHARE_PERCENT: 20,
    Setting.VOTE_DAYS: 7,
    Setting.RESOLUTION_ANSWER_DAYS: 10,
    Setting.CALL_HOURS: 48,
    Setting.CASE_DAYS: 7,
    Setting.CLAIM_DAYS: 14,
    Setting.CONFIRMATION_DAYS: 7,
    Setting.MEDIATION_DAYS: 30,
    Setting.GRID_HOUSEHOLDS_MIN: 20,
    Setting.GRID_HOUSEHOLDS_MAX: 600,
    Setting.STATUTORY_VOTE_AUTHORIZED: 0,
}
"""Days are working days for public bodies and calendar days for residents; hours run round the clock."""


Ring = tuple[tuple[int, int], ...]
"""A closed ring of (longitude, latitude) in 1e-6 degrees; the last point repeats the first."""


def contains(ring: Ring, x: int, y: int) -> bool:
    """Say whether a point lies in a polygon; of two that share an edge exactly one contains a point on it.

    Half-open crossing test in integers (no rounding): an edge counts when it straddles the point's parallel and
    crosses it strictly east of the point.
    """
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if (y1 > y) == (y2 > y):
            continue
        # x < x1 + (y - y1) * (x2 - x1) / (y2 - y1), multiplied out with the sign of (y2 - y1)
        side = (x - x1) * (y2 - y1) - (y - y1) * (x2 - x1)
        if (side < 0) == (y2 > y1) and side != 0:
            inside = not inside
    return inside


def prefixes(code: str) -> tuple[str, ...]:
    """Return the codes of a place and of every place above it, the narrowest first."""
    lengths = sorted((length for length in CODE_LENGTH.values() if length <= len(code)), reverse=True)
    return tuple(code[:length] for length in lengths)


def why_not_code(kind: PlaceKind, code: str, parent: str | None) -> Refusal | None:
    """A code has the digits of its level and begins with the code of an entered place above it."""
    length = CODE_LENGTH[kind]
    if not (code.isascii() and code.isdigit() and len(code) == length):
        return Refusal("code_malformed", say("代码应是 {n} 位数字。", n=length), article="CJ/T 213", status=422)
    if kind is not PlaceKind.PROVINCE and parent is None:
        return Refusal("place_above_missing", say("代码 {code} 的上一级还没有登记。", code=code), status=422)
    return None


def why_not_ring(ring: Ring) -> Refusal | None:
    """A grid is a closed ring with an area, within the range of degrees."""
    if len(ring) < 4 or ring[0] != ring[-1]:
        return Refusal("ring_open", say("网格边界要首尾相接，至少三个点。"), status=422)
    if any(abs(x) > 180_000_000 or abs(y) > 90_000_000 for x, y in ring):
        return Refusal("ring_out_of_range", say("坐标超出经纬度范围。"), status=422)
    if doubled_area(ring) == 0:
        return Refusal("ring_flat", say("网格边界没有围出面积。"), status=422)
    return None


def doubled_area(ring: Ring) -> int:
    """Return twice the area of a ring in square micro-degrees, without sign."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False)))
