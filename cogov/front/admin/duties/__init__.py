"""The catalogue of matters, duty lists and the working calendar."""

from __future__ import annotations

from cogov.front.admin.duties import calendar, lists, matters

# Imported for their routes, which they hang on the blueprint.
ROUTES = (calendar, lists, matters)
