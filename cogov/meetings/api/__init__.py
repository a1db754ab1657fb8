"""Meetings for programs: the notice and the agenda, what happens while they are open, the minutes."""

# In the order of a meeting, in which the document lists them.
# isort: off
from cogov.meetings.api import reading, calling, hall, speaking, motions, minutes

# isort: on
from cogov.meetings.api.current import doors

__all__ = ["calling", "doors", "hall", "minutes", "motions", "reading", "speaking"]
