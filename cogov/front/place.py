"""The page of a place: its public figures, its grids with their holders, and with whom things lie now."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, request, url_for
from flask_babel import format_datetime, gettext, ngettext

from cogov.front.coming import meeting_item, next_meetings
from cogov.front.figures import pace_lines, rate_cards, unit_lines
from cogov.front.findings import area_fields, attention_items, bars, flow_facts, funnel_lines
from cogov.ground.clock import now
from cogov.ground.pages import actor, page, words
from cogov.journal.kept import part
from cogov.oversight.queries import figures
from cogov.oversight.rules import DAYS, span_of
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import chain, communities, grids_of, holders_of, place_by_code
from cogov.places.rules import PlaceKind
from cogov.problems.queries import sight_of
from cogov.problems.rules.ribbon import STAGE_WORDS
from cogov.problems.rules.stages import Stage


def asked_days() -> int | None:
    """Return the length of the span asked for, if there is one of that length."""
    asked = request.args.get("days", "")
    return int(asked) if asked in {str(days) for days in DAYS} else None


def show_place(code: str) -> Response:
    """Show the figures of a place, the grids with their holders, and with whom things lie now."""
    by, here, at = actor(), place_by_code(code), now()
    days = span_of(asked_days(), at).days
    key = ("place", sight_of(by), here.id, days)
    return page(
        "front/place.html",
        here=here,
        above=chain(code)[:-1],
        days=days,
        news=[meeting_item(each) for each in next_meetings(code)],
        periods=_periods(here, days),
        sheet_url=url_for("front.place_sheet", code=here.code, days=days),
        figures=partial(part, key, "front/_place.html", partial(_figures, by, here, at)),
    )


def _figures(by: Actor, here: Place, at: datetime) -> dict[str, Any]:
    shown = figures(by, here, at, asked_days())
    return {
        "here": here,
        "at_text": format_datetime(at, gettext("M月d日 HH:mm")),
        "days": shown.span.days,
        "rates": rate_cards(shown.rates, shown.before),
        "units": unit_lines(shown),
        "paces": pace_lines(shown.paces),
        "areas": area_fields(here, shown.areas),
        "flow": flow_facts(shown),
        "funnel": funnel_lines(shown),
        "attention": attention_items(shown.attention, shown.units),
        "late_now": shown.attention.late_now,
        "stages": bars([(words(STAGE_WORDS[stage]), shown.by_stage.get(stage, 0)) for stage in Stage]),
        "waiting": bars(shown.waiting),
        **_around(here),
    }


def _periods(here: Place, current: int) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("front.place", code=here.code, days=days),
            "text": ngettext("近 %(n)s 天", "近 %(n)s 天", days, n=days),
            "current": days == current,
        }
        for days in DAYS
    ]


def _around(here: Place) -> dict[str, Any]:
    grids = grids_of(here.id)
    others = [other for other in communities() if other.id != here.id]
    return {
        "grids": grids,
        "holders": holders_of([grid.id for grid in grids] or [here.id]),
        "is_grid": here.kind is PlaceKind.GRID,
        "others": [{"url": url_for("front.place", code=other.code), "text": other.name} for other in others],
    }
