"""Cases for programs: every step of the official loop, from verification to closing."""

# In the order in which the document lists them.
# isort: off
from cogov.cases.api import reading, carrying, steps, answering

# isort: on
from cogov.cases.api.current import doors

__all__ = ["answering", "carrying", "doors", "reading", "steps"]
