"""The blueprint, and what every page of this room begins with."""

from __future__ import annotations

from flask import Blueprint, request

from cogov.ground.pages import actor, words
from cogov.ground.refusals import NotFound, Refusal
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import communities, home_community, place_by_code
from cogov.places.rules import PlaceKind

bp = Blueprint("decisions", __name__)


def by() -> Actor:
    """Return who asks."""
    who: Actor = actor()
    return who


def told(refusal: Refusal) -> str:
    """Return a refusal as the error of a form: what does not go, and what to do next."""
    return " ".join(part for part in (words(refusal.message), words(refusal.what_next)) if part)


def community() -> Place | None:
    """Return the community a list is about: the one asked for, else one's own, else the first there is."""
    code = request.args.get("place", "")
    if code:
        place = place_by_code(code)
        if place.kind is not PlaceKind.COMMUNITY:
            raise NotFound
        return place
    return home_community(by()) or next(iter(communities(1)), None)
