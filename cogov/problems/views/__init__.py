"""The pages of problems: the list, raising, and each act on a problem; the dossier itself stands in front."""

from __future__ import annotations

from cogov.problems.views import acting as _acting
from cogov.problems.views import hinting as _hinting
from cogov.problems.views import listing as _listing
from cogov.problems.views import picturing as _picturing
from cogov.problems.views import raising as _raising
from cogov.problems.views import triaging as _triaging
from cogov.problems.views.current import bp

__all__ = ["bp"]

# Imported for their routes, which they hang on the blueprint.
ROUTES = (_listing, _raising, _hinting, _picturing, _triaging, _acting)
