"""Pages of conversations and their maps."""

# For their routes.
from cogov.opinion.views import conversations, reading, taking_over
from cogov.opinion.views.current import bp

__all__ = ["bp", "conversations", "reading", "taking_over"]
