"""The pages and forms of motions, decisions and resolutions."""

from cogov.decisions.views import acting, checking, mandates, pages, ruling, secret, steering
from cogov.decisions.views.current import bp

__all__ = ["acting", "bp", "checking", "mandates", "pages", "ruling", "secret", "steering"]
