"""Who has which desk."""

from __future__ import annotations

from cogov.people.rules import Role

COMMAND_ROLES = frozenset({Role.DISPATCHER, Role.STREET_OFFICE, Role.INSPECTOR, Role.CLOSER})
"""Who sees the whole of what waits in an area."""

COMMITTEE_ROLES = frozenset({Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE, Role.GRID_WORKER})
"""Who keeps a neighbourhood's own affairs going."""
