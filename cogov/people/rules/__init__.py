"""Who may do what where, and what a person may enter with: plain values and pure functions."""

from __future__ import annotations

from cogov.people.rules.roles import (
    ANYONE,
    CLOCK,
    MANDATE_KINDS,
    PUBLIC_KINDS,
    Actor,
    OrganizationKind,
    Role,
    Standing,
    role_words,
    why_not_grant,
)

__all__ = [
    "ANYONE",
    "CLOCK",
    "MANDATE_KINDS",
    "PUBLIC_KINDS",
    "Actor",
    "OrganizationKind",
    "Role",
    "Standing",
    "role_words",
    "why_not_grant",
]
