"""Statements in what officials write: how a quotation looks, and which statements a text names."""

from __future__ import annotations

import re
import unicodedata

from cogov.people.rules import PUBLIC_KINDS, Actor, OrganizationKind

ANSWERING = PUBLIC_KINDS | {
    OrganizationKind.COMMITTEE,
    OrganizationKind.OWNERS_COMMITTEE,
    OrganizationKind.PROPERTY,
}
"""Whose words are answers to the neighbourhood."""

MOST_QUOTED = 10
"""So many quotations of one text are noted; more is a list and no answer."""

_NAMED = re.compile(r"观点\s*[Ss]?\s*(\d{1,6})(?!\d)|(?<![0-9A-Za-z])S\s?(\d{1,6})(?![0-9A-Za-z])")


def quotation(number: int, text: str) -> str:
    """Return how a statement stands in an answer."""
    return f"【观点 S{number}】“{text}”"


def quoted_in(text: str) -> tuple[int, ...]:
    """Return the numbers of the statements that a text names (观点 S12, S12), each once, in their order."""
    numbers = (int(one or other) for one, other in _NAMED.findall(unicodedata.normalize("NFKC", text)))
    return tuple(dict.fromkeys(number for number in numbers if number))[:MOST_QUOTED]


def may_quote(by: Actor) -> bool:
    """Say whether what somebody writes is an answer: of a public body, the committee or the owners' committee."""
    return by.acting is not None and by.acting.organization_kind in ANSWERING
