"""The map of opinions as one page in a file of its own: what is published of it, in words, tables and one picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cogov.cli.spoken import Say
from cogov.ground import paths, settings
from cogov.ground.words import say
from cogov.opinion.rules.publishing import GroupShown, Published

SHEETS = ("cogov", "tables", "opinion", "print")
SIDE = 100.0


@dataclass(frozen=True)
class Circle:
    """A group on the picture."""

    name: str
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Picture:
    """Groups as circles: the middle of each where its people stand in the mean, as wide as they stand apart."""

    box: str
    letter: float
    circles: tuple[Circle, ...]


def page_of(published: Published, told: Mapping[str, Any], title: str, speak: Say) -> str:
    """Return the page."""
    pages = Environment(
        loader=FileSystemLoader(paths.templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pages.globals |= {"_": partial(_said, speak), "words": speak, "sheet": lambda _name: ""}
    pages.filters["spoken"] = speak
    return pages.get_template("opinion/paper.html").render(
        published=published,
        map=picture(published.groups),
        title=title,
        seed=told["stability"]["seed"],
        language=str(settings.read()["LANGUAGE"]).replace("_", "-"),
        style=Markup(_style()),  # noqa: S704 - our own sheets
    )


def _said(speak: Say, text: str, **facts: object) -> str:
    """Say a sentence of the page as templates write it."""
    told = speak(say(text))
    return told % facts if facts else told


def _style() -> str:
    folder = paths.PACKAGE / "static" / "css"
    text = {name: (folder / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS}
    return "\n".join([*(text[name] for name in SHEETS[:-1]), f"@media print{{{text['print']}}}"])


def picture(groups: tuple[GroupShown, ...]) -> Picture:
    """Fit the circles of all groups into a frame; up is up."""
    if not groups:
        return Picture("0 0 1 1", 1.0, ())
    left, right = min(g.x - g.spread for g in groups), max(g.x + g.spread for g in groups)
    low, high = min(g.y - g.spread for g in groups), max(g.y + g.spread for g in groups)
    scale = SIDE / max(right - left, high - low, 1e-6)
    circles = tuple(
        Circle(str(place), round((g.x - left) * scale, 2), round((high - g.y) * scale, 2), round(g.spread * scale, 2))
        for place, g in enumerate(groups, start=1)
    )
    width, height = round((right - left) * scale, 2), round((high - low) * scale, 2)
    return Picture(f"-2 -2 {width + 4} {height + 4}", round(sqrt(SIDE), 1), circles)
