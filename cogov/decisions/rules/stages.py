"""How far a motion and a decision are, and what can come of them."""

from __future__ import annotations

from enum import StrEnum


class MotionState(StrEnum):
    """Moved, then tabled by whom the rule allows, then noticed; or withdrawn."""

    MOVED = "moved"
    TABLED = "tabled"
    NOTICED = "noticed"
    WITHDRAWN = "withdrawn"


class DecisionState(StrEnum):
    """The notice runs, ballots are taken, the count is made."""

    NOTICED = "noticed"
    OPEN = "open"
    CLOSED = "closed"


class Scope(StrEnum):
    """Whose matter it is: the whole community, one building, one staircase."""

    COMMUNITY = "community"
    BUILDING = "building"
    STAIRCASE = "staircase"


class Verdict(StrEnum):
    """What the count says under the rule."""

    PASSED = "passed"
    FAILED = "failed"
    NO_QUORUM = "no_quorum"
    ANNULLED = "annulled"  # before it was counted; one that is annulled later keeps what it came to
    NOT_OPENED = "not_opened"


class AdoptAnswer(StrEnum):
    """A body's answer to a resolution that needs its act (采纳/部分采纳/不采纳)."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DECLINED = "declined"
