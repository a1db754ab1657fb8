"""Lists read page by page by their key, so that a long list costs what a short one costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.ground.db import session

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Window(Generic[T]):
    """A page in ascending order of its key, with the keys from which the pages beside it are read."""

    items: tuple[T, ...]
    before: int | None
    """Key to read what lies before this page, None at the beginning."""
    after: int | None
    """Key to read what lies after this page, None at the end."""

    def of(self, items: Sequence[U]) -> Window[U]:
        """Return the same window over what was made of its rows."""
        return Window(tuple(items), self.before, self.after)


def window(
    query: Select[T],
    key: InstrumentedAttribute[int],
    *,
    size: int,
    before: int | None = None,
    after: int | None = None,
    newest: bool = False,
) -> Window[T]:
    """Return one page of a query: before a key, after a key, else the newest or the oldest."""
    backwards = before is not None or (after is None and newest)
    later = before is not None and _any_from(query, key, before)
    if before is not None:
        query = query.where(key < before)
    elif after is not None:
        query = query.where(key > after)
    rows = list(session().scalars(query.order_by(key.desc() if backwards else key.asc()).limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Window((), None, None)
    first, last = _key_of(key)(rows[0]), _key_of(key)(rows[-1])
    if backwards:
        return Window(tuple(rows), first if more else None, last if later else None)
    return Window(tuple(rows), first if after is not None else None, last if more else None)


def _any_from(query: Select[T], key: InstrumentedAttribute[int], at: int) -> bool:
    """Say whether anything stands after a page: who is led to what they have just written sees the last one."""
    return session().scalars(query.with_only_columns(key).where(key >= at).limit(1)).first() is not None


def _key_of(key: InstrumentedAttribute[int]) -> Callable[[Any], int]:
    return lambda row: int(getattr(row, key.key))
