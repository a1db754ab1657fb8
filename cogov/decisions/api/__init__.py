"""Decisions for programs: motions, notices, ballots, results, and the answer of the body that is named."""

# In the order of a decision, in which the document lists them.
# isort: off
from cogov.decisions.api import (
    reading,
    shown,
    motions,
    votes,
    checking,
    course,
    ruling,
    mandates,
    interest,
    delegates,
    reasons,
    rounds,
    channels,
    secret,
    templates,
)

# isort: on
from cogov.decisions.api.current import doors

__all__ = [
    "channels",
    "checking",
    "course",
    "delegates",
    "doors",
    "interest",
    "mandates",
    "motions",
    "reading",
    "reasons",
    "rounds",
    "ruling",
    "secret",
    "shown",
    "templates",
    "votes",
]
