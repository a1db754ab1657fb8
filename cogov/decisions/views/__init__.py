"""The pages and forms of motions, decisions and resolutions."""

from cogov.decisions.views import acting, pages, secret
from cogov.decisions.views.current import bp

__all__ = ["acting", "bp", "pages", "secret"]
