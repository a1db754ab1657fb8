"""The pages of the official loop."""

from cogov.cases.views import acting as _acting
from cogov.cases.views import carrying as _carrying
from cogov.cases.views import pages as _pages
from cogov.cases.views.current import bp

__all__ = ["bp"]

# The pages and the steps register themselves on the blueprint.
STEPS = _acting.SLUGS
SHOW = _pages.show
CARRIED = _carrying.from_meeting
