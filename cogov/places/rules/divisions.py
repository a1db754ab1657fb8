"""The provinces, cities and districts of China by code, so that nobody has to type what stands above a street."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from cogov.places.rules.codes import CODE_LENGTH, PlaceKind

_KINDS = {CODE_LENGTH[kind]: kind for kind in (PlaceKind.PROVINCE, PlaceKind.CITY, PlaceKind.DISTRICT)}


@cache
def _names() -> dict[str, str]:
    text = resources.files("cogov.places").joinpath("catalogue/divisions.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def division(code: str) -> tuple[PlaceKind, str] | None:
    """Return kind and name of a province, city or district known by its code."""
    kind = _KINDS.get(len(code))
    name = _names().get(code) if kind else None
    return (kind, name) if kind and name else None


FOUND = 24
"""So many districts are offered to choose from; whoever finds more writes more of the name."""


def districts(text: str) -> list[tuple[str, str]]:
    """Return code and full name of the districts whose code or name somebody wrote, the exact ones first."""
    wanted = "".join(text.split())
    if not wanted:
        return []
    named = [(code, full_name(code)) for code in _names() if len(code) == CODE_LENGTH[PlaceKind.DISTRICT]]
    fitting = [(code, name) for code, name in named if code == wanted or wanted in name]
    exact = [(code, name) for code, name in fitting if code == wanted or name.endswith(wanted)]
    return (exact or fitting)[:FOUND]


def full_name(code: str) -> str:
    """Return what a district is called together with its city and province."""
    names = [_names().get(code[:length], "") for length in sorted(_KINDS) if length <= len(code)]
    # 直辖市 repeat the province as their city.
    return "".join(dict.fromkeys(name for name in names if name and name not in {"市辖区", "县"}))
