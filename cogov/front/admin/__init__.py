"""The administrator's console, and the set-up of an empty installation."""

from __future__ import annotations

from cogov.front.admin import duties, imports, index, organizations, people, places, robots, second, setup, shares
from cogov.front.admin.code import setup_code
from cogov.front.admin.imports import forget_tried_sheets
from cogov.front.admin.parts import bp

__all__ = ["bp", "forget_tried_sheets", "setup_code"]

# Imported for their routes, which they hang on the blueprint.
ROUTES = (duties, imports, index, organizations, people, places, robots, second, setup, shares)
