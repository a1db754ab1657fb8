"""The ballot as it was sent from a page: what is marked, in the writing of all ballots, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import request

from cogov.decisions.models import DecisionOption
from cogov.decisions.rules.arranging import asked_step, rearranged
from cogov.decisions.rules.methods import MOST_OPTIONS, why_not_intended, write_marks
from cogov.decisions.rules.motions import option_unknown
from cogov.ground.db import MAX_ID
from cogov.ground.pages import id_field, words
from cogov.ground.refusals import Refusal, Refused, insist

HIGHEST = 999


@dataclass(frozen=True)
class Sent:
    """A ballot as it was sent: for which head, an option or marks by position, a reason, or nothing on purpose."""

    head_id: int | None
    option_id: int | None
    marks: dict[int, int] = field(default_factory=dict)
    reason: str = ""
    blank: bool = False
    by_marks: bool = False
    reason_public: bool = False
    """Whether the writer agrees to the reason being published."""

    @property
    def written(self) -> str:
        """Return the marks as text; refused where it is not clear that an empty ballot is meant."""
        insist(why_not_intended(self.marks, blank=self.blank))
        return write_marks(self.marks)


@dataclass(frozen=True)
class Wrong:
    """What was wrong with a ballot that was sent, and all that was on it; `head_id` 0: unclear of which."""

    head_id: int
    message: str
    sent: Sent
    moved: int = 0
    """The option that one of the ballot's own buttons has moved."""


def marks_sent(given: Sent, options: Iterable[DecisionOption]) -> str:
    """Return the marks of a ballot that somebody marks for another, in the writing of all ballots."""
    if given.by_marks:
        return given.written
    position = next((option.position for option in options if option.id == given.option_id), None)
    if position is None:
        raise Refused(option_unknown())
    return write_marks({position: 1})


def sent() -> Sent:
    """Read the ballot that was sent."""
    option_id, head_id = (id_field(name) for name in ("choice", "head"))
    if head_id is not None and not 0 < head_id <= MAX_ID:
        head_id = 0
    return Sent(
        head_id=head_id,
        option_id=option_id if option_id is not None and 0 < option_id <= MAX_ID else None,
        marks=_checked() | _valued(),
        reason=request.form.get("reason", ""),
        blank=bool(request.form.get("blank")),
        by_marks=bool(request.form.get("marks")),
        reason_public=bool(request.form.get("reason_public")),
    )


def _checked() -> dict[int, int]:
    positions = (_whole(value, MOST_OPTIONS) for value in request.form.getlist("mark"))
    return {position: 1 for position in positions if position}


def _valued() -> dict[int, int]:
    values = {position: _whole(request.form.get(f"mark_{position}", ""), HIGHEST) for position in _POSITIONS}
    return {position: value for position, value in values.items() if value is not None}


_POSITIONS = range(1, MOST_OPTIONS + 1)


def _whole(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= most else None


def rearranging(ballot: Sent) -> Wrong | None:
    """Return the ballot after one of its own buttons was pressed, which casts nothing; None where none was."""
    asked = request.form.get("arrange", "")
    if not asked:
        return None
    step = asked_step(asked)
    marks = rearranged(ballot.marks, *step) if step is not None else ballot.marks
    return Wrong(ballot.head_id or 0, "", replace(ballot, marks=marks), moved=step[1] if step is not None else 0)


def wrong(ballot: Sent, refusal: Refusal) -> Wrong:
    """Say what was wrong with a ballot, keeping what is on it."""
    said = [refusal.message, refusal.what_next]
    return Wrong(ballot.head_id or 0, " · ".join(words(each) for each in said if each), ballot)
