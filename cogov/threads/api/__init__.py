"""Threads for programs: messages, concerns with their answers, solutions with their versions."""

# In the order in which the document lists them.
# isort: off
from cogov.threads.api import messages, versions, summaries, concerns, solutions, proposals, framing

# isort: on
from cogov.threads.api.current import doors

__all__ = ["concerns", "doors", "framing", "messages", "proposals", "solutions", "summaries", "versions"]
