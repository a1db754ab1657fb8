"""The pages and forms of a thread."""

from cogov.threads.views import (
    amendments,
    concerns,
    enclosures,
    framing,
    messages,
    reading,
    solutions,
    stakes,
    summaries,
    versions,
)
from cogov.threads.views.current import bp

__all__ = [
    "amendments",
    "bp",
    "concerns",
    "enclosures",
    "framing",
    "messages",
    "reading",
    "solutions",
    "stakes",
    "summaries",
    "versions",
]
