"""The map of opinions as one page in a file of its own: what is published of it, in words, tables and one picture."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cogov.cli.spoken import Say
from cogov.ground import paths, settings
from cogov.ground.words import say
from cogov.opinion.rules.picture import picture
from cogov.opinion.rules.reading import published

SHEETS = ("cogov", "tables", "opinion", "print")


def page_of(public: Mapping[str, Any], texts: Mapping[str, str], title: str, speak: Say) -> str:
    """Return the page."""
    pages = Environment(
        loader=FileSystemLoader(paths.templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pages.globals |= {"_": partial(_said, speak), "words": speak, "sheet": lambda _name: ""}
    pages.filters["spoken"] = speak
    return pages.get_template("opinion/paper.html").render(
        published=published(public, texts),
        map=picture(public),
        title=title,
        seed=public["stability"]["seed"],
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
