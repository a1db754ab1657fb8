"""The pages and forms of motions, decisions and resolutions."""

from cogov.decisions.views import acting, checking, pages, reasons, ruling, secret, steering
from cogov.decisions.views.current import bp

__all__ = ["acting", "bp", "checking", "pages", "reasons", "ruling", "secret", "steering"]
from cogov.decisions.views import (
    channels,
    helping,
    mandates,
    papers,
    serving,
)

__all__ = [
    "acting",
    "bp",
    "channels",
    "checking",
    "helping",
    "mandates",
    "pages",
    "papers",
    "ruling",
    "secret",
    "serving",
    "steering",
]
