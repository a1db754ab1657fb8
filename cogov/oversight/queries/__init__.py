"""The public figures of a place, from a grid to a province: counts with their sums, and never about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cogov.journal.kept import kept
from cogov.oversight.queries.areas import (
    Attention,
    Overdue,
    Repeated,
    areas,
    attention,
    repeat_share,
    standing_in,
    waiting,
)
from cogov.oversight.queries.paces import paces
from cogov.oversight.queries.parts import Burden, Flow, acts, burden, flow, funnel
from cogov.oversight.queries.rates import Rates, Unit, rates, units
from cogov.oversight.rules import Area, Pace, Part, Share, Span, span_of
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.models import Place
from cogov.problems.queries import sight_of
from cogov.problems.rules.stages import Stage


@dataclass(frozen=True)
class Figures:
    """All that the page of a place shows, for a span and as it is now."""

    span: Span
    rates: Rates
    before: Rates
    units: list[Unit]
    paces: list[Pace]
    areas: list[Area]
    flow: Flow
    repeats: Share
    funnel: dict[OrganizationKind | None, dict[Part, int]]
    burden: Burden
    attention: Attention
    by_stage: dict[Stage, int]
    waiting: list[tuple[str, int]]


def figures(by: Actor, place: Place, at: datetime, days: int | None = None) -> Figures:
    """Return the figures of a place up to a moment, in the same few queries whatever its size.

    All but what is late is the same for every reader, and counted once for them all until something happens.
    """
    span = span_of(days, at)
    public = kept(("figures", place.id, days), lambda: _public(place, span))
    sight = sight_of(by)
    late = kept(("attention", sight, place.id, days), lambda: attention(sight, place, span))
    return Figures(**public, attention=late)


def _public(place: Place, span: Span) -> dict[str, Any]:
    done, came, standing = acts(place, span), flow(place, span), standing_in(place)
    return {
        "span": span,
        "rates": rates(place, span),
        "before": rates(place, span.before),
        "units": units(place, span),
        "paces": paces(place, span),
        "areas": areas(place, span, standing),
        "flow": came,
        "repeats": repeat_share(place, span),
        "funnel": funnel(done),
        "burden": burden(done, came.ended),
        "by_stage": standing.by_stage(),
        "waiting": waiting(standing),
    }


__all__ = [
    "Attention",
    "Burden",
    "Figures",
    "Flow",
    "Overdue",
    "Rates",
    "Repeated",
    "Unit",
    "figures",
]
