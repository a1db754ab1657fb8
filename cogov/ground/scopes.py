"""What a personal token may be used for."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Each is granted by itself; none includes another."""

    READ = "read"
    TAKE_PART = "take_part"
    VOTE = "vote"
    OFFICE = "office"
    KEEP = "keep"
