"""When a task can be claimed, handed in and verified, and by whom."""

from __future__ import annotations

from enum import StrEnum


class ClaimState(StrEnum):
    """How far a claim is; a returned one has freed its slot."""

    ACTIVE = "active"
    HANDED_IN = "handed_in"
    VERIFIED = "verified"
    RETURNED = "returned"


class TaskState(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
