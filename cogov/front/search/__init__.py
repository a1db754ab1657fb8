"""Search over everything that rooms write: tokens kept beside each text, and only what a reader may see is found."""

from cogov.front.search.finding import Hit, count, find
from cogov.front.search.keeping import astray, watch_texts
from cogov.front.search.showing import show_search

__all__ = ["Hit", "astray", "count", "find", "show_search", "watch_texts"]
