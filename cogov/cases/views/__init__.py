"""The pages of the official loop."""

from cogov.cases.views import acting as _acting
from cogov.cases.views.pages import bp

__all__ = ["bp"]

# The steps register themselves on the blueprint.
STEPS = _acting.SLUGS
