"""Levels of administration and the codes of their places."""

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


KIND_OF_LENGTH = {length: kind for kind, length in CODE_LENGTH.items()}


def above(code: str) -> str | None:
    """Return the code of the place directly above, None for a province."""
    return next(iter(prefixes(code)[1:]), None)


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
        above = code[: max(width for width in CODE_LENGTH.values() if width < length)]
        return Refusal(
            "place_above_missing",
            say("代码 {code} 的上一级 {above} 还没有登记。", code=code, above=above),
            what_next=say("请先登记上一级，再导入这一行。"),
            status=422,
        )
    return None
