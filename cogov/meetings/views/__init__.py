"""The pages of meetings: the notice and agenda, the hall, the desk, the wall, and the minutes."""

from cogov.meetings.views import calling, desk, hall, minutes
from cogov.meetings.views.current import bp

__all__ = ["bp", "calling", "desk", "hall", "minutes"]
