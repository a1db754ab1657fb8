"""The page of search: what was found, where it stands, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from cogov.front.frame import community
from cogov.front.search.finding import MOST, PAGE, Hit, count, find, key_after, places_of, texts_of
from cogov.front.search.sources import BY_KIND, SOURCES
from cogov.ground.pages import actor, dossier_url, page, words
from cogov.ground.search import Term, marked, terms
from cogov.journal.kept import part
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.rules import PlaceKind
from cogov.problems.queries import sight_of

KEPT = ("q", "place", "everywhere")


def show_search() -> Response:
    """Show what was found, where it stands, and the way to it; nothing found is said, with what to do next."""
    by, here = actor(), community()
    asked = request.args.get("q", "").strip()[:60]
    everywhere = bool(request.args.get("everywhere")) or here is None
    place_id = None if everywhere or here is None else here.id
    wanted = terms(asked)
    counts = count(by, wanted, place_id) if wanted else {}
    kind = request.args.get("kind", "")
    narrowed = Narrowed(asked, place_id, kind if kind in counts else "", request.args.get("after", ""))
    ways = {name: request.args[name] for name in KEPT if request.args.get(name)}

    def found() -> dict[str, Any]:
        return {"everywhere": everywhere, **_found(by, wanted, narrowed, counts, ways)}

    # Whoever may see as much is shown the same.
    same = ("found", sight_of(by), narrowed, everywhere, *ways.items())
    return page(
        "front/search.html",
        here=here,
        asked=asked,
        everywhere=everywhere,
        results=partial(part, same, "front/_found.html", found),
    )


@dataclass(frozen=True)
class Narrowed:
    """What somebody looks for, and where in the list they are."""

    asked: str
    place_id: int | None
    kind: str
    after: str


def _found(
    by: Actor, wanted: tuple[Term, ...], narrowed: Narrowed, counts: dict[str, int], ways: dict[str, Any]
) -> dict[str, Any]:
    asked, kind = narrowed.asked, narrowed.kind
    found = (
        find(by, wanted, place_id=narrowed.place_id, kind=kind, after=narrowed.after, limit=PAGE + 1) if counts else []
    )
    hits, more = found[:PAGE], len(found) > PAGE
    return {
        "asked": asked,
        "total": sum(min(number, MOST) for number in counts.values()),
        "more": any(number > MOST for number in counts.values()),
        "chips": _chips(counts, kind, ways),
        "hits": _shown(hits, asked),
        "next_url": url_for("front.search", **ways, kind=kind or None, after=key_after(hits[-1])) if more else "",
        "everywhere_url": url_for("front.search", **{**ways, "everywhere": 1}),
        "raise_url": url_for("problems.new", text=asked or None),
    }


def _chips(counts: dict[str, int], chosen: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    if len(counts) < 2:
        return []
    whole = {
        "url": url_for("front.search", **kept),
        "text": gettext("全部"),
        "count": _as_counted(sum(min(number, MOST) for number in counts.values()), max(counts.values())),
        "current": not chosen,
    }
    return [whole] + [
        {
            "url": url_for("front.search", **kept, kind=source.kind),
            "text": words(source.label),
            "count": _as_counted(min(counts[source.kind], MOST), counts[source.kind]),
            "current": source.kind == chosen,
        }
        for source in SOURCES
        if source.kind in counts
    ]


def _as_counted(number: int, most: int) -> str:
    """Return a number as it was counted: where counting has stopped, there are more."""
    return f"{number}+" if most > MOST else str(number)


_TABS = {
    "message": "discussion",
    "concern": "concerns",
    "answer": "concerns",
    "solution": "solutions",
    "decision": "decisions",
}


def _shown(hits: list[Hit], asked: str) -> list[dict[str, Any]]:
    texts, places = texts_of(hits), places_of(hits)
    return [_row(hit, texts.get((hit.kind, hit.subject_id), ""), places.get(hit.subject_id), asked) for hit in hits]


def _row(hit: Hit, text: str, place: Place | None, asked: str) -> dict[str, Any]:
    first, _, rest = text.partition("\n")
    if hit.kind == "problem":
        title, _, rest = rest.partition("\n")
        return _line(hit, dossier_url(hit.number), title, rest, asked, number=first)
    if hit.kind == "place":
        return _line(hit, _place_url(place), first, "", asked)
    if hit.kind == "announcement":
        return _line(hit, url_for("announcements.show", announcement_id=hit.subject_id), first, rest, asked)
    if hit.kind == "task":
        return _line(hit, url_for("tasks.show", task_id=hit.subject_id), first, rest, asked, number=hit.number)
    url = dossier_url(hit.number, tab=_TABS[hit.kind])
    if hit.kind in ("solution", "decision"):
        return _line(hit, url, first, rest, asked, number=hit.number)
    return _line(hit, url, hit.title, text, asked, number=hit.number)


def _place_url(place: Place | None) -> str:
    if place is None:
        return url_for("front.home")
    if place.kind is PlaceKind.COMMUNITY:
        return url_for("front.place", code=place.code)
    return url_for("problems.index", grid=place.id, place=place.code[:12])


def _line(hit: Hit, url: str, title: str, text: str, asked: str, number: str = "") -> dict[str, Any]:
    return {
        "url": url,
        "kind": words(BY_KIND[hit.kind].label),
        "title": marked(title, asked, 60),
        "text": marked(text, asked) if text.strip() else [],
        "number": number,
    }
