"""Setting up: the first administrator with the first community, the five steps, and opening."""

from __future__ import annotations

from cogov.front.admin.setup import beginning, calendar, duties, grids, posts, rules, steps

# Imported for their routes, which they hang on the blueprint.
ROUTES = (beginning, calendar, duties, grids, posts, rules, steps)
