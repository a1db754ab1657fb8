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
