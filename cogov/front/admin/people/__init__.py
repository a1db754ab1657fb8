"""People and roles: who holds what where, granting and ending it, keeping somebody from speaking for a while."""

from __future__ import annotations

from cogov.front.admin.people import entering, finding, granting, person, suspending, suspensions

# Imported for their routes, which they hang on the blueprint.
ROUTES = (entering, finding, granting, person, suspending, suspensions)
