"""Many lines entered as one import: some hundred to a transaction, and a refused line spoils nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import inspect
from sqlalchemy.exc import DataError, IntegrityError

from cogov.ground.db import Model, apart, session
from cogov.ground.refusals import NotFound, Refusal, Refused, insist
from cogov.ground.sheets import Line
from cogov.ground.words import say
from cogov.journal.transaction import _pending, verb

BATCH = 500
NOT_TAKEN = Refusal("line_not_taken", say("这一行与已登记的内容冲突，数据库没有接受。"), status=422)
NOT_THERE = Refusal("line_points_nowhere", say("这一行提到的内容没有登记。"), status=422)


class Effect(StrEnum):
    """What a line did."""

    ENTERED = "entered"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class RefusedLine:
    """A line that was refused, and why."""

    number: int
    refusal: Refusal


@dataclass
class Imported:
    """What became of the lines of a file."""

    entered: int = 0
    corrected: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    def count(self, number: int, result: Effect | Refusal) -> None:
        """Add the result of one line."""
        match result:
            case Refusal():
                self.refused.append(RefusedLine(number, result))
            case Effect.ENTERED:
                self.entered += 1
            case Effect.CORRECTED:
                self.corrected += 1
            case Effect.UNCHANGED:
                self.unchanged += 1

    @property
    def changed_nothing(self) -> bool:
        """Say whether everything in the file was there before."""
        return not (self.entered or self.corrected or self.refused)


Enter = Callable[[Line], Effect]
Tell = Callable[[int], None]


def effect_on(row: Model) -> Effect:
    """Say what writing this row will do; asked before it is flushed."""
    state = inspect(row)
    if state.transient or state.pending:
        return Effect.ENTERED
    return Effect.CORRECTED if session().is_modified(row) else Effect.UNCHANGED


def together(*effects: Effect) -> Effect:
    """Return the effect of a line that writes several rows."""
    return next((effect for effect in Effect if effect in effects), Effect.UNCHANGED)


@contextmanager
def savepoint() -> Iterator[None]:
    """Let a part of a transaction fail alone: its rows and the entries it recorded go, the rest stays."""
    pending = _pending.get()
    if pending is None:
        raise RuntimeError("savepoint() outside a transaction")
    kept = len(pending)
    nested = apart()
    try:
        yield
        session().flush()
    except BaseException:
        nested.rollback()
        del pending[kept:]
        raise
    nested.commit()


def enter_lines(
    lines: Iterable[Line], enter: Enter, tell: Tell | None = None, *, again: Collection[str] = ()
) -> Imported:
    """Enter line after line; `tell` is called with the size of each batch once it is committed.

    A line that is refused with a code of `again` is tried once more after the last: a later one may have made room.
    """
    imported = Imported()
    waiting: list[Line] = []
    for batch in _batched(lines):
        for line, result in zip(batch, _enter_batch(batch, enter), strict=True):
            if isinstance(result, Refusal) and result.code in again:
                waiting.append(line)
            else:
                imported.count(line.number, result)
        if tell is not None:
            tell(len(batch))
    for batch in _batched(waiting):
        for line, result in zip(batch, _enter_batch(batch, enter), strict=True):
            imported.count(line.number, result)
    imported.refused.sort(key=lambda refused: refused.number)
    return imported


def _batched(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    rest = iter(lines)
    while batch := tuple(itertools.islice(rest, BATCH)):
        yield batch


@verb
def _enter_batch(batch: tuple[Line, ...], enter: Enter) -> list[Effect | Refusal]:
    return [_enter(line, enter) for line in batch]


def _enter(line: Line, enter: Enter) -> Effect | Refusal:
    try:
        with savepoint():
            insist(line.refusal)
            return enter(line)
    except Refused as error:
        return error.refusal
    except NotFound:
        return NOT_THERE
    except (IntegrityError, DataError):
        return NOT_TAKEN
