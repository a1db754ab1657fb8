"""The words of a vote as they were frozen, where an order has covered what the public reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import inspect

from cogov.decisions.models import Decision, DecisionOption, Motion
from cogov.ground.db import Model
from cogov.moderation.rules.covering import unfold

Row = TypeVar("Row", bound=Model)


def as_noticed(decision: Decision, options: Sequence[DecisionOption]) -> tuple[Decision, tuple[DecisionOption, ...]]:
    """Return a vote and its options with the words that people voted on; nothing asks the database for them."""
    if not decision.frozen_words:
        return decision, tuple(options)
    words = unfold(decision.frozen_words)
    said = {name: text for name, text in words.items() if name in {"question", "form"}}
    return _saying(decision, said), tuple(_saying(each, _of(words, "option", each.id)) for each in options)


def motion_as_noticed(decision: Decision, motion: Motion) -> Motion:
    """Return a motion with the words that it had when it was noticed."""
    return _saying(motion, _of(unfold(decision.frozen_words), "motion", motion.id))


def outcome_as_counted(decision: Decision, part: str, row: Row) -> Row:
    """Return a close or a resolution with the words that it had before the order."""
    return _saying(row, _of(unfold(decision.frozen_words), part, row.id))  # type: ignore[attr-defined]


def _of(words: Mapping[str, str], part: str, row_id: int) -> dict[str, str]:
    begins = f"{part}-{row_id}-"
    return {name.removeprefix(begins): said for name, said in words.items() if name.startswith(begins)}


def _saying(row: Row, words: Mapping[str, str]) -> Row:
    """Return a copy that belongs to no session, so that nobody writes it back by mistake."""
    kept: dict[str, Any] = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    return type(row)(**(kept | dict(words)))
