"""The pages and forms of tasks."""

from cogov.tasks.views import board, cards, pages
from cogov.tasks.views.current import bp

__all__ = ["board", "bp", "cards", "pages"]
