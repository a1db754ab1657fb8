"""The matters people bring, each with its lane, rules, limit and the words it is known by; and those cogov ships."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import MatterKey, MatterKind


class Trust(StrEnum):
    """How well a default is founded: a law or standard was read, a secondary source, a judgement."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Guidance:
    """What is proposed for a matter until a tenant says otherwise; lane, reasons, rules and decider are codes."""

    lane: str
    reasons: tuple[str, ...]
    rules: tuple[str, ...]
    decider: str
    limit: Limit
    basis: str
    confidence: Trust
    close_condition: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """What differs where the same matter stands inside an estate (`in_estate`), and the words that tell."""

    name: str
    in_estate: bool
    words: tuple[str, ...]
    guidance: Guidance


@dataclass(frozen=True)
class Matter:
    """One entry of the catalogue; a matter known by name and code only has no guidance."""

    key: MatterKey
    name: str
    radius_m: int
    also: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    guidance: Guidance | None = None
    variants: tuple[Variant, ...] = ()


@cache
def shipped() -> tuple[Matter, ...]:
    """Return the catalogue that comes with cogov."""
    text = resources.files("cogov.duties").joinpath("catalogue/matters.json").read_text(encoding="utf-8")
    return tuple(matter_from(entry) for entry in json.loads(text))


def matter_from(entry: Mapping[str, Any]) -> Matter:
    """Return a matter from an entry of the catalogue file; KeyError or ValueError when it is not well formed."""
    guidance = _guidance(entry) if "lane" in entry else None
    return Matter(
        key=MatterKey(entry["standard"], MatterKind(entry["kind"]), entry["code"]),
        name=entry["name"],
        radius_m=entry["radius_m"],
        also=tuple(entry.get("also", ())),
        words=tuple(entry.get("words", ())),
        guidance=guidance,
        variants=tuple(_variant(other, guidance) for other in entry.get("variants", ()) if guidance),
    )


def _guidance(entry: Mapping[str, Any]) -> Guidance:
    return Guidance(
        lane=entry["lane"],
        reasons=tuple(entry["reasons"]),
        rules=tuple(entry["rules"]),
        decider=entry["decider"],
        limit=Limit(entry["limit"]["amount"], LimitUnit(entry["limit"]["unit"])),
        basis=entry["basis"],
        confidence=Trust(entry["confidence"]),
        close_condition=entry["close_condition"],
        numbers=tuple(entry.get("numbers", ())),
    )


def _variant(entry: Mapping[str, Any], usual: Guidance) -> Variant:
    guidance = replace(
        usual,
        lane=entry["lane"],
        reasons=tuple(entry["reasons"]),
        rules=tuple(entry["rules"]),
        decider=entry["decider"],
        basis=entry["basis"],
    )
    return Variant(entry["name"], entry["in_estate"], tuple(entry["words"]), guidance)
