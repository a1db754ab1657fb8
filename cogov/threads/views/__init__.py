"""The pages and forms of a thread."""

from cogov.threads.views import concerns, messages, reading, solutions, summaries, versions
from cogov.threads.views.current import bp

__all__ = ["bp", "concerns", "messages", "reading", "solutions", "summaries", "versions"]
