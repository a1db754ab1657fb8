"""Moderation for programs: what is taken down, and what slows topics and keeps writers away for a time."""

# In the order in which the document lists them.
# isort: off
from cogov.front.moderation.api import taking_down, restraint, texts

# isort: on
from cogov.front.moderation.api.taking_down import doors

__all__ = ["doors", "restraint", "taking_down", "texts"]
