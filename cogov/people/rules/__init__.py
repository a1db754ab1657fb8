"""Who may do what where, and what a person may enter with: plain values and pure functions."""

from __future__ import annotations

from cogov.people.rules.roles import (
    ANYONE,
    CLOCK,
    COMMAND_ROLES,
    COMMITTEE_ROLES,
    MANDATE_KINDS,
    PUBLIC_KINDS,
    Actor,
    OrganizationKind,
    Role,
    Standing,
    kind_words,
    role_words,
    why_not_correct,
    why_not_grant,
    why_not_mandate,
)

__all__ = [
    "ANYONE",
    "CLOCK",
    "COMMAND_ROLES",
    "COMMITTEE_ROLES",
    "MANDATE_KINDS",
    "PUBLIC_KINDS",
    "Actor",
    "OrganizationKind",
    "Role",
    "Standing",
    "kind_words",
    "role_words",
    "why_not_correct",
    "why_not_grant",
    "why_not_mandate",
]
