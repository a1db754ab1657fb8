"""The pages and forms of motions, decisions and resolutions."""

from cogov.decisions.views import (
    acting,
    channels,
    checking,
    delegates,
    helping,
    interest,
    mandates,
    pages,
    papers,
    reasons,
    rounds,
    ruling,
    secret,
    serving,
    sheets,
    steering,
    templates,
)
from cogov.decisions.views.current import bp

__all__ = [
    "acting",
    "bp",
    "channels",
    "checking",
    "delegates",
    "helping",
    "interest",
    "mandates",
    "pages",
    "papers",
    "reasons",
    "rounds",
    "ruling",
    "secret",
    "serving",
    "sheets",
    "steering",
    "templates",
]
