"""Conversations for programs: asking, writing, answering, closing."""

# In the order in which the document lists them.
# isort: off
from cogov.opinion.api import conversations, statements, reading

# isort: on
from cogov.opinion.api.current import doors

__all__ = ["conversations", "doors", "reading", "statements"]
