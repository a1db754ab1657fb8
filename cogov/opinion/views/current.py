"""The blueprint, and what every page of this room begins with."""

from __future__ import annotations

from flask import Blueprint

from cogov.ground.pages import actor
from cogov.people.rules import Actor

bp = Blueprint("opinion", __name__)


def by() -> Actor:
    """Return who asks."""
    who: Actor = actor()
    return who
