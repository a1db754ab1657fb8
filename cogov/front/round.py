"""What stands round every page: drawn once for all pages that have as many parts, and filled with those of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import current_app, get_flashed_messages
from flask import session as cookie
from flask_babel import gettext
from markupsafe import Markup, escape

from cogov.ground.pages import Frame, frame
from cogov.journal.kept import drawn, shown_in

_MARK = "\x00{}\x00"
_MARKS = re.compile(r"\x00(\w+)\x00")

PARTS = (
    *("title", "description", "head", "scripts", "way_back", "above", "header_extra"),
    *("needs", "first", "main", "side", "paper", "bottom"),
)
"""What a page gives to be put in; its template makes them."""

OWN = (
    "top_name",
    "top_line",
    "title_place",
    "brand",
    "ways",
    "tools",
    "own",
    "flashes",
    "acting_now",
    "printed",
    "foot",
)
"""What differs by who reads, and where."""

_PUT = {name: Markup(_MARK.format(name)) for name in PARTS + OWN}  # noqa: S704 - marks of ours
_ASKED_FOR = ("way_back", "above", "header_extra", "first", "side", "top_name")
"""The parts for which there is a box only where they are not empty."""


def put_round(*, sheets: Iterable[str], layout: str, live: object, top: Any, **parts: str) -> Markup:
    """Return a whole page: what stands round it depends on which parts there are, and never on what they say."""
    shown = frame()
    put: dict[str, str] = {**parts, **_own(shown, top)}
    has = frozenset(name for name in _ASKED_FOR if not _is_empty(put[name]))
    somebody = shown.actor.person_id is not None
    known = {"named": tuple(sheets), "layout": str(layout or ""), "live": bool(live) or somebody}
    known |= {"has": has, "looks": shown.looks, "lang": shown.lang, "home": shown.home}
    key = (*(known[name] for name in ("named", "layout", "live", "has", "lang")), *shown.looks.values())
    pieces = drawn("_frame/round.html", key, lambda: known | {"put": _PUT}, cut=_MARKS.split)
    # Every other piece is the name of what stands there.
    filled = [put[piece] if index % 2 else piece for index, piece in enumerate(pieces)]
    return Markup("".join(filled))  # noqa: S704 - each part was rendered with escaping


def _is_empty(part: str) -> bool:
    return not part or part.isspace()


def _own(shown: Frame, top: Mapping[str, str] | None) -> dict[str, str]:
    place = shown.place
    name, line = (top.get("name", ""), top.get("line", "")) if top else ("", "")
    return {
        "top_name": escape(name),
        "top_line": Markup('<span class="meta">{}</span>').format(line) if line else "",
        "title_place": Markup(" · {}").format(place["name"]),
        "brand": drawn("_frame/brand.html", tuple(place.items()), lambda: {"place": place}),
        "ways": shown.ways,
        "tools": shown.tools,
        "own": shown.own,
        "flashes": _flashes(),
        "acting_now": _acting_now(shown),
        "printed": _printed(shown.printed),
        "foot": shown.foot,
    }


def _flashes() -> str:
    if "_flashes" not in cookie:
        return ""
    told = get_flashed_messages(with_categories=True)
    return current_app.jinja_env.get_template("_frame/flashes.html").render(flashes=told)


def _acting_now(shown: Frame) -> str:
    acting = shown.actor.acting
    name = acting.organization_name if acting else ""
    return drawn("_frame/acting.html", (name,), lambda: {"organization": name}) if name else ""


def _printed(said: Mapping[str, str]) -> Markup:
    """Return what a page says of itself on paper."""
    return Markup('<p class="code">{}</p>').format(said["url"]) + _made(
        said["at"], said["by"], said["seal"], shown_in()
    )


@lru_cache(maxsize=500)
def _made(at: str, by: str, seal: str, _language: str) -> Markup:
    made = Markup("<p>{}</p>").format(gettext("本页于 %(at)s 生成，读者：%(by)s", at=at, by=by))
    return made + Markup("<p>{}</p>").format(seal) if seal else made
