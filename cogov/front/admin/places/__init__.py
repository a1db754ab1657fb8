"""Places: the tree from districts to grids, buildings and units; who holds a grid; thresholds; who lives where."""

from __future__ import annotations

from cogov.front.admin.places import buildings, grids, residences, settings, tree

# Imported for their routes, which they hang on the blueprint.
ROUTES = (buildings, grids, residences, settings, tree)
