"""The blueprint, and what every page of this room begins with."""

from __future__ import annotations

from flask import Blueprint, request

from cogov.ground.pages import id_arg
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import communities, home_community, place_by_code

bp = Blueprint("tasks", __name__)


def between() -> dict[str, int | None]:
    """Return from which key a list is read."""
    return {"before": id_arg("before"), "after": id_arg("after")}


def place_here(by: Actor) -> Place | None:
    """Return the community a list is about: the one asked for, else one's own, else the first there is."""
    asked = request.args.get("place", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 12:
        return place_by_code(asked)
    return home_community(by) or next(iter(communities(1)), None)
