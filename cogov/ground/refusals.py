"""How cogov says no: what, why with its article, what next, where to appeal."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.ground.words import Words


@dataclass(frozen=True)
class Refusal:
    """A reason returned by a rule; pages, API and tests show the same one."""

    code: str
    message: Words
    article: str = ""
    what_next: Words | None = None
    appeal: Words | None = None
    status: int = 409


class Refused(Exception):
    """Raised by a command that a rule refused; nothing has been written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.message}")
        self.refusal = refusal


class NotFound(Exception):
    """What was asked for does not exist, or not for this person; both answer alike."""


def insist(refusal: Refusal | None) -> None:
    """Raise when a rule returned a reason."""
    if refusal is not None:
        raise Refused(refusal)
