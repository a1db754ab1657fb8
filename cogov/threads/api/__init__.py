"""Threads for programs: messages, concerns with their answers, solutions with their versions."""

# In the order in which the document lists them.
# isort: off
from cogov.threads.api import (
    messages,
    versions,
    summaries,
    concerns,
    solutions,
    amendments,
    endorsing,
    pledges,
    minority,
    framing,
)

# isort: on
from cogov.threads.api.current import doors

__all__ = [
    "amendments",
    "concerns",
    "doors",
    "endorsing",
    "framing",
    "messages",
    "minority",
    "pledges",
    "solutions",
    "summaries",
    "versions",
]
